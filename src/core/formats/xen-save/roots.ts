import { hex } from '#core/base/hex.ts';
import type { RootHint } from '#core/formats/format.ts';
import { pvRoots } from '#core/formats/xen-core/vcpu-context.ts';
import { MACHINE_END } from '#core/memory/address.ts';
import { CR0_PG, EFER_LMA, EFER_NXE, featuresOfRegisters, has, modeOfRegisters } from '#core/paging/control-registers.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import { pagingMode, rootInCr3, usualFeatures } from '#core/paging/modes.ts';
import type { HvmCpu } from './hvm-cpus.ts';
import { PINNED } from './page-types.ts';
import type { SavedGuest } from './records.ts';

/** Pinned root tables listed besides those of the CPUs. */
const MOST_PINNED = 64;

/** Roots of the CPUs first, then every other root table that the guest had pinned: one a process. */
export function savedRoots(guest: SavedGuest): readonly RootHint[] {
  if (guest.kind === 'hvm') return guest.hvmCpus.flatMap(hvmRoot);
  // Streams of these versions are of a 64-bit Xen, which walks a 32-bit guest's PDPT as a table of its own.
  const mode: PagingModeId = guest.wordBytes === 8 ? '4-level' : 'pae-under-xen64';
  const named = guest.vcpus.flatMap((vcpu) => pvRoots(vcpu, mode, 'PFN'));
  const known = new Set(named.map(({ address }) => address));
  const level = guest.wordBytes === 8 ? 4 : 3;
  const pinned = guest.types
    .ofType(PINNED + level, MOST_PINNED)
    .filter((pfn) => !known.has(pfn * 4096))
    .map(
      (pfn): RootHint => ({
        address: pfn * 4096,
        mode,
        origin: `pinned L${level}`,
        reason: `The stream calls PFN ${hex(pfn)} an L${level} table that the guest had pinned.`,
        features: usualFeatures,
      }),
    );
  return [...named, ...pinned];
}

function hvmRoot(cpu: HvmCpu): RootHint[] {
  const { index, cr0, cr3, cr4, efer } = cpu;
  if (!has(cr0, CR0_PG)) return [];
  const mode = modeOfRegisters(cr4, has(efer, EFER_LMA));
  return [
    {
      address: rootInCr3(pagingMode(mode), cr3 % MACHINE_END),
      mode,
      origin: `VCPU ${index}`,
      reason: `CR3 ${hex(cr3)}, CR4 ${hex(cr4)}, EFER ${hex(efer)} of the saved CPU.`,
      features: featuresOfRegisters(cr0, cr4, has(efer, EFER_NXE)),
      cpu: { index, cr0, cr3, cr4 },
    },
  ];
}
