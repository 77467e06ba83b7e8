import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cancelled, quietTask } from '#core/base/task.ts';
import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { findRoots, RootFinder } from '#core/roots/find-roots.ts';
import { HeldFrames } from '#core/roots/held-frames.ts';
import { ReadingRoom } from '#core/roots/read-stretches.ts';
import { type Part, sweepPart } from '#core/roots/sweep-part.ts';
import { type Sweeper, SweeperLost } from '#core/roots/sweepers.ts';
import { SparseMemory } from '../../../support/dump-builder.ts';
import { TableBuilder } from '../../../support/table-builder.ts';

const FRAMES = 5 * 4096 + 100;

/** Three spaces of one kernel, whose roots and tables lie in other parts of the image, and four entries of a table of four levels that would do as a PAE root. */
function guest(): MemoryImage {
  const memory = new SparseMemory();
  const wide = new TableBuilder(memory, '4-level', { root: 0x4f0_0000, firstFrame: 0x40 });
  for (let page = 0n; page < 600n; page++) wide.map(0xffff_8880_0000_0000n + (0x4a00n + page) * 4096n, (0x4a00n + page) * 4096n);
  for (let gib = 0n; gib < 4n; gib++) wide.map(gib * 0x4000_0000n + 0x1000n, 0x5000n);
  for (const [process, root] of [0x20_0000, 0x210_0040, 0x410_0020].entries()) {
    const tables = new TableBuilder(memory, 'pae', { root, firstFrame: 0x600 + ((process * 0x1400 + 0x2000) % 0x4000) });
    for (let page = 0n; page < 600n; page++) tables.map(0xc000_0000n + (BigInt(root >>> 12) + page) * 4096n, (BigInt(root >>> 12) + page) * 4096n);
    tables.map(0x40_0000n, 0x7000n);
  }
  const bytes = new Uint8Array(FRAMES * 4096).fill(0xe9);
  for (const [frame, content] of memory.frames) bytes.set(content, frame * 4096);
  const half = 2500 * 4096;
  return createExtentImage({
    source: bytesSource(bytes),
    extents: [
      { start: machineAddress(0), length: half, fileOffset: 0 },
      { start: machineAddress(half), length: bytes.length - half, fileOffset: half },
    ],
  });
}

const image = guest();
const whole = findRoots(image, quietTask, () => undefined);
const sweeperOf = (swept: Part[] = []): Sweeper => {
  const held = new HeldFrames(image.extents);
  return (part) => {
    swept.push(part);
    return sweepPart(image, held, part, new ReadingRoom(), quietTask);
  };
};
const places = (parts: readonly Part[]): readonly number[] => parts.map(({ first }) => first).sort((a, b) => a - b);
const ALL = [0, 4096, 8192, 12_288, 16_384, 20_480];

it('finds roots whose tables lie in other parts, and takes no piece of a table for a root', async () => {
  const verified = (await whole).filter((root) => root.verified);
  expect(verified.map(({ address }) => address).sort((a, b) => a - b)).toEqual([0x20_0000, 0x210_0040, 0x410_0020, 0x4f0_0000]);
});

describe('parts', () => {
  it('give the same in whatever order they come, by however many sweepers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 6, maxLength: 6 }),
        fc.integer({ min: 1, max: 6 }),
        async (waits, many) => {
          const swept: Part[] = [];
          const inner = sweeperOf(swept);
          const late: Sweeper = async (part) => {
            const found = await inner(part);
            for (let wait = waits[part.first / 4096] ?? 0; wait > 0; wait--) await new Promise((resume) => setTimeout(resume, 1));
            return found;
          };
          const found = await new RootFinder(image).run(
            quietTask,
            () => undefined,
            Array.from({ length: many }, () => late),
          );
          expect(found).toEqual(await whole);
          expect(places(swept)).toEqual(ALL);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('of a sweeper that is lost are swept by another, and by this thread where there is none left', async () => {
    const swept: Part[] = [];
    const lost: Sweeper = async () => {
      throw new SweeperLost('gone');
    };
    expect(await new RootFinder(image).run(quietTask, () => undefined, [lost, sweeperOf(swept), lost])).toEqual(await whole);
    expect(places(swept)).toEqual(ALL);
    expect(await new RootFinder(image).run(quietTask, () => undefined, [lost, lost])).toEqual(await whole);
  });
});

describe('a search that was stopped', () => {
  it('goes on with the parts that are left, and finds the same, wherever it was stopped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), async (checksLeft) => {
        const swept: Part[] = [];
        const finder = new RootFinder(image);
        let checks = 0;
        const stopping = {
          report: () => undefined,
          check: () => {
            if (++checks >= checksLeft) throw new Cancelled();
          },
        };
        await expect(finder.run(stopping, () => undefined, [sweeperOf(swept)])).rejects.toThrow(Cancelled);
        expect(finder.bytesLeft).toBe((FRAMES - swept.reduce((sum, { first, end }) => sum + end - first, 0)) * 4096);
        expect(await finder.run(quietTask, () => undefined, [sweeperOf(swept)])).toEqual(await whole);
        expect(places(swept)).toEqual(ALL);
      }),
      { numRuns: 12 },
    );
  });

  it('tells the answer again when it is over, and sweeps nothing', async () => {
    const swept: Part[] = [];
    const finder = new RootFinder(image);
    await finder.run(quietTask, () => undefined);
    expect(await finder.run(quietTask, () => undefined, [sweeperOf(swept)])).toEqual(await whole);
    expect(swept).toEqual([]);
  });

  it('ends with what reading throws, and may be run again', async () => {
    const broken = {
      ...image,
      extents: image.extents,
      end: image.end,
      readHeld: () => Promise.reject(new Error('the disk')),
    } as unknown as MemoryImage;
    const finder = new RootFinder(broken);
    await expect(finder.run(quietTask, () => undefined)).rejects.toThrow('the disk');
    expect(await finder.run(quietTask, () => undefined, [sweeperOf()])).toEqual(await whole);
  });
});

it('tells no piece of a table as a root while what names the table may still be found', async () => {
  const told = new Set<number>();
  await new RootFinder(image).run(quietTask, (roots) => roots.filter(({ verified }) => verified).forEach(({ address }) => void told.add(address)));
  expect([...told].sort((a, b) => a - b)).toEqual([0x20_0000, 0x210_0040, 0x410_0020, 0x4f0_0000]);
});
