import { lastAtOrBelow } from '#core/base/bisect.ts';
import type { Atlas } from './build-atlas.ts';
import { isMapped } from './run-attrs.ts';

/** Rows that map memory, ordered by frame: which virtual places map a frame. Columns; built once, then asked. */
export interface FrameIndex {
  readonly count: number;
  /** Rows of `RunColumns`, by ascending first frame. */
  readonly rows: Uint32Array;
  readonly firstFrame: Float64Array;
  /** Highest frame + 1 that any row up to this one reaches: where a search backwards may stop. */
  readonly reach: Float64Array;
}

export function buildFrameIndex(atlas: Atlas): FrameIndex {
  const { runs } = atlas;
  const mapped = new Uint32Array(runs.count);
  let count = 0;
  for (let row = 0; row < runs.count; row++) if (isMapped(runs.attrs[row] ?? 0)) mapped[count++] = row;
  const rows = sortedByFrame(mapped.subarray(0, count), runs.firstFrame);
  const firstFrame = new Float64Array(count);
  const reach = new Float64Array(count);
  let furthest = 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i] ?? 0;
    const first = runs.firstFrame[row] ?? 0;
    firstFrame[i] = first;
    furthest = Math.max(furthest, first + (runs.pageCount[row] ?? 0));
    reach[i] = furthest;
  }
  return { count, rows, firstFrame, reach };
}

/** Visits the rows that map `frame`, with the page in each, until the visitor returns false. Order: by descending first frame. */
export function eachRowOfFrame(atlas: Atlas, index: FrameIndex, frame: number, visit: (row: number, page: number) => boolean | undefined): void {
  const { runs } = atlas;
  for (let i = lastAtOrBelow(index.firstFrame, frame, index.count); i >= 0 && (index.reach[i] ?? 0) > frame; i--) {
    const row = index.rows[i] ?? 0;
    const offset = frame - (index.firstFrame[i] ?? 0);
    if (offset >= (runs.pageCount[row] ?? 0)) continue;
    if (visit(row, (runs.firstPage[row] ?? 0) + offset) === false) return;
  }
}

const RADIX_BITS = 11;
const BUCKETS = 1 << RADIX_BITS;

/** Radix sort, 11 bits a pass: frames have at most 40 bits, most guests need 2 passes. Stable, so equal frames stay by page. */
function sortedByFrame(rows: Uint32Array, firstFrame: Float64Array): Uint32Array {
  let highest = 0;
  for (const row of rows) highest = Math.max(highest, firstFrame[row] ?? 0);
  let from: Uint32Array = rows.slice();
  let to: Uint32Array = new Uint32Array(rows.length);
  for (let divisor = 1; divisor <= highest; divisor *= BUCKETS) {
    radixPass(from, to, firstFrame, divisor);
    [from, to] = [to, from];
  }
  return from;
}

function radixPass(from: Uint32Array, to: Uint32Array, firstFrame: Float64Array, divisor: number): void {
  const next = new Uint32Array(BUCKETS + 1);
  const digits = new Uint16Array(from.length);
  for (let i = 0; i < from.length; i++) {
    const digit = Math.floor((firstFrame[from[i] ?? 0] ?? 0) / divisor) % BUCKETS;
    digits[i] = digit;
    next[digit + 1] = (next[digit + 1] ?? 0) + 1;
  }
  for (let b = 0; b < BUCKETS; b++) next[b + 1] = (next[b + 1] ?? 0) + (next[b] ?? 0);
  for (let i = 0; i < from.length; i++) {
    const digit = digits[i] ?? 0;
    const place = next[digit] ?? 0;
    next[digit] = place + 1;
    to[place] = from[i] ?? 0;
  }
}
