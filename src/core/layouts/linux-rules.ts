import { bytesText, commas, virtualHex } from '#core/base/hex.ts';
import type { NamedStretch, Stretch } from './layout.ts';

const PAGE = 4096;
/** Pages of 1 GB: KASLR moves the bases of a 64-bit Linux by whole PUDs (arch/x86/mm/kaslr.c). */
export const GB_PAGES = 0x4_0000;
/** Pages of one 128 MB memory section, and of its 2 MB of `struct page`s, 64 bytes a frame (mm/sparse-vmemmap.c). */
const SECTION_PAGES = 32_768;
const SECTION_STRUCT_PAGES = 512;

/** Why a stretch is machine memory in order from `base`; undefined where its frames do not follow its pages. */
export function inOrderFrom(stretch: Stretch, base: number, virtualBits: number): string | undefined {
  if (stretch.shift !== base) return undefined;
  return `at least 90 % of its ${commas(stretch.mappedPages)} pages map frame (VA − ${virtualHex(base, 0, virtualBits)}) / 4096: machine memory in order from frame 0`;
}

/** End of the highest stretch of that name: one past its last page. */
export function endOf(named: readonly NamedStretch[], name: string): number | undefined {
  const last = named.filter((one) => one.name === name).at(-1)?.stretch;
  return last && last.firstPage + last.pageCount;
}

export function startOf(named: readonly NamedStretch[], name: string): number | undefined {
  return named.find((one) => one.name === name)?.stretch.firstPage;
}

export const pagesOf = (named: readonly NamedStretch[], name: string): number =>
  named.filter((one) => one.name === name).reduce((sum, one) => sum + one.stretch.mappedPages, 0);

/** Why a stretch is the array of `struct page`s of a direct map of `directPages` pages. */
export function isFrameStructs(stretch: Stretch, directPages: number): string | undefined {
  if (stretch.rights !== 'rw-' || stretch.largePages < 0.9 * stretch.mappedPages || stretch.firstPage % GB_PAGES >= SECTION_PAGES) return undefined;
  const sections = Math.ceil(directPages / SECTION_PAGES);
  const expected = sections * SECTION_STRUCT_PAGES;
  if (directPages === 0 || stretch.mappedPages < expected || stretch.mappedPages > expected * 1.25) return undefined;
  const size = bytesText(stretch.mappedPages * PAGE);
  return `${size} of 2 MB pages from a 1 GB boundary up, above the direct map: 64 bytes for each frame of the ${bytesText(directPages * PAGE)} mapped there`;
}
