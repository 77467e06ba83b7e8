import { hex } from '#core/base/hex.ts';
import { presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence, LayoutSpan } from './layout.ts';
import { scored } from './spans.ts';
import { xen32Windows } from './xen-32-windows.ts';

/** What differs between the releases of a 32-bit PAE Xen: the windows stayed where they are from 3.0.0 to 4.2 (reference 1.1). */
interface Era {
  readonly id: string;
  readonly releases: string;
  readonly perDomain: string;
  /** Told besides what all have in common, with its points. */
  mark?(evidence: LayoutEvidence): string | undefined;
}

/** RO_MPT, FRAMETABLE, RDWR_MPT, LINEAR_PT, SH_LINEAR_PT, PERDOMAIN, DIRECTMAP, IOREMAP: 168 MB from F5800000 up. */
const spansOf = (source: string, perDomain: string): readonly LayoutSpan[] =>
  xen32Windows(source, 'pae', [
    ['readOnlyM2p', 0xf5800, 'RO_MPT: the guest kernel in ring 1 may read it; ring 3 may not'],
    ['frameTable', 0xf6800, 'FRAMETABLE: above the segment limit, ring 0 only'],
    ['writableM2p', 0xfc800, 'RDWR_MPT: above the segment limit, ring 0 only'],
    ['linearTable', 0xfd800, 'LINEAR_PT: the current tables seen as memory, above the segment limit, ring 0 only'],
    ['shadowTable', 0xfe000, 'SH_LINEAR_PT: filled only in shadow mode'],
    ['perDomain', 0xfe800, perDomain],
    ['directMap', 0xff000, 'DIRECTMAP: machine bytes 0 to 12 MB, Xen itself'],
    ['ioRemap', 0xffc00, 'IOREMAP: devices, and the fixmap growing down from FFFFF000'],
  ]);

const SELF = 495;
const RO_M2P = 428;
const RW_M2P = 484;
const FRAME_TABLE = 436;

/** PD[3] slot 495 names PD[3]: the linear page table sees itself there. */
function selfMap(evidence: LayoutEvidence): string | undefined {
  const own = evidence.frameOf([3]);
  const entry = presentEntry(evidence, [3], SELF);
  if (own === undefined || entry?.frame !== own || entry.large) return undefined;
  return `PD[3] slot ${SELF} names PD[3]’s own frame ${hex(own)}, as Xen’s linear page table does`;
}

/** The same frames twice: read-only at F5800000, writable at FC800000. */
function m2pAlias(evidence: LayoutEvidence): string | undefined {
  const readOnly = presentEntry(evidence, [3], RO_M2P);
  const writable = presentEntry(evidence, [3], RW_M2P);
  if (!readOnly?.large || !writable?.large || readOnly.frame !== writable.frame) return undefined;
  if (readOnly.writable || !writable.writable) return undefined;
  return `slots ${RO_M2P} and ${RW_M2P} map the same 2 MB from ${hex(readOnly.frame)}, read-only and writable (flags ${hex(readOnly.flags, 3)}, ${hex(writable.flags, 3)}): the M2P`;
}

function frameTable(evidence: LayoutEvidence): string | undefined {
  const entry = presentEntry(evidence, [3], FRAME_TABLE);
  if (!entry?.large || !entry.writable || entry.user) return undefined;
  return `slot ${FRAME_TABLE} is a writable 2 MB leaf where the frame table begins`;
}

/** A 32-bit PAE Xen of some releases. */
export function xenPae({ id, releases, perDomain, mark }: Era): Layout {
  return {
    id,
    label: `Xen ${releases}, PAE`,
    modes: ['pae'],
    fits(evidence) {
      const self = selfMap(evidence);
      const alias = m2pAlias(evidence);
      // The frame table alone proves nothing: any kernel may have a 2 MB page there.
      if (!self && !alias) return { score: 0, reasons: [] };
      return scored([self, 60], [alias, 30], [frameTable(evidence), 5], [mark?.(evidence), 3]);
    },
    spans: spansOf(`Xen ${releases}, xen/include/asm-x86/config.h`, perDomain),
    borders: [
      { page: 0xf5800, label: 'Xen and guest', kind: 'owner' },
      { page: 0xf6800, label: 'segment limit F67FFFFF', kind: 'limit' },
    ],
    sides: [
      { firstPage: 0, name: 'guest' },
      { firstPage: 0xf5800, name: 'Xen' },
    ],
    segmentLimitPage: 0xf6800,
    // VIRT_BASE of a PAE Linux or BSD: the domain builder lays the kernel out 1:1 from there.
    guestBasePage: 0xc0000,
    rings: 'xen-pv-32',
  };
}
