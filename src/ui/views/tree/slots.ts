import type { PagingMode } from '#core/paging/mode.ts';
import type { TablePath, TableRow } from '#core/session/contract.ts';

/** The slot of a virtual page in each level's table, root first: what the walk of it would index. */
export function slotsOf(mode: PagingMode, page: number): TablePath {
  return mode.levels.map((level) => Math.floor(page / level.pagesPerEntry) % 2 ** level.indexBits);
}

export const pathKey = (path: TablePath): string => path.join('.');

export const isPrefix = (path: TablePath, slots: TablePath): boolean => path.every((slot, i) => slots[i] === slot);

/** True where a row's range and stride take in a slot. Rows `between` a stride take in more than they show: ask `rowOf`. */
export function takesIn(row: TableRow, slot: number): boolean {
  return slot >= row.firstSlot && slot <= row.lastSlot && (slot - row.firstSlot) % row.step === 0;
}

/** The row that shows a slot: the one with fewest slots that takes it in. Undefined for a hole too short for a row. */
export function rowOf(rows: readonly TableRow[], slot: number): TableRow | undefined {
  let best: TableRow | undefined;
  for (const row of rows) if (takesIn(row, slot) && (!best || row.count < best.count)) best = row;
  return best;
}
