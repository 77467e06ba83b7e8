import { countInOrder } from './evidence.ts';
import type { Layout, LayoutEvidence } from './layout.ts';
import { inOrderFrom } from './linux-rules.ts';

const PAGE_OFFSET = 0xc0000;
const FIRST_KERNEL_PDE = 768;
/** PDEs of 4 MB. */
const GEOMETRY = { first: FIRST_KERNEL_PDE, slots: 1024, pages: 1024 };

/** PDEs from 768 on map machine memory in order: C0000000 is the direct map (reference 7.1). */
function directMap(evidence: LayoutEvidence): string | undefined {
  const { inOrder, present } = countInOrder(evidence, [], 0, GEOMETRY);
  if (inOrder < 4 || inOrder < present / 2) return undefined;
  return `${inOrder} of ${present} present PDEs from ${FIRST_KERNEL_PDE} on map memory in order from frame 0: C0000000 is Linux’s direct map`;
}

/** BSDs and Windows see their directory as a page table; Linux does not. */
function selfMapped(evidence: LayoutEvidence): boolean {
  const own = evidence.frameOf([]);
  return own !== undefined && [767, 768, 1023].some((slot) => (evidence.entry([], slot)?.low ?? 0) >>> 12 === own);
}

const layout: Layout = {
  id: 'linux-i386',
  label: 'Linux i386, 2 levels',
  modes: ['32-bit'],
  fits(evidence) {
    const direct = directMap(evidence);
    return direct && !selfMapped(evidence) ? { score: 50, reasons: [direct] } : { score: 0, reasons: [] };
  },
  spans: [
    {
      firstPage: 0xffc00,
      pageCount: 0xfffff - 0xffc00,
      name: 'Fixmap',
      shortName: 'Fixmap',
      source: 'Linux arch/x86/include/asm/fixmap.h: grows down from FIXADDR_TOP, FFFFF000',
      side: 'kernel',
    },
  ],
  borders: [{ page: PAGE_OFFSET, label: 'kernel and user', kind: 'owner' }],
  sides: [
    { firstPage: 0, name: 'user' },
    { firstPage: PAGE_OFFSET, name: 'kernel' },
  ],
  rules: [{ name: 'Direct map', shortName: 'Direct map', explains: (stretch) => inOrderFrom(stretch, PAGE_OFFSET, 32) }],
  rings: 'native',
};
export default layout;
