import type { Grammar, LineReader } from '#core/formats/text/grammar.ts';
import type { SourceLine } from '#core/formats/text/lines.ts';
import { placeOfDigits, type TextReading } from '#core/formats/text/reading.ts';

/** WinDbg's `!pte`: a line that says where the entries are (`PDE at C0300800  PTE at C0200550`), and one of what they contain. */
const windbgPte: Grammar = { id: 'windbg-pte', label: 'WinDbg’s !pte', order: 32, begin: (reading) => new PteReader(reading) };
export default windbgPte;

const ENTRIES = /\b(?:PXE|PPE|PDE|PTE) at ([0-9a-f]{8}`?[0-9a-f]{8}|[0-9a-f]{8})\b/gi;
const CONTENTS = /\b(?:contains ([0-9a-f]{8}`?[0-9a-f]{8}|[0-9a-f]{8})\b|unable to get|not valid|contains unavailable)/gi;
/** Other lines, as of wrapped mail, may stand between. */
const SPREAD = 3;

class PteReader implements LineReader {
  readonly #reading: TextReading;
  #entries: readonly string[] = [];
  #line = 0;

  constructor(reading: TextReading) {
    this.#reading = reading;
  }

  read(line: SourceLine): boolean {
    const entries = [...line.text.matchAll(ENTRIES)].map(([, digits = '']) => digits.replace('`', ''));
    if (entries.length > 0) {
      this.#entries = entries;
      this.#line = line.number;
      return true;
    }
    if (this.#entries.length === 0 || line.number - this.#line > SPREAD) return false;
    return this.#contents(line);
  }

  close(): void {
    this.#entries = [];
  }

  #contents(line: SourceLine): boolean {
    const found = [...line.text.matchAll(CONTENTS)];
    if (found.length === 0) return false;
    found.forEach(({ 0: all, 1: word, index }, number) => {
      const address = this.#entries[number];
      if (address !== undefined && word !== undefined) this.#entry(line, address, word, index + all.length - word.length);
    });
    this.#entries = [];
    return true;
  }

  #entry(line: SourceLine, address: string, word: string, at: number): void {
    const digits = word.replace('`', '');
    const words = {
      line: line.number,
      low: [Number.parseInt(digits.slice(-8), 16)],
      high: [digits.length > 8 ? Number.parseInt(digits.slice(0, -8), 16) : 0],
      at: [line.start + at],
      chars: word.length,
    };
    this.#reading.words({ space: 'virtual', ...placeOfDigits(address) }, digits.length / 2, words);
  }
}
