import { type EntryShape, frameMapped, frameNamed, isLeaf, isPresent } from '#core/paging/entry.ts';
import type { TableForest } from '#core/tables/fetch-tables.ts';
import type { TableIndex } from '#core/tables/table-store.ts';

/** Frame that a present entry names or maps. */
export function frameIn(shape: EntryShape, words: Uint32Array, slot: number): number {
  const low = words[slot * shape.words] ?? 0;
  const high = shape.words === 2 ? (words[slot * 2 + 1] ?? 0) : 0;
  return isLeaf(shape, low) ? frameMapped(shape, low, high) : frameNamed(shape, low, high);
}

/** The same of an entry of a stored table; undefined where there is none, or it is not present. */
export function frameHeld({ store, shapes }: TableForest, table: TableIndex, level: number, slot: number): number | undefined {
  const shape = shapes[level];
  if (!shape || slot < 0 || slot >= shape.entries) return undefined;
  const words = store.words(table);
  return isPresent(words[slot * shape.words] ?? 0) ? frameIn(shape, words, slot) : undefined;
}
