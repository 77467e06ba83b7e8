import { bytesOfText, bytesText, commas, virtualHex, virtualShort } from '#core/base/hex.ts';
import type { AtlasSummary, PageCounts, PageKind, Region } from '#core/session/contract.ts';

const PAGE_BYTES = 4096;

/** Bytes of so many pages, without a decimal from 100 of a unit on: "132 MB", "9.2 MB". */
export function pagesBytes(pages: number): string {
  const [value = '', unit = ''] = bytesText(pages * PAGE_BYTES).split(' ');
  const number = Number(value.replaceAll(',', ''));
  return number < 100 ? `${value} ${unit}` : `${commas(Math.round(number))} ${unit}`;
}

const MB = 2 ** 20;

/** Bytes in the legend: in a 4 GB space never above MB, so that one sees them add up to 4,096. What a tenth would hide is written out. */
export function legendBytes(pages: number, spacePages: number): string {
  const bytes = pages * PAGE_BYTES;
  if (pages === 0) return '0';
  if (spacePages > MB || bytes < MB) return bytesText(bytes);
  const tenths = Math.round((bytes / MB) * 10) / 10;
  const hidden = bytes - tenths * MB;
  if (!Number.isInteger(tenths) || hidden === 0) return `${commas(tenths)} MB`;
  return `${commas(tenths)} MB${hidden < 0 ? '−' : '+'}${bytesText(Math.abs(hidden))}`;
}

/** The last column of a row: "4 of 16 MB", "132 MB", "× 65,536". */
export function sizeText(regions: readonly Region[], counts: PageCounts | undefined): string {
  const [region] = regions;
  if (!region) return '';
  if (regions.length > 1) return pagesBytes(regions.reduce((sum, one) => sum + one.mappedPages, 0));
  if (region.times > 1) return `× ${commas(region.times)}`;
  if (region.reserved) return reservedText(region, counts);
  if (region.mappedPages > 0) return pagesBytes(region.mappedPages);
  return pagesBytes(region.pageCount);
}

/** A reserved span says how much of it there is, and when a missing table hides it says so instead of 0. */
function reservedText(region: Region, counts: PageCounts | undefined): string {
  const hidden = counts?.absent ?? 0;
  if (region.mappedPages === 0 && hidden > 0) return `${pagesBytes(hidden)} not in dump`;
  return bytesOfText(region.mappedPages * PAGE_BYTES, region.pageCount * PAGE_BYTES);
}

export function nameText(regions: readonly Region[], short: boolean): string {
  const [region] = regions;
  if (!region) return '';
  if (regions.length > 1) return `${regions.length} regions`;
  return short ? region.shortName : region.name;
}

/** Rights of a row: the region's, or of merged ones only if all agree. */
export function rightsOfRow(regions: readonly Region[]): string {
  const [first] = regions;
  if (!first) return '';
  return regions.every((region) => region.rights === first.rights) ? first.rights : 'mix';
}

/** Most of what a hole is: zero, elided, or a mixture said in full. */
export function holeText(pages: number, counts: PageCounts | undefined): string {
  const size = pagesBytes(pages);
  if (!counts) return size;
  if (counts.elided === 0) return `${size}, zero`;
  if (counts.zero === 0) return `${size}, elided`;
  return `${size}: ${pagesBytes(counts.elided)} elided, ${pagesBytes(counts.zero)} zero`;
}

/** "F5800000–F67FFFFF". */
export function rangeText(firstPage: number, pageCount: number, virtualBits: number): string {
  return `${virtualHex(firstPage, 0, virtualBits)}–${virtualHex(firstPage + pageCount - 1, 0xfff, virtualBits)}`;
}

/** Words for the status bar under the pointer. */
export function regionWords(regions: readonly Region[], page: number, counts: PageCounts | undefined, virtualBits: number): string {
  const region = regions.find((one) => page >= one.firstPage && page < one.firstPage + one.pageCount) ?? regions[0];
  if (!region) return '';
  const size = sizeText([region], counts);
  return `${region.name}, ${rangeText(region.firstPage, region.pageCount, virtualBits)}, ${region.rights}, ${size}. ${region.why}`;
}

/** What a listener hears of a row. */
export function regionLabel(regions: readonly Region[], counts: PageCounts | undefined, virtualBits: number): string {
  const first = regions[0];
  if (!first) return '';
  return `${virtualShort(first.firstPage, virtualBits)}, ${nameText(regions, false)}, ${rightsOfRow(regions)}, ${sizeText(regions, counts)}`;
}

/** The pane's caption: "6,908 leaves in 18 regions". */
export function captionText(atlas: AtlasSummary, short: boolean): string {
  const regions = `${commas(atlas.regions.length)} ${atlas.regions.length === 1 ? 'region' : 'regions'}`;
  return short ? regions : `${commas(atlas.leaves)} ${atlas.leaves === 1 ? 'leaf' : 'leaves'} in ${regions}`;
}

export const KIND_WORDS: Readonly<Record<PageKind | 'user' | 'fetch', string>> = {
  writable: 'Writable',
  'read-only': 'Read-only',
  loop: 'In a loop',
  absent: 'Not in dump',
  'not-zero': 'P 0, not zero',
  elided: 'Elided',
  zero: 'Zero',
  user: 'User',
  fetch: 'Fetch',
};
