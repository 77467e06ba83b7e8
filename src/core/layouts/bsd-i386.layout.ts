import { hex } from '#core/base/hex.ts';
import { presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence } from './layout.ts';
import { MB, windows } from './spans.ts';

const PTDPTDI = 767;
const KERNEL_PDE = 768;

/** PDE 767 names the directory: PTmap of FreeBSD up to 11, PTE_BASE of NetBSD (reference 5.4, 7.2, 7.3). Their tables look alike. */
function selfMap(evidence: LayoutEvidence): string | undefined {
  const own = evidence.frameOf([]);
  if (own === undefined || presentEntry(evidence, [], PTDPTDI)?.frame !== own || !presentEntry(evidence, [], KERNEL_PDE)) return undefined;
  return `PDE ${PTDPTDI} names the directory’s own frame ${hex(own)}: page tables seen at BFC00000, as FreeBSD up to 11 and NetBSD have them`;
}

const layout: Layout = {
  id: 'bsd-i386',
  label: 'FreeBSD up to 11 or NetBSD, i386',
  modes: ['32-bit'],
  fits(evidence) {
    const self = selfMap(evidence);
    return self ? { score: 50, reasons: [self] } : { score: 0, reasons: [] };
  },
  spans: windows('FreeBSD sys/i386/include/pmap.h, NetBSD sys/arch/i386/include/pmap.h', 'user', false, [
    [0xbfc00, 4 * MB, 'Linear page table', 'PTmap', { role: 'linear-page-table', note: 'PTmap; the directory itself is seen at BFEFF000' }],
  ]),
  borders: [{ page: 0xc0000, label: 'kernel and user', kind: 'owner' }],
  sides: [
    { firstPage: 0, name: 'user' },
    { firstPage: 0xc0000, name: 'kernel' },
  ],
  rings: 'native',
};
export default layout;
