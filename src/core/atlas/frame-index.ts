import { lastAtOrBelow } from '#core/base/bisect.ts';
import type { Atlas } from './build-atlas.ts';
import { isMapped } from './run-attrs.ts';
import { sortByFrame } from './sort-by-frame.ts';

/** Which virtual places map a frame: rows of `RunColumns` ordered by first frame. Built once, then asked. */
export interface FrameIndex {
  /** Rows of one page: found by their frame alone. */
  readonly single: OrderedRows;
  /** Longer rows; `reach[i]` is the highest frame + 1 that any up to i reaches, where a search backwards may stop. */
  readonly long: OrderedRows & { readonly reach: Float64Array };
}

/** Rows by ascending first frame, rows of one frame in page order. */
export interface OrderedRows {
  readonly rows: Uint32Array;
  readonly firstFrame: Float64Array;
}

/** Rows of one page are kept apart: a scattered map has a million, and looking each one's length up again would cost most of the time. */
export function buildFrameIndex(atlas: Atlas): FrameIndex {
  const { runs } = atlas;
  const single = new Uint32Array(runs.count);
  const long = new Uint32Array(runs.count);
  let singles = 0;
  let longs = 0;
  for (let row = 0; row < runs.count; row++) {
    if (!isMapped(runs.attrs[row] ?? 0)) continue;
    if (runs.pageCount[row] === 1) single[singles++] = row;
    else long[longs++] = row;
  }
  const ordered = sortByFrame(long.subarray(0, longs), runs.firstFrame);
  return { single: sortByFrame(single.subarray(0, singles), runs.firstFrame), long: { ...ordered, reach: reachOf(atlas, ordered) } };
}

function reachOf({ runs }: Atlas, { rows, firstFrame }: OrderedRows): Float64Array {
  const reach = new Float64Array(rows.length);
  let furthest = 0;
  for (let i = 0; i < rows.length; i++) {
    furthest = Math.max(furthest, (firstFrame[i] ?? 0) + (runs.pageCount[rows[i] ?? 0] ?? 0));
    reach[i] = furthest;
  }
  return reach;
}

/** Visits the rows that map `frame`, with the page in each, until the visitor returns false. In no particular order. */
export function eachRowOfFrame(atlas: Atlas, index: FrameIndex, frame: number, visit: (row: number, page: number) => boolean | undefined): void {
  if (eachSingle(atlas, index.single, frame, visit)) eachLong(atlas, index.long, frame, visit);
}

type Visitor = (row: number, page: number) => boolean | undefined;

function eachSingle({ runs }: Atlas, { rows, firstFrame }: OrderedRows, frame: number, visit: Visitor): boolean {
  for (let i = lastAtOrBelow(firstFrame, frame); i >= 0 && firstFrame[i] === frame; i--) {
    const row = rows[i] ?? 0;
    if (visit(row, runs.firstPage[row] ?? 0) === false) return false;
  }
  return true;
}

function eachLong({ runs }: Atlas, { rows, firstFrame, reach }: FrameIndex['long'], frame: number, visit: Visitor): void {
  for (let i = lastAtOrBelow(firstFrame, frame); i >= 0 && (reach[i] ?? 0) > frame; i--) {
    const row = rows[i] ?? 0;
    const offset = frame - (firstFrame[i] ?? 0);
    if (offset < (runs.pageCount[row] ?? 0) && visit(row, (runs.firstPage[row] ?? 0) + offset) === false) return;
  }
}
