import { lastAtOrBelow } from '#core/base/bisect.ts';
import type { Atlas } from './build-atlas.ts';
import { kindOf } from './run-attrs.ts';
import { frameOf, KIND_REFERENCE, KIND_ZERO, pagesOf } from './run-columns.ts';

/** A run clipped to a window: pages [page, page + pages) map from `frame` on (-1: none). Return false to stop. */
export type RunVisitor = (page: number, pages: number, frame: number, attrs: number, row: number) => boolean | undefined;

/**
 * Visits the runs of a window low to high, references followed in place. The work is that of the runs there are in the window, aliases
 * included, so ask for windows, or stop when enough was seen. Returns false if the visitor stopped it.
 */
export function eachRun(atlas: Atlas, firstPage: number, pages: number, visit: RunVisitor, shift = 0): boolean {
  const { runs } = atlas;
  const end = firstPage + pages;
  for (let row = Math.max(0, lastAtOrBelow(runs.firstPage, firstPage, runs.count)); row < runs.count; row++) {
    const start = runs.firstPage[row] ?? 0;
    if (start >= end) break;
    const from = Math.max(start, firstPage);
    const count = Math.min(runs.firstPage[row + 1] ?? 0, end) - from;
    if (count > 0 && !visitRow(atlas, row, from, count, visit, shift)) return false;
  }
  return true;
}

/** One row clipped to [from, from + count); false if the visitor stopped it. */
function visitRow(atlas: Atlas, row: number, from: number, count: number, visit: RunVisitor, shift: number): boolean {
  const { runs, nodes } = atlas;
  const attrs = runs.attrs[row] ?? 0;
  const offset = from - (runs.firstPage[row] ?? 0);
  if (kindOf(attrs) === KIND_REFERENCE) {
    const window = (nodes.firstPage[runs.firstFrame[row] ?? 0] ?? 0) + offset;
    return eachRun(atlas, window, count, visit, shift + from - window);
  }
  return kindOf(attrs) === KIND_ZERO || visit(from + shift, count, frameOf(runs, row, offset), attrs, row) !== false;
}

/** First page of the next stretch that is mapped, at or after `page` (or the last one at or before, for -1). */
export function nextMappedPage(atlas: Atlas, page: number, direction: 1 | -1): number | undefined {
  return direction === 1 ? nextAfter(atlas, page) : lastBefore(atlas, page);
}

function nextAfter(atlas: Atlas, page: number): number | undefined {
  let found: number | undefined;
  eachRun(atlas, page, atlas.forest.mode.pageCount - page, (start, _pages, _frame, attrs) => {
    if (kindOf(attrs) > 2) return true;
    found = start;
    return false;
  });
  return found;
}

/** Walks back row by row; a row that is a reference is searched forwards for its last mapped stretch. */
function lastBefore(atlas: Atlas, page: number): number | undefined {
  const { runs } = atlas;
  for (let row = lastAtOrBelow(runs.firstPage, page, runs.count); row >= 0; row--) {
    const kind = kindOf(runs.attrs[row] ?? 0);
    const start = runs.firstPage[row] ?? 0;
    if (kind <= 2) return start;
    if (kind !== KIND_REFERENCE) continue;
    const last = lastWithin(atlas, start, Math.min(pagesOf(runs, row), page - start + 1));
    if (last !== undefined) return last;
  }
  return undefined;
}

/** Enough for one look back; a reference with more stretches than this answers with the last one seen. */
const LOOK_BACK = 100_000;

function lastWithin(atlas: Atlas, start: number, pages: number): number | undefined {
  let last: number | undefined;
  let seen = 0;
  eachRun(atlas, start, pages, (from, _pages, _frame, attrs) => {
    if (kindOf(attrs) <= 2) last = from;
    return ++seen < LOOK_BACK;
  });
  return last;
}
