import { hex, hexWord64, virtualShort } from '#core/base/hex.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import type { TableRow } from '#core/session/contract.ts';
import type { TreeLine } from './lines.ts';

/** Bit 63 of an entry, as a bit of its high word: shown as the letter N, so it need not take up digits. */
const XD_HIGH = 0x8000_0000;

/** Widths that hold for every row on screen, so that digits stand under digits. */
export interface Columns {
  readonly vaDigits: number;
  /** 8; 10 in PAE where no entry shown needs more; else 16. */
  readonly entryDigits: number;
  readonly frameDigits: number;
  /** Digits of the guest's own frame numbers; 0 where none is known, and then there is no such column. */
  readonly guestDigits: number;
}

export function columnsOf(mode: PagingMode, lines: readonly TreeLine[]): Columns {
  const rows = lines.flatMap((line) => line.row ?? []);
  const frames = [...rows.map((row) => row.frame ?? 0), ...lines.map((line) => line.table.frame)];
  const guests = [...rows, ...lines.map((line) => line.table)].flatMap((numbered) => numbered.guestFrame ?? numbered.expectedGuestFrame ?? []);
  return {
    vaDigits: virtualShort(0, mode.virtualBits).length,
    entryDigits: mode.entryBytes === 4 ? 8 : mode.virtualBits === 32 && rows.every(fitsInTen) ? 10 : 16,
    frameDigits: Math.max(3, widest(frames)),
    guestDigits: guests.length === 0 ? 0 : Math.max(3, widest(guests)),
  };
}

const widest = (numbers: readonly number[]): number => hex(numbers.reduce((most, one) => Math.max(most, one), 0)).length;

const withoutXd = (high: number): number => (high & ~XD_HIGH) >>> 0;

const fitsInTen = (row: TableRow): boolean => withoutXd(row.high) < 0x100;

/** The entry in the column's digits; in ten, bit 63 stands in the flags alone. */
export function entryText(row: TableRow, { entryDigits }: Columns): string {
  if (entryDigits === 8) return hex(row.low >>> 0, 8);
  return hexWord64(entryDigits === 10 ? withoutXd(row.high) : row.high, row.low, entryDigits);
}

/** "428", "[3]" for a slot of a PAE root, "0–64". */
export function slotText(line: TreeLine): string {
  const { row, table } = line;
  if (!row) return table.name;
  if (row.count > 1) return `${row.firstSlot}–${row.lastSlot}`;
  return table.entries <= 4 ? `[${row.firstSlot}]` : String(row.firstSlot);
}

/** True where "by 2" stands after the slots. The row between a stride says it in its words. */
export const hasStride = ({ row }: TreeLine): boolean => row !== undefined && row.step > 1 && !row.between;
