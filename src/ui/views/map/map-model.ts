import type { VirtualAddress } from '#core/memory/address.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { AtlasSummary, Coverage, CoverageWindow } from '#core/session/contract.ts';
import type { NameRoom } from './name-room.ts';
import { foldedRows, type MapRow } from './rows.ts';
import { pageRows, scaledRows } from './scaled-rows.ts';
import { clampWindow, type MapWindow, SCALED_BELOW, wholeSpace } from './viewport.ts';

/** How the detail is drawn: regions as rows with folded holes; regions to scale; a row a page. */
export type DetailScale = 'folded' | 'scaled' | 'pages';

/** A line of text of a page's row, pixels. */
const PAGE_LINE = 15;

/** All that the map's parts need to know of where they are. */
export interface MapModel {
  readonly atlas: AtlasSummary;
  readonly mode: PagingMode;
  readonly window: MapWindow;
  readonly scale: DetailScale;
  readonly rows: readonly MapRow[];
  readonly address: VirtualAddress;
  /** Pixels of the plot. */
  readonly height: number;
  readonly width: number;
  readonly room: NameRoom;
}

export function mapModel(given: {
  readonly atlas: AtlasSummary;
  readonly window: MapWindow | undefined;
  readonly address: VirtualAddress;
  readonly height: number;
  readonly width: number;
  readonly room: NameRoom;
  readonly openHoles: ReadonlySet<number>;
}): MapModel {
  const { atlas, address, height, width, room } = given;
  const mode = pagingMode(atlas.root.mode);
  const window = clampWindow(given.window ?? wholeSpace(mode.pageCount), mode.pageCount);
  const scale = scaleOf(window, height);
  return { atlas, mode, window, scale, address, height, width, room, rows: rowsOf(scale, { ...given, window }) };
}

function scaleOf(window: MapWindow, height: number): DetailScale {
  if (window.pageCount > SCALED_BELOW) return 'folded';
  return window.pageCount * PAGE_LINE <= Math.max(height, PAGE_LINE * 16) ? 'pages' : 'scaled';
}

function rowsOf(
  scale: DetailScale,
  given: {
    readonly atlas: AtlasSummary;
    readonly window: MapWindow;
    readonly address: VirtualAddress;
    readonly height: number;
    readonly openHoles: ReadonlySet<number>;
  },
): readonly MapRow[] {
  const { atlas, window, height } = given;
  if (height <= 0) return [];
  if (scale === 'pages') return pageRows(window, height);
  if (scale === 'scaled') return scaledRows(atlas.regions, atlas.borders, window, height);
  return foldedRows({ regions: atlas.regions, borders: atlas.borders, window, height, selectedPage: given.address.page, openHoles: given.openHoles });
}

/** What to ask so that every row can be painted: a bin a pixel, but never more bins than pages. */
export function rowWindows(rows: readonly MapRow[]): readonly CoverageWindow[] {
  return rows.flatMap((row) => {
    if (row.pageCount === 0 || (row.kind === 'hole' && !row.open)) return [];
    const bins = row.kind === 'region' ? Math.max(1, Math.min(Math.round(row.height) - 2, row.pageCount)) : 1;
    return [{ firstPage: row.firstPage, pageCount: row.pageCount, bins }];
  });
}

export const windowKey = (window: { readonly firstPage: number; readonly pageCount: number }): string => `${window.firstPage}+${window.pageCount}`;

/** Coverages by their window, so that the last answer still serves while the next is under way. */
export function byWindow(coverages: readonly Coverage[] | undefined): ReadonlyMap<string, Coverage> {
  return new Map((coverages ?? []).map((coverage) => [windowKey(coverage), coverage]));
}

/** The gaps between regions, low to high. */
export function holesOf(atlas: AtlasSummary): readonly MapWindow[] {
  const holes: MapWindow[] = [];
  let from = 0;
  for (const region of atlas.regions) {
    if (region.firstPage > from) holes.push({ firstPage: from, pageCount: region.firstPage - from });
    from = region.firstPage + region.pageCount;
  }
  if (from < atlas.pageCount) holes.push({ firstPage: from, pageCount: atlas.pageCount - from });
  return holes;
}
