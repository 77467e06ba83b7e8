import type { HexLine, HexRow } from './hex-row.ts';
import type { SourceLine } from './lines.ts';
import { placeOfDigits, type TextReading, type TextSpace } from './reading.ts';

/** Words of one row, with places in the text instead of in the line. */
interface Pending {
  readonly line: SourceLine;
  readonly space: TextSpace;
  readonly row: HexRow;
  readonly at: number[];
  /** Line that last added to it. */
  until: number;
}

/**
 * The last row seen, kept until it is known to be whole: a mail program may have wrapped its words onto the next line. For tools whose
 * digits tell the width of a word: two a byte.
 */
export class OpenRow {
  readonly #reading: TextReading;
  readonly #rowBytes: number;
  #pending: Pending | undefined;

  constructor(reading: TextReading, rowBytes: number) {
    this.#reading = reading;
    this.#rowBytes = rowBytes;
  }

  begin(line: SourceLine, row: HexRow, space: TextSpace): void {
    this.close();
    this.#pending = { line, space, row, at: row.at.map((at) => at + line.start), until: line.number };
  }

  /** Takes words that stand at the beginning of the next line, if they fit into the row. */
  goOn(line: SourceLine, found: HexLine): boolean {
    const more = found.rows[0];
    const pending = this.#pending;
    if (more === undefined || pending === undefined || found.rows.length > 1 || found.rest !== '') return false;
    if (line.number - pending.until > 1 || !this.#fits(pending.row, more)) return false;
    pending.row.low.push(...more.low);
    pending.row.high.push(...more.high);
    pending.at.push(...more.at.map((at) => at + line.start));
    pending.row.digits = more.digits;
    pending.until = line.number;
    return true;
  }

  #fits(row: HexRow, more: HexRow): boolean {
    if (more.bad !== undefined || more.digits <= 0 || (row.digits !== 0 && row.digits !== more.digits)) return false;
    return ((row.low.length + more.low.length) * more.digits) / 2 <= this.#rowBytes;
  }

  close(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending === undefined || pending.row.address === undefined) return;
    const fault = faultOf(pending.row);
    if (fault !== undefined) this.#reading.malformed(pending.line, fault);
    else if (pending.row.low.length > 0) this.#commit(pending, pending.row.address);
  }

  #commit({ row, at, line, space }: Pending, address: string): void {
    const { low, high, digits } = row;
    this.#reading.words({ space, ...placeOfDigits(address) }, digits / 2, { line: line.number, low, high, at, chars: digits + 2 });
  }
}

/** What is wrong with a row's words; undefined if nothing is. */
function faultOf({ bad, digits, low }: HexRow): string | undefined {
  if (bad !== undefined) return `"${bad.slice(0, 40)}" is no hex word`;
  if (digits === -1) return 'its words differ in width';
  if (low.length > 0 && ![2, 4, 8, 16].includes(digits)) return `its words have ${digits} digits, and only 2, 4, 8 or 16 tell their width`;
  return undefined;
}
