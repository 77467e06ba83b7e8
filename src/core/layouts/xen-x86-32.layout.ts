import { hex } from '#core/base/hex.ts';
import { presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence } from './layout.ts';
import { scored } from './spans.ts';
import { xen32Windows } from './xen-32-windows.ts';

const SELF = 1016;
const RO_M2P = 1008;
const RW_M2P = 1015;

/** PDE 1016 names the directory itself: LINEAR_PT (reference 1.2). */
function selfMap(evidence: LayoutEvidence): string | undefined {
  const own = evidence.frameOf([]);
  const entry = presentEntry(evidence, [], SELF);
  if (own === undefined || entry?.frame !== own || entry.large || entry.user) return undefined;
  return `PDE ${SELF} names the directory’s own frame ${hex(own)}, as Xen’s linear page table does`;
}

function m2pAlias(evidence: LayoutEvidence): string | undefined {
  const readOnly = presentEntry(evidence, [], RO_M2P);
  const writable = presentEntry(evidence, [], RW_M2P);
  if (!readOnly?.large || !writable?.large || readOnly.frame !== writable.frame || readOnly.writable || !writable.writable) return undefined;
  return `PDEs ${RO_M2P} and ${RW_M2P} map the same 4 MB from ${hex(readOnly.frame)}, read-only and writable: the M2P`;
}

const layout: Layout = {
  id: 'xen-x86-32',
  label: 'Xen 3.0–3.2, 32-bit without PAE',
  modes: ['32-bit'],
  fits: (evidence) => scored([selfMap(evidence), 60], [m2pAlias(evidence), 30]),
  spans: xen32Windows('Xen 3.0–3.2, xen/include/asm-x86/config.h', 'plain', [
    ['readOnlyM2p', 0xfc000, 'RO_MPT: the guest kernel in ring 1 may read it; ring 3 may not'],
    ['frameTable', 0xfc400, 'FRAMETABLE: above the segment limit, ring 0 only'],
    ['writableM2p', 0xfdc00, 'RDWR_MPT: ring 0 only'],
    ['linearTable', 0xfe000, 'LINEAR_PT: the current tables seen as memory, ring 0 only'],
    ['shadowTable', 0xfe400, 'SH_LINEAR_PT: filled only in shadow mode'],
    ['perDomain', 0xfe800, 'PERDOMAIN: GDT and LDT of each VCPU, then the cache of map_domain_page'],
    ['directMap', 0xff000, 'DIRECTMAP: machine bytes 0 to 12 MB, Xen itself'],
    ['ioRemap', 0xffc00, 'IOREMAP: devices, and the fixmap'],
  ]),
  borders: [
    { page: 0xfc000, label: 'Xen and guest', kind: 'owner' },
    { page: 0xfc400, label: 'segment limit FC3FFFFF', kind: 'limit' },
  ],
  sides: [
    { firstPage: 0, name: 'guest' },
    { firstPage: 0xfc000, name: 'Xen' },
  ],
  segmentLimitPage: 0xfc400,
  guestBasePage: 0xc0000,
  rings: 'xen-pv-32',
};
export default layout;
