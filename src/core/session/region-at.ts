import type { Region } from './contract.ts';

/** Index of the region (low to high, disjoint) that holds a page; -1 where none does. */
export function regionIndexAt(regions: readonly Region[], page: number): number {
  let low = 0;
  let high = regions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((regions[middle]?.firstPage ?? 0) <= page) low = middle + 1;
    else high = middle;
  }
  const region = regions[low - 1];
  return region && page < region.firstPage + region.pageCount ? low - 1 : -1;
}

export const regionAt = (regions: readonly Region[], page: number): Region | undefined => regions[regionIndexAt(regions, page)];
