import { type Canonical, canonicalBorder } from './canonical.ts';
import { countInOrder, presentEntry } from './evidence.ts';
import type { Layout, LayoutEvidence, LayoutRule, LayoutSpan } from './layout.ts';
import { endOf, GB_PAGES, inOrderFrom, isFrameStructs, pagesOf, startOf } from './linux-rules.ts';

const MAP = 'Linux Documentation/arch/x86/x86_64/mm.rst';
/** What differs between 4 levels and 5. Pages are those of the mode. */
interface Width {
  readonly virtualBits: 48 | 57;
  /** First page KASLR may give the direct map: PAGE_OFFSET. */
  readonly lowestDirect: number;
  /** First page of the LDT remap, and pages. */
  readonly ldt: number;
  readonly ldtPages: number;
  /** Pages that lie below a page of the top 512 GB in the wider space and not in that of 48 bits. */
  readonly above48: number;
  /** Slots from the root to the PML4 of the highest addresses. */
  readonly topPml4: readonly number[];
  /** Paths of the PML4s under which the direct map may begin, with the first slot to look at. */
  readonly directPml4s: readonly (readonly [path: readonly number[], first: number])[];
}

/** Page of an address of the top 512 GB in 48 bits: CPU_ENTRY_AREA_BASE, the first that KASLR does not give to the direct map. */
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
const spansOf = ({ ldt, ldtPages, above48 }: Width): readonly LayoutSpan[] => [
  span(ldt, ldtPages, 'LDT remap', 'LDT', 'for page-table isolation'),
  ...TOP.map(([page, ...rest]) => span(page + above48, ...rest)),
];

/** By their pages in 48 bits. */
const TOP: readonly Parameters<typeof span>[] = [
  [CPU_ENTRY, 0x800_0000, 'CPU entry area', 'CPU area', 'entry stacks, IDT and TSS of each CPU'],
  [0xf_f000_0000, 0x800_0000, 'espfix', 'espfix', 'stacks for returning to 16-bit code, one page seen many times'],
  [0xf_fef0_0000, 0x100_0000, 'EFI runtime', 'EFI', 'EFI runtime services'],
  [0xf_fff8_0000, 0x2_0000, IMAGE, 'Kernel', 'text, constants and data of the kernel'],
  [0xf_fffc_0000, 0x3_f000, 'Modules', 'Modules', 'module text and data'],
  [0xf_ffff_f000, 0x600, 'Fixmap', 'Fixmap', 'grows down from FIXADDR_TOP'],
  [0xf_ffff_f600, 1, 'vsyscall', 'vsyscall', 'the vsyscall page'],
];

const rulesOf = ({ virtualBits, lowestDirect, above48 }: Width): readonly LayoutRule[] => [
  {
    name: DIRECT,
    shortName: DIRECT,
    explains(stretch) {
      const base = stretch.shift ?? 0;
      if (base < lowestDirect || base >= CPU_ENTRY + above48 || base % GB_PAGES !== 0) return undefined;
      return inOrderFrom(stretch, base, virtualBits);
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
      if (stretch.firstPage < first + above48 || stretch.firstPage >= end + above48 || stretch.shift === undefined || stretch.mappedPages < 256)
        return undefined;
      return 'above ffffffff80000000 with its frames in order: the kernel’s image is one piece of machine memory, modules are not';
    },
  },
];

/** Where the direct map begins, with its reason. */
function directMap(evidence: LayoutEvidence, { directPml4s }: Width): string | undefined {
  for (const [path, first] of directPml4s) {
    for (let slot = first; slot < 508; slot++) {
      const found = presentEntry(evidence, path, slot) && directBelow(evidence, [...path, slot]);
      if (found) return found;
    }
  }
  return undefined;
}

/** The first PD that a PDPT names must map machine memory from frame 0 on. */
function directBelow(evidence: LayoutEvidence, pdpt: readonly number[]): string | undefined {
  for (let gigabyte = 0; gigabyte < 512; gigabyte++) {
    if (!presentEntry(evidence, pdpt, gigabyte)) continue;
    const { inOrder, present } = countInOrder(evidence, [...pdpt, gigabyte], 0);
    if (inOrder < 8 || inOrder < 0.75 * present) return undefined;
    return `PML4 slot ${pdpt.at(-1)}, PDPT slot ${gigabyte}: ${inOrder} of ${present} present PDEs map memory in order from frame 0, Linux’s direct map`;
  }
  return undefined;
}

/** What Linux keeps at fixed places even in the tables of a process without the kernel (PTI). */
function fixedPlaces(evidence: LayoutEvidence, { topPml4 }: Width): string | undefined {
  const entryArea = presentEntry(evidence, topPml4, 508);
  const image = presentEntry(evidence, [...topPml4, 511], 510);
  const selfMap = presentEntry(evidence, [], 256)?.frame === evidence.frameOf([]);
  if (!entryArea || !image || selfMap) return undefined;
  return 'PML4 slot 508 (CPU entry area) and the kernel image’s PDPT slot 510 under slot 511 are present';
}

/** A 64-bit Linux. */
export function linux64(id: string, mode: '4-level' | '5-level', canonical: Canonical, width: Width): Layout {
  return {
    id,
    label: `Linux x86-64, ${mode === '4-level' ? 4 : 5} levels`,
    modes: [mode],
    fits(evidence) {
      const fixed = fixedPlaces(evidence, width);
      const direct = directMap(evidence, width);
      const reasons = [direct, fixed].filter((reason) => reason !== undefined);
      return fixed ? { score: direct ? 60 : 20, reasons } : { score: 0, reasons: [] };
    },
    spans: spansOf(width),
    borders: [canonicalBorder(canonical)],
    sides: [
      { firstPage: 0, name: 'user half' },
      { firstPage: canonical.firstUpper, name: 'kernel half' },
    ],
    rules: rulesOf(width),
    rings: 'native',
  };
}
