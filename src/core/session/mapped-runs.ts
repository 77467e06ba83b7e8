import type { Atlas } from '#core/atlas/build-atlas.ts';
import { isMapped, kindOf, levelOfRun, levelThatTook, lostOf, rightsOf } from '#core/atlas/run-attrs.ts';
import { KIND_LOOP, KIND_REFERENCE } from '#core/atlas/run-columns.ts';
import { lastAtOrBelow } from '#core/base/bisect.ts';
import { NO_FETCH, NO_USER, NO_WRITE } from '#core/paging/entry.ts';

/** Pages mapped alike: constant machine − virtual, equal effective rights, one leaf size. */
export interface MappedRun {
  readonly page: number;
  readonly pages: number;
  readonly frame: number;
  readonly rights: string;
  readonly user: boolean;
  readonly kind: 'memory' | 'loop';
  readonly leafBytes: number;
  /** Level (index into the mode's, root first) whose entry first took the right; undefined where the right is there. */
  readonly writeLostAt: number | undefined;
  readonly userLostAt: number | undefined;
  readonly fetchLostAt: number | undefined;
}

/** Runs of the whole space low to high; shared tables are followed at each of their places, so stop when you have enough. */
export function mappedRuns(atlas: Atlas): Generator<MappedRun, void> {
  return runsOf(atlas, 0, atlas.forest.mode.pageCount, 0);
}

/** Runs of the window [firstPage, end), told as lying `shift` pages higher. */
function* runsOf(atlas: Atlas, firstPage: number, end: number, shift: number): Generator<MappedRun, void> {
  const { runs } = atlas;
  const first = Math.max(0, lastAtOrBelow(runs.firstPage, firstPage, runs.count));
  for (let row = first; row < runs.count && (runs.firstPage[row] ?? 0) < end; row++) {
    const from = Math.max(runs.firstPage[row] ?? 0, firstPage);
    const pages = Math.min(runs.firstPage[row + 1] ?? 0, end) - from;
    if (pages > 0) yield* rowRuns(atlas, row, from, pages, shift);
  }
}

function* rowRuns(atlas: Atlas, row: number, from: number, pages: number, shift: number): Generator<MappedRun, void> {
  const { runs, nodes } = atlas;
  const attrs = runs.attrs[row] ?? 0;
  const offset = from - (runs.firstPage[row] ?? 0);
  if (kindOf(attrs) === KIND_REFERENCE) {
    const window = (nodes.firstPage[runs.firstFrame[row] ?? 0] ?? 0) + offset;
    yield* runsOf(atlas, window, window + pages, shift + from - window);
  } else if (isMapped(attrs)) yield runAt(atlas, from + shift, pages, (runs.firstFrame[row] ?? 0) + offset, attrs);
}

function runAt(atlas: Atlas, page: number, pages: number, frame: number, attrs: number): MappedRun {
  const leafBytes = (atlas.forest.shapes[levelOfRun(attrs)]?.pagesPerEntry ?? 1) * 4096;
  return {
    page,
    pages,
    frame,
    rights: rightsOf(attrs),
    user: (lostOf(attrs) & NO_USER) === 0,
    kind: kindOf(attrs) === KIND_LOOP ? 'loop' : 'memory',
    leafBytes,
    writeLostAt: levelThatTook(attrs, NO_WRITE),
    userLostAt: levelThatTook(attrs, NO_USER),
    fetchLostAt: levelThatTook(attrs, NO_FETCH),
  };
}
