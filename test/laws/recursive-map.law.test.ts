import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { virtualPage } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { recursiveMap } from '#core/paging/recursive-map.ts';
import { openSession } from '#core/session/session.ts';

/** A root at frame 1 whose four directories are frames 2–5, one page table at frame 6 for VA 0, and the planned entries written. */
function planted(firstPde: number): { readonly bytes: Uint8Array; readonly plan: ReturnType<typeof recursiveMap> } {
  const bytes = new Uint8Array(8 * 4096);
  const view = new DataView(bytes.buffer);
  const write = (address: number, value: number): void => view.setUint32(address, value, true);
  const directories = [2, 3, 4, 5] as const;
  for (const [slot, frame] of directories.entries()) write(4096 + slot * 8, frame * 4096 + 1);
  write(2 * 4096, 6 * 4096 + 3);
  write(6 * 4096, 7 * 4096 + 3);
  const plan = recursiveMap(firstPde, directories);
  for (const entry of plan.entries) write(entry.entryAddress, entry.value);
  return { bytes, plan };
}

const firstPdes = fc.integer({ min: 1, max: 511 }).map((index) => index * 4);

it('once written, shows the PTE and the PDE of an address where the plan says', async () => {
  await fc.assert(
    fc.asyncProperty(firstPdes, async (firstPde) => {
      const { bytes, plan } = planted(firstPde);
      const session = await openSession(bytesSource(bytes, 'planned.raw'), quietTask, { formatId: 'raw' });
      const root = { address: 4096, mode: 'pae' } as const;
      const at = async (page: number, offset: number) => {
        const { outcome, rights } = await session.translate(root, { page: virtualPage(page), offset });
        return outcome.kind === 'mapped' ? [outcome.machineAddress, rights.write] : [outcome.kind];
      };
      // The PTE of VA 0 is the first word of frame 6, its PDE the first of frame 2; the plan’s own first entry is seen at PTDpde.
      expect(await at(plan.firstPage, 0)).toEqual([6 * 4096, false]);
      expect(await at(plan.directoriesPage, 0)).toEqual([2 * 4096, false]);
      expect(await at(plan.ownEntry.page, plan.ownEntry.offset)).toEqual([plan.entries[0]?.entryAddress, false]);
    }),
    { numRuns: 40 },
  );
});

it('is FreeBSD’s at 1532', () => {
  const plan = recursiveMap(1532, [0xfb152, 0xfb151, 0xfb150, 0xfb14f]);
  expect([plan.firstPage, plan.directoriesPage, plan.ownEntry]).toEqual([0xbf800, 0xbfdfc, { page: 0xbfdfe, offset: 0xfe0 }]);
  expect(plan.entries.map(({ slot, value }) => [slot, value])).toEqual([
    [508, 0xfb152021],
    [509, 0xfb151021],
    [510, 0xfb150021],
    [511, 0xfb14f021],
  ]);
  expect(plan.entries[0]?.entryAddress).toBe(0xfb150fe0);
});

it('begins at no other place', () => {
  for (const wrong of [-4, 1, 2, 3, 2048]) expect(() => recursiveMap(wrong, [1, 2, 3, 4])).toThrow();
});
