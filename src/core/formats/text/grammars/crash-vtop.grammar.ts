import type { Grammar, LineReader } from '#core/formats/text/grammar.ts';
import type { SourceLine } from '#core/formats/text/lines.ts';
import { placeOfDigits, type TextReading, type TextSpace } from '#core/formats/text/reading.ts';

/** crash's `vtop`: the entries of one walk, each with where it lies (`PTE: c00941b8 => 2216063`). */
const crashVtop: Grammar = { id: 'crash-vtop', label: 'crash’s vtop', order: 46, begin: (reading) => new VtopReader(reading) };
export default crashVtop;

const ENTRY = /^ *(PGD|P4D|PUD|PMD|PTE): ([0-9a-f]{1,16}) => ([0-9a-f]{1,16})(?: \[machine\])? *$/i;

interface Entry {
  readonly level: string;
  readonly address: string;
  readonly value: string;
  readonly line: number;
  /** Index in the text of the value. */
  readonly at: number;
}

class VtopReader implements LineReader {
  readonly #reading: TextReading;
  #entries: Entry[] = [];

  constructor(reading: TextReading) {
    this.#reading = reading;
  }

  read(line: SourceLine): boolean {
    const [, level, address, value] = ENTRY.exec(line.text) ?? [];
    if (level === undefined || address === undefined || value === undefined) {
      this.close();
      return false;
    }
    if (level === 'PGD') this.close();
    this.#entries.push({ level, address, value, line: line.number, at: line.start + line.text.lastIndexOf(value) });
    return true;
  }

  /** The width of an entry follows from all levels of a walk: values are printed without leading zeros. */
  close(): void {
    const entries = this.#entries;
    this.#entries = [];
    const of = (name: string): Entry | undefined => entries.find(({ level }) => level === name);
    const long = of('PUD') !== undefined || of('P4D') !== undefined;
    // Without PAE a PMD is the PGD itself, printed twice (crash x86.c).
    const folded = of('PMD')?.address === of('PGD')?.address;
    const width = long || (of('PMD') !== undefined && !folded) ? 8 : 4;
    for (const entry of entries) if (entry.level !== 'PMD' || !folded || long) this.#store(entry, width, spaceOf(entry, long));
  }

  #store({ address, value, line, at }: Entry, width: 4 | 8, space: TextSpace): void {
    const low = [Number.parseInt(value.slice(-8), 16)];
    const high = [value.length > 8 ? Number.parseInt(value.slice(0, -8), 16) : 0];
    if (width === 8 || value.length <= 8)
      this.#reading.words({ space, ...placeOfDigits(address) }, width, { line, low, high, at: [at], chars: value.length });
  }
}

/** On x86-64 all but the top level are printed by physical address (crash x86_64.c: FILL_PUD(pud_paddr, PHYSADDR)); else kernel addresses are high. */
function spaceOf({ level, address }: Entry, long: boolean): TextSpace {
  if (long && level !== 'PGD') return 'machine';
  return address.length === 16 || (!long && address.length === 8 && address >= '8') ? 'virtual' : 'machine';
}
