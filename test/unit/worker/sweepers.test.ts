import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { HeldFrames } from '#core/roots/held-frames.ts';
import { ReadingRoom } from '#core/roots/read-stretches.ts';
import { sweepPart } from '#core/roots/sweep-part.ts';
import { SweeperLost } from '#core/roots/sweepers.ts';
import { openSession } from '#core/session/session.ts';
import { sweepersFor } from '#worker/sweepers-for.ts';
import { guestDump } from '../../support/guest-dump.ts';
import { readersInProcess } from '../../support/readers.ts';

const LARGE = 2 ** 29;
const bytes = guestDump();
const file = { kind: 'file', file: new File([bytes], 'guest.elf') } as const;

async function heldHere() {
  const { image } = (await openDump(bytesSource(bytes), quietTask)).dump;
  return { image, held: new HeldFrames(image.extents) };
}

const processors = (count: number) => vi.stubGlobal('navigator', { hardwareConcurrency: count });
beforeEach(() => processors(4));
afterEach(() => vi.unstubAllGlobals());

describe('workers that sweep', () => {
  it('open the file anew and give what a sweep here gives', async () => {
    const readers = readersInProcess(openSession);
    const { image, held } = await heldHere();
    const sweepers = sweepersFor(readers.start, file)({})(LARGE, held.count);
    const half = Math.ceil(held.count / 2);
    const parts = [0, 1].map((i) => ({ first: i * half, end: Math.min(held.count, (i + 1) * half) }));
    expect(readers.started()).toBe(2);
    const swept = await Promise.all(parts.map((part, i) => sweepers?.all[i]?.(part)));
    for (const [i, part] of parts.entries()) expect(swept[i]).toEqual(await sweepPart(image, held, part, new ReadingRoom(), quietTask));
    expect(swept.flatMap((one) => [...(one?.tables.frames ?? [])]).length).toBeGreaterThan(4);
    sweepers?.end();
  });

  it('are lost when one breaks, when the file cannot be opened or is another, and when they are ended', async () => {
    const readers = readersInProcess(openSession);
    const { held } = await heldHere();
    const sweepers = sweepersFor(readers.start, file)({})(LARGE, held.count);
    const last = sweepers?.all[1]?.({ first: 0, end: 4 });
    readers.breakLast('it was ended');
    await expect(last).rejects.toThrow(SweeperLost);
    const first = sweepers?.all[0]?.({ first: 0, end: 4 });
    sweepers?.end();
    await expect(first).rejects.toThrow(SweeperLost);
    const changed = sweepersFor(readers.start, { kind: 'file', file: 5 as unknown as File })({})(LARGE, held.count);
    await expect(changed?.all[0]?.({ first: 0, end: 4 })).rejects.toThrow(SweeperLost);
    changed?.end();
    const another = sweepersFor(readers.start, file)({})(LARGE, held.count + 1);
    await expect(another?.all[0]?.({ first: 0, end: 4 })).rejects.toThrow('another number of frames');
    another?.end();
  });

  it('are not started for little, on a machine of two processors, for a text, or for what is behind a server', () => {
    const { start, started } = readersInProcess(openSession);
    expect(sweepersFor(start, file)({})(LARGE - 1, 9)).toBeUndefined();
    expect(sweepersFor(start, { kind: 'text', text: 'a', name: 'a' })({})(LARGE, 9)).toBeUndefined();
    expect(sweepersFor(start, { kind: 'remote', url: 'https://dumps.example/a', name: 'a' })({})(LARGE, 9)).toBeUndefined();
    processors(2);
    expect(sweepersFor(start, file)({})(LARGE, 9)).toBeUndefined();
    expect(started()).toBe(0);
  });
});
