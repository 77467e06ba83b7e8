import { CANONICAL_4, canonicalBorder } from './canonical.ts';
import { countInOrder, presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence, LayoutRule, LayoutSpan } from './layout.ts';
import { endOf, GB_PAGES, inOrderFrom, isFrameStructs, pagesOf, startOf } from './linux-rules.ts';

const MAP = 'Linux Documentation/arch/x86/x86_64/mm.rst';
const VIRTUAL_BITS = 48;
/** First page KASLR may give the direct map, and the first that it may not: PAGE_OFFSET to CPU_ENTRY_AREA_BASE. */
const LOWEST_DIRECT = 0x8_8800_0000;
const CPU_ENTRY = 0xf_e000_0000;
const DIRECT = 'Direct map';
const STRUCTS = 'Frame structs';
const IMAGE = 'Kernel image';
/** ffffffffa0000000 to ffffffffbfffffff: modules without KASLR, the kernel's image with it. */
const IMAGE_OR_MODULES = { first: 0xf_fffa_0000, end: 0xf_fffc_0000 };

const span = (firstPage: number, pageCount: number, name: string, shortName: string, note: string): LayoutSpan => ({
  firstPage,
  pageCount,
  name,
  shortName,
  source: MAP,
  side: 'kernel half',
  note,
});

/** What stays in place under KASLR, low to high. */
const spans: readonly LayoutSpan[] = [
  span(0x8_8000_0000, 0x800_0000, 'LDT remap', 'LDT', 'for page-table isolation'),
  span(CPU_ENTRY, 0x800_0000, 'CPU entry area', 'CPU area', 'entry stacks, IDT and TSS of each CPU'),
  span(0xf_f000_0000, 0x800_0000, 'espfix', 'espfix', 'stacks for returning to 16-bit code, one page seen many times'),
  span(0xf_fef0_0000, 0x100_0000, 'EFI runtime', 'EFI', 'EFI runtime services'),
  span(0xf_fff8_0000, 0x2_0000, IMAGE, 'Kernel', 'text, constants and data of the kernel'),
  span(0xf_fffc_0000, 0x3_f000, 'Modules', 'Modules', 'module text and data'),
  span(0xf_ffff_f000, 0x600, 'Fixmap', 'Fixmap', 'grows down from FIXADDR_TOP'),
  span(0xf_ffff_f600, 1, 'vsyscall', 'vsyscall', 'the vsyscall page'),
];

const rules: readonly LayoutRule[] = [
  {
    name: DIRECT,
    shortName: DIRECT,
    explains(stretch) {
      const base = stretch.shift ?? 0;
      if (base < LOWEST_DIRECT || base >= CPU_ENTRY || base % GB_PAGES !== 0) return undefined;
      return inOrderFrom(stretch, base, VIRTUAL_BITS);
    },
  },
  {
    name: STRUCTS,
    shortName: 'Structs',
    explains(stretch, named) {
      const end = endOf(named, DIRECT);
      return end === undefined || stretch.firstPage < end ? undefined : isFrameStructs(stretch, pagesOf(named, DIRECT));
    },
  },
  {
    name: 'vmalloc',
    shortName: 'vmalloc',
    explains(stretch, named) {
      const from = endOf(named, DIRECT);
      const to = startOf(named, STRUCTS);
      if (from === undefined || to === undefined || stretch.firstPage < from || stretch.firstPage >= to) return undefined;
      return `between the direct map and the frame structs: Linux keeps their order under KASLR (${MAP}; arch/x86/mm/kaslr.c)`;
    },
  },
  {
    name: IMAGE,
    shortName: 'Kernel',
    explains(stretch) {
      const { first, end } = IMAGE_OR_MODULES;
      if (stretch.firstPage < first || stretch.firstPage >= end || stretch.shift === undefined || stretch.mappedPages < 256) return undefined;
      return 'above ffffffff80000000 with its frames in order: the kernel’s image is one piece of machine memory, modules are not';
    },
  },
];

/** The slot of the PML4 under which the direct map begins, with its reason. */
function directMap(evidence: LayoutEvidence): string | undefined {
  for (let slot = 272; slot < 508; slot++) {
    for (let gigabyte = 0; presentEntry(evidence, [], slot) && gigabyte < 512; gigabyte++) {
      if (!presentEntry(evidence, [slot], gigabyte)) continue;
      const { inOrder, present } = countInOrder(evidence, [slot, gigabyte], 0);
      if (inOrder >= 8 && inOrder >= 0.75 * present) {
        return `PML4 slot ${slot}, PDPT slot ${gigabyte}: ${inOrder} of ${present} present PDEs map memory in order from frame 0, Linux’s direct map`;
      }
      break;
    }
  }
  return undefined;
}

/** What Linux keeps at fixed places even in the tables of a process without the kernel (PTI). */
function fixedPlaces(evidence: LayoutEvidence): string | undefined {
  const entryArea = presentEntry(evidence, [], 508);
  const image = presentEntry(evidence, [511], 510);
  const selfMap = presentEntry(evidence, [], 256)?.frame === evidence.frameOf([]);
  if (!entryArea || !image || selfMap) return undefined;
  return 'PML4 slot 508 (CPU entry area) and the kernel image’s PDPT slot 510 under slot 511 are present';
}

const layout: Layout = {
  id: 'linux-x86-64',
  label: 'Linux x86-64, 4 levels',
  modes: ['4-level'],
  fits(evidence) {
    const fixed = fixedPlaces(evidence);
    const direct = directMap(evidence);
    const reasons = [direct, fixed].filter((reason) => reason !== undefined);
    return fixed ? { score: direct ? 60 : 20, reasons } : { score: 0, reasons: [] };
  },
  spans,
  borders: [canonicalBorder(CANONICAL_4)],
  sides: [
    { firstPage: 0, name: 'user half' },
    { firstPage: CANONICAL_4.firstUpper, name: 'kernel half' },
  ],
  rules,
  rings: 'native',
};
export default layout;
