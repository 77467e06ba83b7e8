import { frameMapped, frameNamed, isLeaf, isPresent, rightsLost } from '#core/paging/entry.ts';
import type { TableForest } from './fetch-tables.ts';
import { isAbsent } from './fetch-tables.ts';
import { type Entry, entryOf } from './node.ts';
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
  let table: TableIndex = 0;
  let lost = 0;
  for (let level = 0; ; level++) {
    const shape = forest.shapes[level];
    if (!shape) throw new Error(`a walk of ${forest.mode.id} went below its last level`);
    if (isAbsent(forest.store, table)) return { steps, lost, end: { kind: 'table-absent', frame: forest.store.frame(table) } };
    const slot = slotOf(forest, level, page);
    const entry = entryOf(forest, table, slot);
    const present = entry.presence === 'held' && isPresent(entry.low);
    const taken = present ? rightsLost(shape, entry.low, entry.high) : 0;
    lost |= taken;
    steps.push({ level, table, slot, entry, lost: taken });
    if (!present) return { steps, lost, end: { kind: entry.presence === 'absent' ? 'entry-absent' : 'not-present' } };
    if (isLeaf(shape, entry.low)) return { steps, lost, end: mapped(forest, level, entry, page) };
    const frame = frameNamed(shape, entry.low, entry.high);
    const named = forest.store.find(frame);
    if (named === undefined) return { steps, lost, end: { kind: 'table-absent', frame } };
    table = named;
  }
}

function mapped(forest: TableForest, level: number, entry: Entry, page: number): WalkEnd {
  const shape = forest.shapes[level];
  if (!shape) throw new Error('no such level');
  const pageFrame = frameMapped(shape, entry.low, entry.high);
  return { kind: 'mapped', pageFrame, pageFrames: shape.pagesPerEntry, frame: pageFrame + (page % shape.pagesPerEntry) };
}
