import { frameMapped, frameNamed, isLeaf } from '#core/paging/entry.ts';
import { isAbsent, type TableForest } from '#core/tables/fetch-tables.ts';
import { entryOf } from '#core/tables/node.ts';

/** One leaf entry at one virtual place. */
export interface Leaf {
  readonly page: number;
  readonly low: number;
  readonly high: number;
  /** First frame mapped, without XD or flag bits. */
  readonly frame: number;
  /** Pages mapped: 1, 512, 1024, 262144. */
  readonly pages: number;
  readonly level: number;
}

/**
 * Every leaf low to high, each virtual place by itself: shared tables and loops are unrolled, as QEMU's `info tlb` does. A hostile
 * image may have 2^36 of them, so the caller stops when it has enough.
 */
export function* leaves(forest: TableForest): Generator<Leaf, void> {
  yield* leavesOf(forest, 0, 0, 0);
}

function* leavesOf(forest: TableForest, table: number, level: number, firstPage: number): Generator<Leaf, void> {
  const shape = forest.shapes[level];
  if (!shape || isAbsent(forest.store, table)) return;
  for (let slot = 0; slot < shape.entries; slot++) {
    const { low, high, presence } = entryOf(forest, table, slot);
    if (presence !== 'held' || (low & 1) === 0) continue;
    const page = firstPage + slot * shape.pagesPerEntry;
    if (isLeaf(shape, low)) {
      yield { page, low, high, frame: frameMapped(shape, low, high), pages: shape.pagesPerEntry, level };
      continue;
    }
    const named = forest.store.find(frameNamed(shape, low, high));
    if (named !== undefined) yield* leavesOf(forest, named, level + 1, page);
  }
}
