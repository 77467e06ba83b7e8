import { hex } from '#core/base/hex.ts';
import { CANONICAL_4, canonicalBorder } from './canonical.ts';
import { presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence } from './layout.ts';
import { GB, PML4_SLOT, pageOf, windows } from './spans.ts';

const SELF = 256;

/** PML4 slot 256 names the PML4, 511 holds the kernel; Xen keeps its self-map at 258 (reference 7.5, 8). */
function selfMap(evidence: LayoutEvidence): string | undefined {
  const own = evidence.frameOf([]);
  if (own === undefined || presentEntry(evidence, [], SELF)?.frame !== own) return undefined;
  if (!presentEntry(evidence, [], 511) || presentEntry(evidence, [], 258)?.frame === own) return undefined;
  return `PML4 slot ${SELF} names the PML4’s own frame ${hex(own)} and slot 511 holds the kernel, as FreeBSD has it`;
}

const layout: Layout = {
  id: 'freebsd-amd64',
  label: 'FreeBSD amd64, 4 levels',
  modes: ['4-level'],
  fits(evidence) {
    const self = selfMap(evidence);
    return self ? { score: 50, reasons: [self] } : { score: 0, reasons: [] };
  },
  spans: windows('FreeBSD sys/amd64/include/vmparam.h', 'kernel half', false, [
    [SELF * PML4_SLOT, PML4_SLOT, 'Linear page table', 'PTmap', { role: 'linear-page-table', note: 'the PML4 names itself' }],
    [pageOf(0x8080_0000_0000), 4096 * GB, 'Large map', 'Large map', { note: 'DMAP of device memory; newer releases' }],
    [pageOf(0xf800_0000_0000), 4096 * GB, 'Direct map', 'Direct map', { role: 'direct-map', note: 'DMAP: machine memory in order from 0' }],
    [pageOf(0xfe00_0000_0000), 2048 * GB, 'Kernel', 'Kernel', { note: 'kernel map; KERNBASE is ffffffff80000000' }],
  ]),
  borders: [canonicalBorder(CANONICAL_4)],
  sides: [
    { firstPage: 0, name: 'user half' },
    { firstPage: CANONICAL_4.firstUpper, name: 'kernel half' },
  ],
  rings: 'native',
};
export default layout;
