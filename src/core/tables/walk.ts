import { invariant } from '#core/base/invariant.ts';
import { type EntryShape, frameMapped, frameNamed, isLeaf, isPresent, rightsLost } from '#core/paging/entry.ts';
import type { TableForest } from './fetch-tables.ts';
import { isAbsent } from './fetch-tables.ts';
import { type Entry, entryOf, tableNamed } from './node.ts';
import type { TableIndex } from './table-store.ts';

/** One entry read on the way down. */
export interface Step {
  readonly level: number;
  readonly table: TableIndex;
  readonly slot: number;
  readonly entry: Entry;
  /** NO_WRITE | NO_USER | NO_FETCH that this entry takes away. */
  readonly lost: number;
}

/** How a walk ends. `frame` is the 4 KiB frame of the page asked for; `pageFrame` the first of the page that maps it. */
export type WalkEnd =
  | { readonly kind: 'mapped'; readonly frame: number; readonly pageFrame: number; readonly pageFrames: number }
  | { readonly kind: 'not-present' }
  | { readonly kind: 'entry-absent' }
  | { readonly kind: 'table-absent'; readonly frame: number };

export interface Walk {
  readonly steps: readonly Step[];
  readonly end: WalkEnd;
  /** All that the levels together take away. */
  readonly lost: number;
}

/** Slot of a page in the table of a level. */
export function slotOf(forest: TableForest, level: number, page: number): number {
  const { pagesPerEntry, entries } = forest.shapes[level] ?? { pagesPerEntry: 1, entries: 1 };
  return Math.floor(page / pagesPerEntry) % entries;
}

/**
 * The page walk of one virtual page, as a CPU would do it but for what it has cached: from the root down, each entry kept (SDM 3A 4.3–4.5).
 * Reserved bits do not stop it (they are reported by the reader of the steps); what the dump lacks does.
 */
export function walk(forest: TableForest, page: number): Walk {
  const steps: Step[] = [];
  let table: TableIndex | undefined = 0;
  let end: WalkEnd | undefined;
  for (let level = 0; end === undefined; level++) {
    const step: Step | undefined = table === undefined || isAbsent(forest.store, table) ? undefined : stepAt(forest, table, level, page);
    if (step) steps.push(step);
    end = step ? endAt(forest, step, page) : { kind: 'table-absent', frame: missingFrame(forest, steps.at(-1)) };
    table = step && tableNamed(forest, level, step.entry);
  }
  return { steps, end, lost: steps.reduce((sum, step) => sum | step.lost, 0) };
}

const shapeAt = (forest: TableForest, level: number): EntryShape => {
  const shape = forest.shapes[level];
  invariant(shape, `${forest.mode.id} has a level ${level}`);
  return shape;
};

function stepAt(forest: TableForest, table: TableIndex, level: number, page: number): Step {
  const slot = slotOf(forest, level, page);
  const entry = entryOf(forest, table, slot);
  const lost = entry.presence === 'held' && isPresent(entry.low) ? rightsLost(shapeAt(forest, level), entry.low, entry.high) : 0;
  return { level, table, slot, entry, lost };
}

/** How the walk ends at this step; undefined where it goes on to a table. */
function endAt(forest: TableForest, { level, entry }: Step, page: number): WalkEnd | undefined {
  const shape = shapeAt(forest, level);
  if (entry.presence === 'absent') return { kind: 'entry-absent' };
  if (entry.presence === 'assumed-zero' || !isPresent(entry.low)) return { kind: 'not-present' };
  if (!isLeaf(shape, entry.low)) return undefined;
  const pageFrame = frameMapped(shape, entry.low, entry.high);
  return { kind: 'mapped', pageFrame, pageFrames: shape.pagesPerEntry, frame: pageFrame + (page % shape.pagesPerEntry) };
}

/** Frame of the table that is not there: what the last entry names, or the root's own. */
function missingFrame(forest: TableForest, last: Step | undefined): number {
  return last ? frameNamed(shapeAt(forest, last.level), last.entry.low, last.entry.high) : forest.store.frame(0);
}
