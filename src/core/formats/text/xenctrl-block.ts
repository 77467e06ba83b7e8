import { FRAME_BYTES } from '#core/memory/address.ts';
import type { TextPlace } from './annotation.ts';
import type { HexLine, HexRow } from './hex-row.ts';
import type { SourceLine } from './lines.ts';
import { bytesBetween, placeAfter, placeOfDigits, type TextReading, type TextSpace } from './reading.ts';

/** What a command asked for. */
export interface XenctrlCommand {
  /** Bytes per word that the command's name promises. */
  readonly word: 4 | 8;
  /** True where `start` is a machine frame number. */
  readonly machine: boolean;
  /** Digits of the address or frame. */
  readonly start: string | undefined;
  readonly length: number | undefined;
}

interface BlockRow {
  readonly kind: 'row';
  readonly place: TextPlace;
  readonly line: SourceLine;
  readonly row: HexRow;
  readonly at: number[];
}
interface BlockGap {
  readonly kind: 'gap';
  readonly line: SourceLine;
}

/** Without a command to say how long the dump is, a "..." is taken to leave out at most this. */
const UNTOLD_GAP = 1024 * 1024;
/** The tool prints 32 bytes a row. */
const ROW_BYTES = 32;

/** The answer to one command: rows and gaps, read when it is whole, since only the rows' distance tells how wide a word is. */
export class XenctrlBlock {
  readonly #reading: TextReading;
  readonly #command: XenctrlCommand | undefined;
  readonly #items: (BlockRow | BlockGap)[] = [];
  #lastLine = 0;

  constructor(reading: TextReading, command: XenctrlCommand | undefined) {
    this.#reading = reading;
    this.#command = command;
  }

  add(line: SourceLine, { rows, gaps }: HexLine): void {
    this.#lastLine = line.number;
    rows.forEach((row, index) => {
      if (gaps.includes(index)) this.#items.push({ kind: 'gap', line });
      if (row.address === undefined) this.#goOn(line, row);
      else this.#items.push({ kind: 'row', place: this.#placeOf(row.address), line, row, at: row.at.map((at) => at + line.start) });
    });
    if (gaps.includes(rows.length)) this.#items.push({ kind: 'gap', line });
  }

  /** Whether words at the beginning of a line go on with the last row, which a mail program wrapped. */
  wraps(line: SourceLine, more: HexRow, rest: string): boolean {
    const last = this.#items.at(-1);
    if (last?.kind !== 'row' || rest !== '' || line.number - this.#lastLine > 1 || more.bad !== undefined) return false;
    return last.row.digits === 0 || last.row.digits === more.digits;
  }

  #goOn(line: SourceLine, more: HexRow): void {
    const last = this.#items.at(-1);
    if (last?.kind !== 'row') return;
    last.row.low.push(...more.low);
    last.row.high.push(...more.high);
    last.at.push(...more.at.map((at) => at + line.start));
    last.row.digits = more.digits;
  }

  /** Rows of a machine frame may be numbered from its start. */
  #placeOf(digits: string): TextPlace {
    const place = placeOfDigits(digits);
    if (this.#command?.machine !== true || place.page !== 0 || this.#command.start === undefined) return place;
    return { page: Number.parseInt(this.#command.start, 16), offset: place.offset };
  }

  /** Reads what was gathered. */
  finish(): void {
    const width = this.#width();
    const space: TextSpace = this.#command?.machine === true ? 'machine' : 'virtual';
    let end = this.#start();
    let gap: BlockGap | undefined;
    for (const item of this.#items) {
      if (item.kind === 'gap') gap = item;
      else {
        if (gap !== undefined && end !== undefined) this.#elided(space, end, item.place, gap.line);
        gap = undefined;
        end = this.#row(space, width, item);
      }
    }
    const last = this.#end();
    if (gap !== undefined && end !== undefined && last !== undefined) this.#elided(space, end, last, gap.line);
  }

  #start(): TextPlace | undefined {
    const { start, machine } = this.#command ?? {};
    if (start === undefined) return undefined;
    return machine === true ? { page: Number.parseInt(start, 16), offset: 0 } : placeOfDigits(start);
  }

  #end(): TextPlace | undefined {
    const start = this.#start();
    return start === undefined || this.#command?.length === undefined ? undefined : placeAfter(start, this.#command.length);
  }

  /** By the distance of neighbouring rows; then by the command's name; then by digits: 8 or fewer fill 4 bytes. */
  #width(): 4 | 8 {
    const words = this.#items.map((item, index) => wordBetween(item, this.#items[index + 1]));
    const of4 = words.filter((word) => word === 4).length;
    const of8 = words.filter((word) => word === 8).length;
    if (of4 !== of8) return of8 > of4 ? 8 : 4;
    return this.#command?.word ?? (this.#items.some((item) => item.kind === 'row' && item.row.digits > 8) ? 8 : 4);
  }

  /** Stores a row; returns the place after it. */
  #row(space: TextSpace, width: 4 | 8, { place, line, row, at }: BlockRow): TextPlace {
    if (row.says === 'zeros') {
      this.#reading.zeros({ space, ...place }, FRAME_BYTES - place.offset, 'zero', line.number);
      return placeAfter(place, FRAME_BYTES - place.offset);
    }
    const fault = faultOf(place, row, width);
    if (fault !== undefined) this.#reading.malformed(line, fault);
    else if (row.low.length > 0) {
      const { low, high, digits } = row;
      this.#reading.words({ space, ...place }, width, { line: line.number, low, high, at, chars: digits + 2 });
    }
    return placeAfter(place, row.low.length * width);
  }

  /** Rows left out between two places: what the tool (or who pasted it) dropped as zeros. */
  #elided(space: TextSpace, from: TextPlace, to: TextPlace, line: SourceLine): void {
    const length = bytesBetween(from, to);
    const most = this.#command?.length ?? UNTOLD_GAP;
    if (length > 0 && length <= most) this.#reading.zeros({ space, ...from }, length, 'assumed-zero', line.number);
  }
}

/** Bytes per word by which two neighbouring rows advance. */
function wordBetween(item: BlockRow | BlockGap, next: BlockRow | BlockGap | undefined): number | undefined {
  if (item.kind !== 'row' || next?.kind !== 'row') return undefined;
  return bytesBetween(item.place, next.place) / item.row.low.length;
}

function faultOf(place: TextPlace, { bad, digits, low, high }: HexRow, width: 4 | 8): string | undefined {
  if (bad !== undefined) return `"${bad.slice(0, 40)}" is no hex word`;
  if (digits === -1) return 'its words differ in width';
  if (place.offset % width !== 0) return `its address is no multiple of ${width}`;
  if (low.length * width > ROW_BYTES) return `it has ${low.length} words of ${width} bytes, and a row holds ${ROW_BYTES} bytes`;
  if (width === 4 && high.some((word) => word !== 0)) return 'a word is larger than the 4 bytes that rows advance by';
  return undefined;
}
