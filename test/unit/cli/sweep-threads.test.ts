import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepThreads } from '#cli/sweep-threads.ts';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { HeldFrames } from '#core/roots/held-frames.ts';
import { ReadingRoom } from '#core/roots/read-stretches.ts';
import { sweepPart } from '#core/roots/sweep-part.ts';
import { SweeperLost } from '#core/roots/sweepers.ts';
import { nodeBundle } from '../../../src/scripts/node-bundle.mjs';
import { guestDump } from '../../support/guest-dump.ts';

const LARGE = 2 ** 29;
const bytes = guestDump();
let folder: string;
let path: string;
let script: URL;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pagewalk-threads-'));
  path = join(folder, 'guest.elf');
  await writeFile(path, bytes);
  script = new URL(await nodeBundle({ name: 'pagewalk-cli', entry: 'src/cli/main.ts', sources: ['src/cli', 'src/core'] }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function heldHere() {
  const { image } = (await openDump(bytesSource(bytes), quietTask)).dump;
  return { image, held: new HeldFrames(image.extents) };
}

describe('threads of the command line that sweep', () => {
  it('open the file anew and give what a sweep here gives, one part after another', async () => {
    const { image, held } = await heldHere();
    const sweepers = sweepThreads(script, { paths: [path], options: {} }, 3)(LARGE, held.count);
    const parts = [0, 1].map((i) => ({ first: i * 4, end: i === 1 ? held.count : 4 }));
    const [first, second] = sweepers?.all ?? [];
    for (const part of parts) {
      const here = await sweepPart(image, held, part, new ReadingRoom(), quietTask);
      expect(await Promise.all([first?.(part), second?.(part)])).toEqual([here, here]);
    }
    sweepers?.end();
    await expect(first?.(parts[0] ?? { first: 0, end: 1 })).rejects.toThrow(SweeperLost);
  });

  it('are lost where the file is gone, or is another', async () => {
    const { held } = await heldHere();
    const gone = sweepThreads(script, { paths: [join(folder, 'gone.elf')], options: {} }, 3)(LARGE, held.count);
    await expect(gone?.all[0]?.({ first: 0, end: 4 })).rejects.toThrow(SweeperLost);
    gone?.end();
    const another = sweepThreads(script, { paths: [path], options: {} }, 3)(LARGE, held.count + 1);
    await expect(another?.all[1]?.({ first: 0, end: 4 })).rejects.toThrow('another number of frames');
    another?.end();
  });

  it('are not started for little, on a machine of two processors, or for what is behind a server', () => {
    expect(sweepThreads(script, { paths: [path], options: {} }, 3)(LARGE - 1, 9)).toBeUndefined();
    expect(sweepThreads(script, { paths: [path], options: {} }, 2)(LARGE, 9)).toBeUndefined();
    expect(sweepThreads(script, { paths: ['https://dumps.example/a.raw'], options: {} }, 3)(LARGE, 9)).toBeUndefined();
  });
});
