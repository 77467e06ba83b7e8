import type { Border, Region } from '#core/session/contract.ts';
import { pageScale } from './page-scale.ts';
import type { MapRow } from './rows.ts';
import type { MapWindow } from './viewport.ts';

/** However small its share, a region keeps a mark this high, pixels. */
const LEAST_MARK = 2;
/** A hole is written out where a line of text fits. */
const LINE = 15;

/** Rows of a window to scale: regions, and holes between, high at the top; borders as lines of no height. */
export function scaledRows(regions: readonly Region[], borders: readonly Border[], window: MapWindow, height: number): readonly MapRow[] {
  const end = window.firstPage + window.pageCount;
  const scale = pageScale(window, height);
  const place = (first: number, last: number) => ({
    firstPage: first,
    pageCount: last - first,
    top: scale(last),
    height: scale(first) - scale(last),
  });
  const rows: MapRow[] = [];
  let above = end;
  for (const region of regions.toReversed()) {
    const first = Math.max(region.firstPage, window.firstPage);
    const last = Math.min(region.firstPage + region.pageCount, end);
    if (last <= first) continue;
    if (above > last) rows.push(hole(place(last, above)));
    const at = place(first, last);
    rows.push({ kind: 'region', ...at, height: Math.max(LEAST_MARK, at.height), regions: [region] });
    above = first;
  }
  if (above > window.firstPage) rows.push(hole(place(window.firstPage, above)));
  return [...rows, ...borderLines(borders, window, height)];
}

const hole = (at: { firstPage: number; pageCount: number; top: number; height: number }): MapRow => ({
  kind: 'hole',
  ...at,
  open: at.height >= LINE,
});

function borderLines(borders: readonly Border[], window: MapWindow, height: number): readonly MapRow[] {
  const end = window.firstPage + window.pageCount;
  const scale = pageScale(window, height);
  return borders
    .filter((border) => border.page > window.firstPage && border.page < end)
    .map((border) => ({
      kind: 'border',
      firstPage: border.page,
      pageCount: 0,
      top: scale(border.page),
      height: 0,
      border,
    }));
}

/** One row a page. */
export function pageRows(window: MapWindow, height: number): readonly MapRow[] {
  const each = height / window.pageCount;
  return Array.from({ length: window.pageCount }, (_, i) => ({
    kind: 'page',
    firstPage: window.firstPage + window.pageCount - 1 - i,
    pageCount: 1,
    top: i * each,
    height: each,
  }));
}

/** The page under a height of the plot: linear within each row; undefined above the first or below the last. */
export function pageAt(rows: readonly MapRow[], y: number): number | undefined {
  for (const row of rows) {
    if (row.pageCount === 0 || y < row.top || y >= row.top + row.height) continue;
    const fromEnd = Math.floor(((y - row.top) / row.height) * row.pageCount);
    return row.firstPage + row.pageCount - 1 - Math.min(row.pageCount - 1, fromEnd);
  }
  return undefined;
}

export const rowAt = (rows: readonly MapRow[], page: number): MapRow | undefined =>
  rows.find((row) => row.pageCount > 0 && page >= row.firstPage && page < row.firstPage + row.pageCount);
