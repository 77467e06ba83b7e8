import { FRAME_BYTES, FRAME_END } from '#core/memory/address.ts';
import type { TextPlace } from './annotation.ts';
import type { SourceLine } from './lines.ts';
import { bytesBetween, placeAfter, placeOfDigits, type TextReading } from './reading.ts';

/** Bytes of one row of a file dump, in address order, and the index in the line of each. */
export interface ByteRow {
  readonly address: string;
  readonly bytes: readonly number[];
  readonly at: readonly number[];
}

interface LastRow {
  readonly line: SourceLine;
  readonly place: TextPlace;
  readonly bytes: readonly number[];
  readonly at: readonly number[];
}

/** Bytes that "*" may repeat in one text: a row of anything but zeros, printed once and told to fill gigabytes, is no memory. */
const MOST_REPEATED = 1024 * 1024;
/** Rows of a file dump, whose addresses are places in a file: taken as machine addresses, as in raw memory. "*" repeats the row before. */
export class ByteRows {
  readonly #reading: TextReading;
  readonly #tool: string;
  #last: LastRow | undefined;
  #star: SourceLine | undefined;
  #repeated = 0;
  #told = false;

  constructor(reading: TextReading, tool: string) {
    this.#reading = reading;
    this.#tool = tool;
  }

  get isOpen(): boolean {
    return this.#last !== undefined;
  }

  row(line: SourceLine, { address, bytes, at }: ByteRow): void {
    const place = placeOfDigits(address);
    if (place.page >= FRAME_END) {
      this.#reading.malformed(line, 'its address has more than 52 bits');
      return;
    }
    this.#tellSpace(line);
    this.#fillTo(place);
    const placed = { line, place, bytes, at: at.map((index) => index + line.start) };
    this.#store(placed, place, line.number);
    this.#last = placed;
  }

  /** "*": the row before goes on until the next address. */
  star(line: SourceLine): boolean {
    if (this.#last === undefined) return false;
    this.#star = line;
    return true;
  }

  /** An address alone, as the last line: it ends a repetition. */
  end(address: string): void {
    this.#fillTo(placeOfDigits(address));
    this.#last = undefined;
  }

  close(): void {
    this.#last = undefined;
    this.#star = undefined;
  }

  #store({ bytes, at }: LastRow, place: TextPlace, line: number): void {
    const high = bytes.map(() => 0);
    this.#reading.words({ space: 'machine', ...place }, 1, { line, low: bytes, high, at, chars: 2 });
  }

  #fillTo(place: TextPlace): void {
    const last = this.#last;
    const star = this.#star;
    this.#star = undefined;
    if (last === undefined || star === undefined) return;
    const from = placeAfter(last.place, last.bytes.length);
    const length = bytesBetween(from, place);
    if (length <= 0 || place.page >= FRAME_END) return;
    if (last.bytes.every((byte) => byte === 0)) this.#reading.zeros({ space: 'machine', ...from }, length, 'zero', star.number);
    else this.#repeat(last, star, from, length);
  }

  #repeat(last: LastRow, star: SourceLine, from: TextPlace, length: number): void {
    if (last.bytes.length === 0 || this.#repeated + length > MOST_REPEATED) {
      this.#reading.malformed(star, `its "*" would repeat a row over ${Math.ceil(length / FRAME_BYTES)} pages`);
      return;
    }
    this.#repeated += length;
    // Whole pages of the pattern at a time: a row may be a single byte.
    const times = Math.ceil(FRAME_BYTES / last.bytes.length);
    const bytes = Array.from({ length: times }, () => last.bytes).flat();
    const at = Array.from({ length: times }, () => last.at).flat();
    for (let done = 0; done < length; done += bytes.length) {
      const part = Math.min(bytes.length, length - done);
      this.#store({ ...last, bytes: bytes.slice(0, part), at: at.slice(0, part) }, placeAfter(from, done), star.number);
    }
  }

  #tellSpace(line: SourceLine): void {
    if (this.#told) return;
    this.#told = true;
    this.#reading.problem(
      'text-file-offsets',
      'note',
      `Addresses of ${this.#tool} (from line ${line.number}) are places in a file; they are taken as machine addresses.`,
      line.start,
    );
  }
}
