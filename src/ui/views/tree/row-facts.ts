import { bytesText, commas, virtualShort } from '#core/base/hex.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { COVERAGE_COLUMNS, type RootChoice, TABLE_CELL, type TablePath, type TableRow } from '#core/session/contract.ts';
import { slotText } from './columns.ts';
import type { TreeLine } from './lines.ts';

const NOTHING: ReadonlySet<TableRow['kind']> = new Set(['not-present', 'elided', 'entry-absent']);

/** True for a row that says why nothing is there, and has no entry to show. */
export const isHole = (row: TableRow | undefined): row is TableRow => row !== undefined && NOTHING.has(row.kind);

/** True where several slots lead to one table or one page. */
export const isShared = (row: TableRow): boolean => row.count > 1 && row.order === 'same' && (row.kind === 'table' || row.kind === 'leaf');

/** "× 12" for a run, else the leaves below a table. */
export function amountText({ row, table }: TreeLine): string {
  if (row && row.count > 1) return `× ${commas(row.count)}`;
  const leaves = row ? row.leaves : table.leaves;
  return leaves > 0 ? commas(leaves) : '';
}

/** "slot 428 of PD[3], 2 MB": what the status bar says of a line under the pointer. */
export function hoverWords(line: TreeLine): string {
  const { row, table } = line;
  if (!row) return `${table.name}, ${bytesText(line.pageCount * 4096)}`;
  return `${row.count > 1 ? 'slots' : 'slot'} ${slotText(line)} of ${table.name}, ${bytesText(line.pageCount * 4096)}`;
}

/** "CR3 of CPU 1", or where else the root is from. */
export const originText = (root: RootChoice): string => (root.cpu ? `CR3 of CPU ${root.cpu.index}` : root.origin);

const CELL_WORDS: Readonly<Record<number, string>> = { [TABLE_CELL]: 'a table with nothing in it' };

/** What one cell of a thumbnail stands for. */
export const cellWords = (cell: number): string => CELL_WORDS[cell] ?? COVERAGE_COLUMNS[cell]?.replace('-', ' ') ?? '';

/** "PD[3]: 36 of 512 slots not zero": a thumbnail in words. */
export function thumbnailLabel(name: string, cells: Uint8Array): string {
  const counts = new Map<string, number>();
  for (const cell of cells) counts.set(cellWords(cell), (counts.get(cellWords(cell)) ?? 0) + 1);
  const words = [...counts].sort((one, other) => other[1] - one[1]).map(([word, count]) => `${commas(count)} ${word}`);
  return `${name}, ${commas(cells.length)} slots: ${words.slice(0, 4).join(', ')}`;
}

/** Letters of the set flags, for a reader: "P W U A D". */
export const flagWords = (row: TableRow): string =>
  row.flags
    .filter((flag) => flag.set)
    .map((flag) => flag.meaning)
    .join('; ');

/** First page of the table that slots lead to. */
export const firstPageOf = (mode: PagingMode, path: TablePath): number =>
  path.reduce((page, slot, i) => page + slot * (mode.levels[i]?.pagesPerEntry ?? 0), 0);

/** Virtual address of the last byte of a page. */
export const lastByteText = (mode: PagingMode, page: number): string => `${vaText(mode, page).slice(0, -3)}FFF`;

export const vaText = (mode: PagingMode, page: number): string => virtualShort(page, mode.virtualBits);
