import { ByteRows } from '#core/formats/text/byte-rows.ts';
import type { Grammar, LineReader } from '#core/formats/text/grammar.ts';
import type { SourceLine } from '#core/formats/text/lines.ts';
import type { TextReading } from '#core/formats/text/reading.ts';

/** `hexdump -C`: `00001000  67 20 12 00 00 00 00 80  00 00 00 00 00 00 00 00  |g ..............|`, "*" for rows alike, the end's address alone. */
const hexdump: Grammar = { id: 'hexdump', label: 'hexdump -C', order: 60, begin: (reading) => new HexdumpReader(reading) };
export default hexdump;

const ROW = /^ *([0-9a-f]{7,16}) {1,3}([0-9a-f]{2}(?: |$))/i;
const END = /^ *([0-9a-f]{7,16}) *$/i;
const STAR = /^ *\* *$/;
/** hexdump without -C: 16-bit words of the host. */
const WORDS = /^ *[0-9a-f]{7,8}(?: +[0-9a-f]{4}){4,8} *$/i;
const ROW_BYTES = 16;

class HexdumpReader implements LineReader {
  readonly #reading: TextReading;
  readonly #rows: ByteRows;
  #toldWords = false;

  constructor(reading: TextReading) {
    this.#reading = reading;
    this.#rows = new ByteRows(reading, 'hexdump');
  }

  read(line: SourceLine): boolean {
    const found = ROW.exec(line.text);
    if (found !== null) return this.#row(line, found[1] ?? '', found[0].length - (found[2] ?? '').length);
    if (STAR.test(line.text)) return this.#rows.star(line);
    const end = this.#rows.isOpen ? END.exec(line.text)?.[1] : undefined;
    if (end !== undefined) this.#rows.end(end);
    return end !== undefined || this.#words(line);
  }

  close(): void {
    this.#rows.close();
  }

  #row(line: SourceLine, address: string, from: number): boolean {
    const bar = line.text.indexOf('|', from);
    const hex = bar < 0 ? line.text : line.text.slice(0, bar);
    const bytes: number[] = [];
    const at: number[] = [];
    for (const token of hex.slice(from).matchAll(/[^ ]+/g)) {
      if (!/^[0-9a-f]{2}$/i.test(token[0])) return this.#odd(line, token[0], bar >= 0);
      if (bytes.length === ROW_BYTES) return this.#odd(line, token[0], bar >= 0);
      bytes.push(Number.parseInt(token[0], 16));
      at.push(from + token.index);
    }
    this.#rows.row(line, { address, bytes, at });
    return true;
  }

  /** Without its bars, a line with other words in it is prose. */
  #odd(line: SourceLine, token: string, hasBar: boolean): boolean {
    if (hasBar) this.#reading.malformed(line, `"${token.slice(0, 40)}" is no byte of at most ${ROW_BYTES}`);
    return hasBar;
  }

  #words(line: SourceLine): boolean {
    if (!WORDS.test(line.text)) return false;
    if (!this.#toldWords) this.#reading.malformed(line, 'it has words of 16 bits, as hexdump without -C prints them (use hexdump -C)');
    this.#toldWords = true;
    return true;
  }
}
