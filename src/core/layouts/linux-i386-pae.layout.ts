import { countInOrder, presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence, LayoutRule, Stretch } from './layout.ts';
import { endOf, inOrderFrom } from './linux-rules.ts';

const PAGE_OFFSET = 0xc0000;
/** Lower end of what may hold PKMAP, the LDT remap and the CPU entry areas of up to 64 CPUs below the fixmap. */
const TOP_AREA = 0xfe000;
const FIXMAP = 0xffe00;
const PMD_PAGES = 512;
const AREAS = 'Linux arch/x86/include/asm/pgtable_32_areas.h';
const DIRECT = 'Direct map';

/** A part of the direct map with the rights given. */
function directPart(stretch: Stretch, rights: string, what: string): string | undefined {
  const order = stretch.rights === rights ? inOrderFrom(stretch, PAGE_OFFSET, 32) : undefined;
  return order && `${what}; ${order}`;
}

const rules: readonly LayoutRule[] = [
  {
    name: 'Kernel text',
    shortName: 'Kernel text',
    explains: (stretch) => directPart(stretch, 'r-x', 'within the direct map only the kernel’s text is read-only and executable (mark_rodata_ro)'),
  },
  {
    name: 'Constants',
    shortName: 'Constants',
    explains: (stretch) =>
      directPart(stretch, 'r--', 'within the direct map only the kernel’s constants are read-only without fetch (mark_rodata_ro)'),
  },
  { name: DIRECT, shortName: DIRECT, explains: (stretch) => inOrderFrom(stretch, PAGE_OFFSET, 32) },
  {
    name: 'vmalloc',
    shortName: 'vmalloc',
    explains(stretch, named) {
      const end = endOf(named, DIRECT);
      if (end === undefined || stretch.firstPage < end || stretch.firstPage + stretch.pageCount > TOP_AREA) return undefined;
      return `above the direct map and below PKMAP: VMALLOC_START is 8 MB above the end of low memory (${AREAS})`;
    },
  },
  {
    name: 'CPU entry area',
    shortName: 'CPU area',
    explains(stretch) {
      const inside = stretch.firstPage >= TOP_AREA && stretch.firstPage < FIXMAP;
      if (!inside || stretch.firstPage % PMD_PAGES !== 0 || stretch.firstRights !== 'r--') return undefined;
      return `begins on a 2 MB boundary below the fixmap with a read-only page, the IDT: CPU_ENTRY_AREA_BASE (${AREAS})`;
    },
  },
];

/** C0000000 is the direct map: the PDEs of PD[3] map machine memory in order from frame 0. */
function directMap(evidence: LayoutEvidence): string | undefined {
  const { inOrder, present } = countInOrder(evidence, [3], 0);
  if (inOrder < 8 || inOrder < present / 2) return undefined;
  return `${inOrder} of ${present} present PDEs of PD[3] map memory in order from frame 0: C0000000 is Linux’s direct map`;
}

/** FreeBSD and NetBSD map their four PDs at BF800000; Linux has no self-map. */
function selfMapped(evidence: LayoutEvidence): boolean {
  const own = evidence.frameOf([2]);
  return own !== undefined && [508, 509, 510, 511].some((slot) => presentEntry(evidence, [2], slot)?.frame === own);
}

const layout: Layout = {
  id: 'linux-i386-pae',
  label: 'Linux i386, PAE',
  modes: ['pae'],
  fits(evidence) {
    const direct = directMap(evidence);
    return direct && !selfMapped(evidence) ? { score: 50, reasons: [direct] } : { score: 0, reasons: [] };
  },
  spans: [
    {
      firstPage: FIXMAP,
      pageCount: 0xfffff - FIXMAP,
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
  rules,
  rings: 'native',
};
export default layout;
