import { frameNamed, isLeaf, isPresent } from '#core/paging/entry.ts';
import type { TableForest } from './fetch-tables.ts';
import { type TableIndex, WORD_ABSENT, WORD_ASSUMED_ZERO } from './table-store.ts';

/** One entry as two words with what is known of it. */
export interface Entry {
  readonly low: number;
  readonly high: number;
  readonly presence: 'held' | 'assumed-zero' | 'absent';
}

/** Entry `slot` of a table. */
export function entryOf({ store, mode }: TableForest, table: TableIndex, slot: number): Entry {
  return entryIn(store.words(table), store.wordPresence(table), mode.entryBytes === 8 ? 2 : 1, slot);
}

/** Entry `slot`, of so many words, among a table's words and what is known of them: for loops over a table. */
export function entryIn(words: Uint32Array, codes: Uint8Array | undefined, width: 1 | 2, slot: number): Entry {
  const at = slot * width;
  const code = codes ? Math.max(codes[at] ?? 0, codes[at + width - 1] ?? 0) : 0;
  return {
    low: words[at] ?? 0,
    high: width === 2 ? (words[at + 1] ?? 0) : 0,
    presence: code === WORD_ABSENT ? 'absent' : code === WORD_ASSUMED_ZERO ? 'assumed-zero' : 'held',
  };
}

/** The table a present, non-leaf entry names; undefined if it names none, or one beyond the store's limit. */
export function tableNamed(forest: TableForest, level: number, entry: Entry): TableIndex | undefined {
  const shape = forest.shapes[level];
  if (!shape || !isPresent(entry.low) || isLeaf(shape, entry.low)) return undefined;
  return forest.store.find(frameNamed(shape, entry.low, entry.high));
}

/** True where an entry of a table seen at `level` names a table met at this level or above it: a self-map, never unrolled. */
export const isLoop = (forest: TableForest, level: number, named: TableIndex): boolean => forest.store.homeLevel(named) <= level;
