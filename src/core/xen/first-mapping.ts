import { P } from '#core/paging/entry.ts';
import type { TableForest } from '#core/tables/fetch-tables.ts';
import { walk } from '#core/tables/walk.ts';

/** Directory entries looked at: a whole directory. */
const MOST_ENTRIES = 512;

/**
 * Pages from a guest's base on whose directory entries follow one another, present all: what its builder mapped from guest frame 0 on, in
 * order (reference 3.4). 0 where the base itself has none. Page tables need not be in the dump.
 */
export function pagesOfFirstMapping(forest: TableForest, basePage: number): number {
  const directory = forest.mode.levels.length - 2;
  const pagesPerEntry = forest.shapes[directory]?.pagesPerEntry ?? 1;
  let entries = 0;
  while (entries < MOST_ENTRIES && isPresentAt(forest, directory, basePage + entries * pagesPerEntry)) entries++;
  return entries * pagesPerEntry;
}

function isPresentAt(forest: TableForest, level: number, page: number): boolean {
  const step = walk(forest, page).steps.find((at) => at.level === level);
  return step !== undefined && step.entry.presence === 'held' && (step.entry.low & P) !== 0;
}
