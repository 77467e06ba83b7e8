import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { remoteFiles } from '#cli/node-byte-source.ts';
import { Turns } from '#core/memory/remote/turns.ts';
import { rangeServer } from '../../../support/range-server.ts';

test('one that comes just as a turn ends does not slip in beside the one that waited', async () => {
  const turns = new Turns(1);
  let running = 0;
  let most = 0;
  const act = async (until: Promise<void>) => {
    most = Math.max(most, ++running);
    await until;
    running--;
  };
  let release: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    release = resolve;
  });
  const all = [turns.take(() => act(first)), turns.take(() => act(setTimeout(1)))];
  // In each of the steps in which the first turn ends.
  release();
  for (let step = 0; step < 12; step++) {
    all.push(turns.take(() => act(setTimeout(1))));
    await null;
  }
  await Promise.all(all);
  expect(most).toBe(1);
});

test('a turn that fails is passed on', async () => {
  const turns = new Turns(1);
  await expect(turns.take(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await turns.take(async () => 5)).toBe(5);
});

test('a host has six requests at once and no more, however many files of it are read', async () => {
  const file = new Uint8Array(24 * 1024 * 1024);
  const server = await rangeServer({ '/a': file, '/b': file }, { '/a': { latency: 30 }, '/b': { latency: 30 } });
  try {
    const files = remoteFiles();
    const sources = await Promise.all(['/a', '/b'].map((path) => files.open(server.origin + path, path)));
    // Scattered, so that none can be put together with another.
    const offsets = Array.from({ length: 23 }, (_, i) => (i + 1) * 1024 * 1024);
    await Promise.all(sources.flatMap((source) => offsets.map((offset) => source.read(offset, 10))));
    expect(server.log.length).toBe(2 + 2 * 23);
    expect(server.mostAtOnce).toBe(6);
  } finally {
    await server.close();
  }
});
