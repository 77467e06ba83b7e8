import { type DebuggerWords, debuggerWords } from '#core/formats/text/debugger-words.ts';
import type { Grammar, LineReader } from '#core/formats/text/grammar.ts';
import type { SourceLine } from '#core/formats/text/lines.ts';
import { placeOfDigits, type TextReading, type TextSpace } from '#core/formats/text/reading.ts';

/** WinDbg's `db`, `dw`, `dd`, `dq`, `dp`, `dc`, `dps` (virtual) and `!db`, `!dd`, `!dq`, `!dc` (physical): dump-formats 9.5. */
const windbg: Grammar = { id: 'windbg', label: 'WinDbg’s d and !d', order: 34, begin: (reading) => new WindbgReader(reading) };
export default windbg;

/** `82b6c000  00187863 …`, `fffff6fb`7dbed000  00000000`00187863 …`. */
const VIRTUAL = /^ *([0-9a-f]{8}|[0-9a-f]{8}`[0-9a-f]{8}) {2}(?=[0-9a-f?])/i;
/** `#  187c00 00187863 …`: only physical rows begin so. */
const PHYSICAL = /^ *# *([0-9a-f]{1,8}|[0-9a-f]{1,8}`[0-9a-f]{8}) +(?=[0-9a-f?])/i;
const BYTES_WITH_DASH = /^(?:[0-9a-f]{2} ){7}[0-9a-f]{2}-[0-9a-f]{2}\b/i;
const FOUR_WORDS = /^(?:[0-9a-f]{8} +){3}[0-9a-f]{8}(?: |$)/i;
const COMMAND = /^ *!?d[abcdpqw]s?\b/i;
const COLUMNS = /\/c *([0-9a-f]{1,2})\b/i;
const ROW_BYTES = 16;
const MOST_ROW_BYTES = 0x80 * 8;

class WindbgReader implements LineReader {
  readonly #reading: TextReading;
  /** After a command that prints rows, and until the next prompt: any row is one. */
  #asked = false;
  #rowBytes = ROW_BYTES;

  constructor(reading: TextReading) {
    this.#reading = reading;
  }

  read(line: SourceLine): boolean {
    if (line.prompt !== undefined) this.#command(line);
    const physical = PHYSICAL.exec(line.text);
    const found = physical ?? VIRTUAL.exec(line.text);
    if (found === null) return false;
    const rest = line.text.slice(found[0].length);
    if (physical === null && !this.#isRow(found[1] ?? '', rest)) return false;
    const space = physical === null ? 'virtual' : 'machine';
    if (rest.startsWith('?')) return this.#unreadable(line, space, found[1] ?? '');
    const row = debuggerWords(line.text, found[0].length, { line: line.number, start: line.start }, this.#rowBytes);
    return row !== undefined && this.#row(space, found[1] ?? '', row);
  }

  #command({ prompt, text }: SourceLine): void {
    this.#asked = prompt === 'kd' && COMMAND.test(text);
    const columns = COLUMNS.exec(text)?.[1];
    // As many words as the longest row that /c asks for; their width is in the row itself.
    this.#rowBytes = this.#asked && columns !== undefined ? Math.min(MOST_ROW_BYTES, Number.parseInt(columns, 16) * 8) : ROW_BYTES;
  }

  /** Without its command a row is only taken if nothing else prints one like it. */
  #isRow(address: string, rest: string): boolean {
    return this.#asked || address.includes('`') || BYTES_WITH_DASH.test(rest) || FOUR_WORDS.test(rest);
  }

  #row(space: TextSpace, address: string, { width, words, stop }: DebuggerWords): boolean {
    if (stop?.startsWith('?')) this.#unreadableFrom(words.line, space, address, words.low.length * width);
    this.#reading.words({ space, ...placeOfDigits(address.replace('`', '')) }, width, words);
    return true;
  }

  #unreadable(line: SourceLine, space: TextSpace, address: string): boolean {
    this.#unreadableFrom(line.number, space, address, 0);
    return true;
  }

  #unreadableFrom(line: number, space: TextSpace, address: string, bytes: number): void {
    const text = bytes === 0 ? `WinDbg: no memory at ${address}` : `WinDbg: no memory from byte ${bytes} of the row at ${address}`;
    this.#reading.annotate({ kind: 'unreadable', line, space, digits: address.replace('`', ''), text });
  }
}
