import { hex } from '#core/base/hex.ts';
import { presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence } from './layout.ts';
import { MB, windows } from './spans.ts';

/** Slots of PD[2]; the last names a shadow copy of PD[3], as the kernel’s own L2 cannot be named twice under Xen (reference 5.3, 7.3). */
const FIRST_SELF = 508;

function selfMap(evidence: LayoutEvidence): string | undefined {
  const [first, second, third, fourth] = [0, 1, 2, 3].map((slot) => evidence.frameOf([slot]));
  const named = [0, 1, 2, 3].map((i) => presentEntry(evidence, [2], FIRST_SELF + i)?.frame);
  const three = [first, second, third].every((frame, i) => frame !== undefined && named[i] === frame);
  if (!three || named[3] === undefined || fourth === undefined || named[3] === fourth) return undefined;
  return `slots 508–510 of PD[2] name PD[0] to PD[2], slot 511 names ${hex(named[3])} and not PD[3] (${hex(fourth)}): its copy, as NetBSD keeps one under Xen`;
}

const layout: Layout = {
  id: 'netbsd-xen-pae',
  label: 'NetBSD i386 under Xen, PAE',
  modes: ['pae', 'pae-under-xen64'],
  fits(evidence) {
    const self = selfMap(evidence);
    return self ? { score: 45, reasons: [self] } : { score: 0, reasons: [] };
  },
  spans: windows('NetBSD sys/arch/i386/include/pmap.h 1.103', 'user', false, [
    [
      0xbf800,
      8 * MB,
      'Linear page table',
      'PTE_BASE',
      { role: 'linear-page-table', note: 'PTE_BASE; the directories themselves are seen at BFDFC000' },
    ],
  ]),
  borders: [{ page: 0xc0000, label: 'kernel and user', kind: 'owner' }],
  sides: [
    { firstPage: 0, name: 'user' },
    { firstPage: 0xc0000, name: 'kernel' },
  ],
  guestBasePage: 0xc0000,
  rings: 'xen-pv-32',
};
export default layout;
