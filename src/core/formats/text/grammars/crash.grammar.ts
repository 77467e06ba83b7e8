import { debuggerWords } from '#core/formats/text/debugger-words.ts';
import type { Grammar, LineReader } from '#core/formats/text/grammar.ts';
import type { SourceLine } from '#core/formats/text/lines.ts';
import { placeOfDigits, type TextReading, type TextSpace } from '#core/formats/text/reading.ts';
import { SpaceGuess } from '#core/formats/text/space-guess.ts';

/** crash's `rd`: `ffff88800120a000:  8000000001206067 0000000000000000   g. .............` (crash memory.c; dump-formats 9.4). */
const crash: Grammar = { id: 'crash', label: 'crash’s rd', order: 45, begin: (reading) => new CrashReader(reading) };
export default crash;

/** Two blanks after the colon: xxd has one, QEMU's words have 0x. */
const ROW = /^ *([0-9a-f]{1,16}): {2}(?=[0-9a-f])/i;
const COMMAND = /^ *rd\b(.*)/;
const ROW_BYTES = 16;
/** -N prints in network order, -R backwards, -d, -D and -s no hex: none of them are the words in memory. */
const OTHER_ROWS = /(?:^| )-\w*[NRdDsS]/;

class CrashReader implements LineReader {
  readonly #reading: TextReading;
  #space: TextSpace | undefined;
  #left: string | undefined;
  readonly #guess: SpaceGuess;

  constructor(reading: TextReading) {
    this.#reading = reading;
    this.#guess = new SpaceGuess(reading, "crash's rows stand without their rd command");
  }

  read(line: SourceLine): boolean {
    if (line.prompt === 'crash') this.#command(line.text);
    const found = ROW.exec(line.text);
    if (found === null) return false;
    const row = debuggerWords(line.text, found[0].length, { line: line.number, start: line.start }, ROW_BYTES);
    if (row === undefined) return false;
    if (this.#left !== undefined) this.#reading.malformed(line, `rd${this.#left} prints no words as they lie in memory`);
    else this.#reading.words({ space: this.#spaceOf(line, found[1] ?? ''), ...placeOfDigits(found[1] ?? '') }, row.width, row.words);
    return true;
  }

  /** -p physical, -m machine (of Xen); else virtual. */
  #command(text: string): void {
    const options = COMMAND.exec(text)?.[1];
    this.#space = options === undefined ? undefined : /(?:^| )-\w*[pm]/.test(options) ? 'machine' : 'virtual';
    this.#left = options !== undefined && OTHER_ROWS.test(options) ? options.trimEnd() : undefined;
  }

  /** Kernel addresses are high; what is low may be a user's, but nobody reads physical memory by virtual addresses that low. */
  #spaceOf(line: SourceLine, address: string): TextSpace {
    if (this.#space !== undefined) return this.#space;
    const digits = address.replace(/^0+/, '');
    return this.#guess.take(line, digits.length === 16 || (digits.length === 8 && digits >= '8') ? 'virtual' : 'machine');
  }
}
