import { ByteRows } from '#core/formats/text/byte-rows.ts';
import type { Grammar, LineReader } from '#core/formats/text/grammar.ts';
import type { SourceLine } from '#core/formats/text/lines.ts';
import type { TextReading } from '#core/formats/text/reading.ts';

/** `xxd`: `00001000: 6720 1200 0000 0080 0000 0000 0000 0000  g ..............`, groups of any size (-g), reversed ones (-e), "*" (-a). */
const xxd: Grammar = { id: 'xxd', label: 'xxd', order: 50, begin: (reading) => new XxdReader(reading) };
export default xxd;

/** crash puts two blanks after the colon, xxd one. */
const ROW = /^ *([0-9a-f]{8,16}): (?=[0-9a-f]{2})/i;
const STAR = /^ *\* *$/;
/** Bytes of a row whose text column is not set off (a mail program has squeezed the blanks). */
const USUAL_BYTES = 16;
const MOST_BYTES = 256;

interface Group {
  readonly digits: string;
  /** Index in the line. */
  readonly at: number;
}

class XxdReader implements LineReader {
  readonly #reading: TextReading;
  readonly #rows: ByteRows;

  constructor(reading: TextReading) {
    this.#reading = reading;
    this.#rows = new ByteRows(reading, 'xxd');
  }

  read(line: SourceLine): boolean {
    if (STAR.test(line.text)) return this.#rows.star(line);
    const found = ROW.exec(line.text);
    if (found === null) return false;
    const from = found[0].length;
    const setOff = line.text.indexOf('  ', from);
    const groups = groupsOf(line.text.slice(0, setOff < 0 ? line.text.length : setOff), from, setOff < 0 ? USUAL_BYTES : MOST_BYTES);
    const bad = groups.find(({ digits }) => digits.length % 2 !== 0 || !/^[0-9a-f]+$/i.test(digits));
    if (bad !== undefined) return this.#odd(line, bad.digits, setOff >= 0);
    this.#row(line, found[1] ?? '', groups, setOff < 0 ? '' : line.text.slice(setOff + 2));
    return true;
  }

  close(): void {
    this.#rows.close();
  }

  #row(line: SourceLine, address: string, groups: readonly Group[], column: string): void {
    const plain = groups.flatMap((group) => bytesOf(group, false));
    const reversed = groups.flatMap((group) => bytesOf(group, true));
    // Only the text column tells -e from -g: it is always in the order of the file.
    const chosen = likeness(reversed, column) > likeness(plain, column) ? reversed : plain;
    this.#rows.row(line, { address, bytes: chosen.map(({ value }) => value), at: chosen.map(({ at }) => at) });
  }

  /** With no text column, a line with other words in it is prose. */
  #odd(line: SourceLine, digits: string, hasColumn: boolean): boolean {
    if (hasColumn) this.#reading.malformed(line, `"${digits.slice(0, 40)}" is no group of bytes`);
    return hasColumn;
  }
}

/** Groups up to a number of bytes; without a set-off column, the first word that is no group ends them. */
function groupsOf(text: string, from: number, most: number): Group[] {
  const groups: Group[] = [];
  let bytes = 0;
  for (const token of text.slice(from).matchAll(/[^ ]+/g)) {
    if (bytes >= most) break;
    if (most === USUAL_BYTES && groups.length > 0 && !/^[0-9a-f]{2,32}$/i.test(token[0])) break;
    groups.push({ digits: token[0], at: from + token.index });
    bytes += token[0].length / 2;
  }
  return groups;
}

interface PrintedByte {
  readonly value: number;
  readonly at: number;
}

function bytesOf({ digits, at }: Group, reversed: boolean): PrintedByte[] {
  const bytes: PrintedByte[] = [];
  for (let i = 0; i < digits.length; i += 2) bytes.push({ value: Number.parseInt(digits.slice(i, i + 2), 16), at: at + i });
  return reversed ? bytes.reverse() : bytes;
}

/** Bytes that the text column agrees with: the character itself, or a dot for what cannot be printed. */
function likeness(bytes: readonly PrintedByte[], column: string): number {
  const text = column.trimEnd();
  const start = Math.max(0, text.length - bytes.length);
  const scoreFrom = (from: number): number =>
    bytes.filter(({ value }, index) => text[from + index] === (value >= 0x20 && value < 0x7f ? String.fromCharCode(value) : '.')).length;
  return Math.max(scoreFrom(0), scoreFrom(start));
}
