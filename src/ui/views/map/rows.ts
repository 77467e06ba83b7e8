import type { Border, Region } from '#core/session/contract.ts';
import type { MapWindow } from './viewport.ts';

/** A piece of the detail, high at the top. `top` and `height` in pixels of the plot. */
interface RowPlace {
  readonly firstPage: number;
  readonly pageCount: number;
  readonly top: number;
  readonly height: number;
}
export interface RegionRow extends RowPlace {
  readonly kind: 'region';
  /** One, or neighbours merged because the rows did not fit, low to high. */
  readonly regions: readonly Region[];
}
export interface HoleRow extends RowPlace {
  readonly kind: 'hole';
  /** Written out with its size; else a dotted gap of a few pixels. */
  readonly open: boolean;
}
export interface BorderRow extends RowPlace {
  readonly kind: 'border';
  readonly border: Border;
}
export interface PageRow extends RowPlace {
  readonly kind: 'page';
}
export type MapRow = RegionRow | HoleRow | BorderRow | PageRow;

/** Pixels of the parts of a folded plot. */
export interface RowSizes {
  /** A region's row, and the least it may shrink to before rows are merged. */
  readonly row: number;
  readonly leastRow: number;
  /** Regions over 100 MB, where there is room. */
  readonly bigRow: number;
  /** What rows may grow to where there are few. */
  readonly mostRow: number;
  readonly selectedMore: number;
  /** A folded hole, the least it may shrink to, an opened one, and rows that touch. */
  readonly hole: number;
  readonly leastHole: number;
  readonly openHole: number;
  readonly joint: number;
  /** A border with words. */
  readonly border: number;
}

export const ROW_SIZES: RowSizes = {
  row: 17,
  leastRow: 13,
  bigRow: 30,
  mostRow: 44,
  selectedMore: 5,
  hole: 4,
  leastHole: 0,
  openHole: 15,
  joint: 1,
  border: 15,
};

export interface FoldedPlot {
  readonly regions: readonly Region[];
  readonly borders: readonly Border[];
  readonly window: MapWindow;
  readonly height: number;
  readonly selectedPage: number;
  /** First pages of holes that are written out. */
  readonly openHoles: ReadonlySet<number>;
}

const BIG_PAGES = 25_600;

interface Item {
  kind: 'region' | 'hole' | 'border';
  firstPage: number;
  pageCount: number;
  height: number;
  regions: readonly Region[];
  border: Border | undefined;
  open: boolean;
}

/** Rows of a window where every region is a row and holes fold: high at the top, all within `height` if at all possible. */
export function foldedRows(plot: FoldedPlot, sizes: RowSizes = ROW_SIZES): readonly MapRow[] {
  const items = itemsOf(plot);
  const held = (item: Item) => plot.selectedPage >= item.firstPage && plot.selectedPage < item.firstPage + item.pageCount;
  mergeToFit(items, plot, held, sizes);
  grow(items, plot.height, held, sizes);
  return placed(items, sizes);
}

/** What stands in the window, top to bottom, not yet sized. */
function itemsOf(plot: FoldedPlot): Item[] {
  const { window } = plot;
  const end = window.firstPage + window.pageCount;
  const inside = plot.regions.filter((region) => region.firstPage < end && region.firstPage + region.pageCount > window.firstPage);
  const items: Item[] = [];
  let above = end;
  for (const region of inside.toReversed()) {
    const first = Math.max(region.firstPage, window.firstPage);
    const last = Math.min(region.firstPage + region.pageCount, end);
    items.push(...between(plot, last, above), itemOfRegion(region, first, last));
    above = first;
  }
  items.push(...between(plot, window.firstPage, above));
  // Where there is nothing but a hole, its size is all there is to say.
  if (inside.length === 0) for (const item of items) item.open ||= item.kind === 'hole';
  return items;
}

const itemOfRegion = (region: Region, first: number, end: number): Item => ({
  kind: 'region',
  firstPage: first,
  pageCount: end - first,
  height: 0,
  regions: [region],
  border: undefined,
  open: false,
});

/** A hole [from, to) with the borders in it or at its edges. A canonical border stands for its hole. */
function between(plot: FoldedPlot, from: number, to: number): Item[] {
  const { window, selectedPage } = plot;
  const borders = plot.borders.filter(
    (one) => one.page >= from && one.page <= to && one.page > window.firstPage && one.page < window.firstPage + window.pageCount,
  );
  const items: Item[] = borders
    .toReversed()
    .map((border) => ({ kind: 'border', firstPage: border.page, pageCount: 0, height: 0, regions: [], border, open: false }));
  const canonical = borders.some((border) => border.kind === 'canonical');
  const selected = selectedPage >= from && selectedPage < to;
  if (to <= from || (canonical && !selected)) return items;
  const open = selected || plot.openHoles.has(from);
  items.push({ kind: 'hole', firstPage: from, pageCount: to - from, height: 0, regions: [], border: undefined, open });
  return items;
}

