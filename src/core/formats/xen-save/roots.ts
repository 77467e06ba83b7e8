import { hex } from '#core/base/hex.ts';
import type { RootHint } from '#core/formats/format.ts';
import { pvRoots } from '#core/formats/xen-core/vcpu-context.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import { usualFeatures } from '#core/paging/modes.ts';
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

const EFER_LMA = 2 ** 10;
const EFER_NXE = 2 ** 11;
const CR0_PG = 2 ** 31;
const CR0_WP = 2 ** 16;
const CR4 = { pse: 2 ** 4, pae: 2 ** 5, la57: 2 ** 12, smep: 2 ** 20, smap: 2 ** 21 } as const;

const has = (register: number, bit: number): boolean => Math.floor(register / bit) % 2 === 1;

/** Mode by EFER.LMA and CR4 (SDM 3A 4.1.1). */
function hvmRoot({ index, cr0, cr3, cr4, efer }: HvmCpu): RootHint[] {
  if (!has(cr0, CR0_PG)) return [];
  const mode: PagingModeId = has(efer, EFER_LMA) ? (has(cr4, CR4.la57) ? '5-level' : '4-level') : has(cr4, CR4.pae) ? 'pae' : '32-bit';
  const features = {
    pse: has(cr4, CR4.pse),
    nxe: has(efer, EFER_NXE),
    wp: has(cr0, CR0_WP),
    smep: has(cr4, CR4.smep),
    smap: has(cr4, CR4.smap),
    physicalBits: usualFeatures.physicalBits,
    known: true,
  };
  const reason = `CR3 ${hex(cr3)}, CR4 ${hex(cr4)}, EFER ${hex(efer)} of the saved CPU.`;
  const address = cr3 % 2 ** 52;
  return [
    { address: address - (address % (mode === 'pae' ? 32 : 4096)), mode, origin: `VCPU ${index}`, reason, features, cpu: { index, cr0, cr3, cr4 } },
  ];
}
