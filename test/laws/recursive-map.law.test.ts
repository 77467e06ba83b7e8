import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { virtualPage } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { recursiveMap, recursivePlaces } from '#core/paging/recursive-map.ts';
import { openSession } from '#core/session/session.ts';

/** A root at frame 1, and below it the tables of VA 0 in frames 2 and up; in PAE the four directories are frames 2–5. The planned entries are written. */
function planted(modeId: Exclude<PagingModeId, 'pae-under-xen64'>, first: number) {
  const mode = pagingMode(modeId);
  const bytes = new Uint8Array(16 * 4096);
  const view = new DataView(bytes.buffer);
  const write = (address: number, value: number): void => view.setUint32(address, value, true);
  const isPae = modeId === 'pae';
  const directories = [2, 3, 4, 5];
  if (isPae) for (const [slot, frame] of directories.entries()) write(4096 + slot * 8, frame * 4096 + 1);
  // Frames of the tables of VA 0, the root first.
  const path = isPae ? [1, 2, 6, 7] : Array.from({ length: mode.levels.length + 1 }, (_, level) => level + 1);
  path.slice(0, -1).forEach((frame, level) => {
    if (!isPae || level > 0) write(frame * 4096, (path[level + 1] ?? 0) * 4096 + 7);
  });
  const plan = recursiveMap(mode, first, isPae ? directories : [1]);
  for (const entry of plan.entries) write(entry.entryAddress, entry.value);
  return { bytes, plan, path, mode };
}

const modes = ['32-bit', 'pae', '4-level', '5-level'] as const;

describe.each(modes)('a recursive map in mode %s', (modeId) => {
  const { entries, count } = recursivePlaces(pagingMode(modeId));
  const firsts = fc.integer({ min: 1, max: count / entries - 1 }).map((index) => index * entries);

  it('once written, shows the entry of every level of an address where the plan says, read-only', async () => {
    await fc.assert(
      fc.asyncProperty(firsts, async (first) => {
        const { bytes, plan, path } = planted(modeId, first);
        const session = await openSession(bytesSource(bytes, 'planned.raw'), quietTask, { formatId: 'raw' });
        const root = { address: 4096, mode: modeId };
        const at = async (page: number, offset: number) => {
          const { outcome, rights } = await session.translate(root, { page: virtualPage(page), offset });
          return outcome.kind === 'mapped' ? [outcome.machineAddress, rights.write] : [outcome.kind];
        };
        // Of VA 0 the PTE is the first word of the lowest table, the next of the one above, and so on.
        for (const [height, level] of plan.levels.entries()) expect(await at(level.page, 0)).toEqual([(path.at(-2 - height) ?? 0) * 4096, false]);
        expect(await at(plan.ownEntry.page, plan.ownEntry.offset)).toEqual([plan.entries[0]?.entryAddress, false]);
      }),
      { numRuns: 30 },
    );
  });

  it('begins at no other place', () => {
    const tables = entries === 4 ? [1, 2, 3, 4] : [1];
    for (const wrong of [-entries, count, ...(entries === 4 ? [1, 2, 3] : [])])
      expect(() => recursiveMap(pagingMode(modeId), wrong, tables)).toThrow();
  });
});

const pages = (modeId: PagingModeId, first: number, tables: readonly number[]) => {
  const { levels, ownEntry } = recursiveMap(pagingMode(modeId), first, tables);
  return [...levels.map(({ page }) => page), ownEntry.page * 4096 + ownEntry.offset];
};

it('is where systems that have one have it', () => {
  // FreeBSD and NetBSD, PAE: PTmap, PTD, PTDpde.
  const plan = recursiveMap(pagingMode('pae'), 1532, [0xfb152, 0xfb151, 0xfb150, 0xfb14f]);
  expect([plan.levels.map(({ page }) => page), plan.ownEntry]).toEqual([[0xbf800, 0xbfdfc], { page: 0xbfdfe, offset: 0xfe0 }]);
  expect(plan.entries.map(({ slot, value }) => [slot, value])).toEqual([
    [508, 0xfb152021],
    [509, 0xfb151021],
    [510, 0xfb150021],
    [511, 0xfb14f021],
  ]);
  expect(plan.entries[0]?.entryAddress).toBe(0xfb150fe0);
  // FreeBSD without PAE (PTDPTDI 767), Windows without PAE (0x300): PTEs, PDEs, the entry itself.
  expect(pages('32-bit', 767, [1])).toEqual([0xbfc00, 0xbfeff, 0xbfeffbfc]);
  expect(pages('32-bit', 0x300, [1])).toEqual([0xc0000, 0xc0300, 0xc0300c00]);
  // Windows x64 before 1607 (slot 1ed): PTE, PDE, PPE, PXE, self; 48 bits each.
  expect(pages('4-level', 0x1ed, [1])).toEqual([0xf68000000, 0xf6fb40000, 0xf6fb7da00, 0xf6fb7dbed, 0xf6fb7dbedf68]);
  // Xen x86-64 (slot 258).
  expect(pages('4-level', 258, [1]).slice(0, 4)).toEqual([0x810000000, 0x814080000, 0x8140a0400, 0x8140a0502]);
});
