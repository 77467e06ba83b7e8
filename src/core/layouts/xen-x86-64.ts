import { hex } from '#core/base/hex.ts';
import { CANONICAL_4, canonicalBorder } from './canonical.ts';
import { presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence, LayoutSpan } from './layout.ts';
import { GB, PML4_SLOT, pageOf, scored, windows } from './spans.ts';

/** PML4 slots of Xen’s: ROOT_PAGETABLE_FIRST_XEN_SLOT to LAST (reference 1.3). The guest has all others. */
const RO_M2P = 256;
const LINEAR = 258;
const PER_DOMAIN = 260;
/** M2P writable, frame table, Xen itself: what lies where in it tells the release. */
const MIXED = 261;
const DIRECT = 262;
const FIRST_GUEST = 272;

type Row = Parameters<typeof windows>[3][number];

interface Era {
  readonly id: string;
  readonly releases: string;
  /** Slots of the PDPT under PML4 slot 261 that these releases fill, and some that they leave empty. */
  readonly filled: readonly number[];
  readonly empty: readonly number[];
  /** Windows of slots 257 to 261 beside those that all releases have, in any order. */
  readonly rows: readonly Row[];
  /** PML4 slots of the direct map, from 262 on. */
  readonly directSlots: number;
}

function selfMap(evidence: LayoutEvidence): string | undefined {
  const own = evidence.frameOf([]);
  const entry = presentEntry(evidence, [], LINEAR);
  if (own === undefined || entry?.frame !== own || entry.user) return undefined;
  return `PML4 slot ${LINEAR} names the PML4’s own frame ${hex(own)}, as Xen’s linear page table does`;
}

/** Guests may read the M2P there in ring 3, and nobody may write it: no other system has U/S set in the upper half’s first slot alone. */
function readOnlyM2p(evidence: LayoutEvidence): string | undefined {
  const m2p = presentEntry(evidence, [], RO_M2P);
  const others = [PER_DOMAIN, MIXED, DIRECT].map((slot) => presentEntry(evidence, [], slot));
  if (!m2p?.user || m2p.frame === evidence.frameOf([]) || others.some((entry) => !entry || entry.user)) return undefined;
  return `PML4 slot ${RO_M2P} has US set and ${PER_DOMAIN} to ${DIRECT} are the supervisor’s: Xen’s M2P, which guests may read`;
}

/** What lies in the 512 GB that Xen’s releases cut differently. */
function cut(evidence: LayoutEvidence, { filled, empty, releases }: Era): string | undefined {
  const isThere = (slot: number) => presentEntry(evidence, [MIXED], slot) !== undefined;
  if (!filled.every(isThere) || empty.some(isThere)) return undefined;
  return `under PML4 slot ${MIXED} PDPT ${filled.length === 1 ? 'slot' : 'slots'} ${filled.join(', ')} are filled as Xen ${releases} fills them`;
}

const common = (directSlots: number): readonly Row[] => [
  [
    RO_M2P * PML4_SLOT,
    256 * GB,
    'M2P, read-only',
    'M2P r',
    { role: 'm2p', bytesPerFrame: 8, note: 'RO_MPT: guests may read it, kernel and user alike' },
  ],
  [LINEAR * PML4_SLOT, PML4_SLOT, 'Linear page table', 'Linear PT', { role: 'linear-page-table', note: 'LINEAR_PT: the PML4 names itself' }],
  [
    (LINEAR + 1) * PML4_SLOT,
    PML4_SLOT,
    'Shadow linear table',
    'Shadow PT',
    { role: 'shadow-linear', note: 'SH_LINEAR_PT: filled only in shadow mode' },
  ],
  [PER_DOMAIN * PML4_SLOT, PML4_SLOT, 'Per-domain', 'Per-domain', { note: 'PERDOMAIN: GDT and LDT of each VCPU' }],
  [
    DIRECT * PML4_SLOT,
    directSlots * PML4_SLOT,
    'Direct map',
    'Direct map',
    { role: 'direct-map', note: 'DIRECTMAP: all of machine memory, in order from 0' },
  ],
];

function spansOf({ releases, rows, directSlots }: Era): readonly LayoutSpan[] {
  const source = `Xen ${releases}, xen/include/asm-x86/config.h`;
  return [...windows(source, 'Xen', false, [...common(directSlots), ...rows])].sort((a, b) => a.firstPage - b.firstPage);
}

/** A 64-bit Xen of some releases, under a 64-bit PV guest or by itself. */
export function xen64(era: Era): Layout {
  return {
    id: era.id,
    label: `Xen ${era.releases}, x86-64`,
    modes: ['4-level'],
    fits(evidence) {
      const self = selfMap(evidence);
      const m2p = readOnlyM2p(evidence);
      if (!self && !m2p) return { score: 0, reasons: [] };
      return scored([self, 50], [m2p, 20], [cut(evidence, era), 30]);
    },
    spans: spansOf(era),
    borders: [{ ...canonicalBorder(CANONICAL_4) }, { page: FIRST_GUEST * PML4_SLOT, label: 'Xen and guest', kind: 'owner' }],
    sides: [
      { firstPage: 0, name: 'guest, lower half' },
      { firstPage: CANONICAL_4.firstUpper, name: 'Xen' },
      { firstPage: FIRST_GUEST * PML4_SLOT, name: 'guest, upper half' },
    ],
    rings: 'xen-pv-64',
  };
}

/** A row by its address of 48 bits and its size in GB. */
export const row = (address: number, gigabytes: number, name: string, shortName: string, more?: Row[4]): Row => [
  pageOf(address),
  gigabytes * GB,
  name,
  shortName,
  ...(more ? ([more] as const) : ([] as const)),
];

export const RW_M2P = { role: 'm2p', bytesPerFrame: 8, note: 'RDWR_MPT: Xen’s own, writable' } as const;
export const COMPAT_M2P = { role: 'm2p', bytesPerFrame: 4, note: 'RDWR_COMPAT_MPT: for 32-bit guests, words of 4 bytes' } as const;