function leastHeight(item: Item, held: boolean, sizes: RowSizes, row: number): number {
  if (item.kind === 'region') return row;
  if (item.kind === 'hole') return item.open ? Math.max(sizes.openHole, held ? sizes.row : 0) : sizes.leastHole;
  return item.border?.kind === 'owner' ? sizes.hole : sizes.border;
}

function total(items: readonly Item[], held: (item: Item) => boolean, sizes: RowSizes, row: number): number {
  return items.reduce((sum, item) => sum + leastHeight(item, held(item), sizes, row) + sizes.joint, 0);
}

/** Merges the smallest neighbours until rows of the least height fit. The held row and the largest of each side stay. */
function mergeToFit(items: Item[], plot: FoldedPlot, held: (item: Item) => boolean, sizes: RowSizes): void {
  const kept = largestOfEachSide(items);
  while (total(items, held, sizes, sizes.leastRow) > plot.height) {
    const at = smallestPair(items, (item) => held(item) || kept.has(item.regions[0]));
    if (at < 0) return;
    mergeAt(items, at);
  }
}

const mappedOf = (item: Item): number => item.regions.reduce((sum, region) => sum + region.mappedPages, 0);

function largestOfEachSide(items: readonly Item[]): ReadonlySet<Region | undefined> {
  const largest = new Map<string, Region>();
  for (const { regions } of items) {
    const region = regions[0];
    const best = region && largest.get(region.side);
    if (region && region.mappedPages > (best?.mappedPages ?? -1)) largest.set(region.side, region);
  }
  return new Set(largest.values());
}

/** Index of the upper of two regions, with nothing or one folded hole between, that are smallest together; -1 if none may merge. */
function smallestPair(items: readonly Item[], keep: (item: Item) => boolean): number {
  let best = -1;
  let bestPages = Number.POSITIVE_INFINITY;
  for (let i = 0; i < items.length; i++) {
    const upper = items[i];
    const lower = items[lowerOf(items, i)];
    if (!upper || !lower || upper.kind !== 'region' || lower.kind !== 'region' || keep(upper) || keep(lower)) continue;
    if (upper.regions[0]?.side !== lower.regions[0]?.side) continue;
    const pages = mappedOf(upper) + mappedOf(lower);
    if (pages < bestPages) [best, bestPages] = [i, pages];
  }
  return best;
}

const lowerOf = (items: readonly Item[], i: number): number => (items[i + 1]?.kind === 'hole' ? i + 2 : i + 1);

function mergeAt(items: Item[], i: number): void {
  const upper = items[i];
  const j = lowerOf(items, i);
  const lower = items[j];
  if (!upper || !lower) return;
  const end = upper.firstPage + upper.pageCount;
  const merged: Item = { ...lower, pageCount: end - lower.firstPage, regions: [...lower.regions, ...upper.regions] };
  items.splice(i, j - i + 1, merged);
}

/** Gives what room is left: first full rows, then big regions, then to all alike. */
function grow(items: Item[], height: number, held: (item: Item) => boolean, sizes: RowSizes): void {
  for (const item of items) item.height = leastHeight(item, held(item), sizes, sizes.leastRow);
  let left = height - items.reduce((sum, item) => sum + item.height + sizes.joint, 0);
  const rows = items.filter((item) => item.kind === 'region');
  left = widen(rows, (item) => sizes.row + (held(item) ? sizes.selectedMore : 0), left);
  left = widen(
    items.filter((item) => item.kind === 'hole' && !item.open),
    () => sizes.hole,
    left,
  );
  left = widen(
    rows.filter((item) => item.pageCount >= BIG_PAGES && item.regions.length === 1),
    () => sizes.bigRow,
    left,
  );
  const share = rows.length === 0 ? 0 : Math.max(0, Math.floor(left / rows.length));
  for (const item of rows) item.height = Math.min(sizes.mostRow, item.height + share);
}

/** Raises rows to what each wants, all together or as far as the room goes; returns what room is left. */
function widen(rows: readonly Item[], wanted: (item: Item) => number, left: number): number {
  const need = rows.reduce((sum, item) => sum + Math.max(0, wanted(item) - item.height), 0);
  const part = need === 0 ? 0 : Math.min(1, Math.max(0, left) / need);
  let used = 0;
  for (const item of rows) {
    const more = Math.floor(Math.max(0, wanted(item) - item.height) * part);
    item.height += more;
    used += more;
  }
  return left - used;
}

function placed(items: readonly Item[], sizes: RowSizes): readonly MapRow[] {
  let top = 0;
  return items.map((item) => {
    const at = { firstPage: item.firstPage, pageCount: item.pageCount, top, height: item.height };
    top += item.height + sizes.joint;
    if (item.kind === 'region') return { kind: 'region', ...at, regions: item.regions };
    if (item.border) return { kind: 'border', ...at, border: item.border };
    return { kind: 'hole', ...at, open: item.open };
  });
}
