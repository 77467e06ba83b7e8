import { lastWhere } from './last-where.ts';

/** Words as printed: two halves each, and where. */
export interface PrintedWords {
  readonly line: number;
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Index in the 8-bit text of each word's first character. */
  readonly at: readonly number[];
  /** Characters of one word, prefix included. */
  readonly chars: number;
}

/** The bytes a text printed, one after the other in the order read, and where each one's word stands in the text. */
export class PrintedBytes {
  #bytes = new Uint8Array(1 << 12);
  #size = 0;
  /** Per row: first byte, first word, bytes per word, characters per word, line. */
  readonly #rowAt: number[] = [];
  readonly #rowWord: number[] = [];
  readonly #rowWidth: number[] = [];
  readonly #rowChars: number[] = [];
  readonly #rowLine: number[] = [];
  /** Per word: index in the text. */
  readonly #wordAt: number[] = [];
  /** Words in order of their place in the text; made when first asked, and only if they are not so already. */
  #wordsInOrder: Uint32Array | undefined;

  get size(): number {
    return this.#size;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  /** Stores a row; returns the index of its first byte. */
  words(width: number, row: PrintedWords): number {
    const start = this.#size;
    this.#reserve(width * row.low.length);
    this.#rowAt.push(start);
    this.#rowWord.push(this.#wordAt.length);
    this.#rowWidth.push(width);
    this.#rowChars.push(row.chars);
    this.#rowLine.push(row.line);
    for (let i = 0; i < row.low.length; i++) {
      this.#store(width, row.low[i] ?? 0, row.high[i] ?? 0);
      this.#wordAt.push(row.at[i] ?? 0);
    }
    return start;
  }

  #reserve(more: number): void {
    if (this.#size + more <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#size + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  #store(width: number, low: number, high: number): void {
    for (let byte = 0; byte < width; byte++) this.#bytes[this.#size++] = byte < 4 ? low >>> (byte * 8) : high >>> ((byte - 4) * 8);
  }

  /** Words printed with 4 and with 8 bytes. */
  wordWidths(): { readonly bytes4: number; readonly bytes8: number } {
    const counts = { bytes4: 0, bytes8: 0 };
    this.#rowWidth.forEach((width, row) => {
      const words = (this.#rowWord[row + 1] ?? this.#wordAt.length) - (this.#rowWord[row] ?? 0);
      if (width === 4) counts.bytes4 += words;
      else if (width === 8) counts.bytes8 += words;
    });
    return counts;
  }

  /** Line of the text that printed a byte. */
  lineOf(index: number): number {
    return this.#rowLine[lastAtOrBelow(this.#rowAt, index)] ?? 0;
  }

  /** Index in the text of the first character of the word that a byte belongs to. */
  textIndexOf(index: number): number {
    const row = lastAtOrBelow(this.#rowAt, index);
    const word = (this.#rowWord[row] ?? 0) + Math.floor((index - (this.#rowAt[row] ?? 0)) / (this.#rowWidth[row] ?? 1));
    return this.#wordAt[word] ?? 0;
  }

  /** First byte of the word that stands at an index of the text; undefined between words. */
  byteAtText(textIndex: number): number | undefined {
    const order = this.#order();
    const word = order[lastWhere(order.length, (index) => (this.#wordAt[order[index] ?? 0] ?? 0) <= textIndex)];
    if (word === undefined) return undefined;
    const row = lastAtOrBelow(this.#rowWord, word);
    const after = (this.#wordAt[word] ?? 0) + (this.#rowChars[row] ?? 0);
    return textIndex < after ? (this.#rowAt[row] ?? 0) + (word - (this.#rowWord[row] ?? 0)) * (this.#rowWidth[row] ?? 1) : undefined;
  }

  #order(): Uint32Array {
    this.#wordsInOrder ??= Uint32Array.from(this.#wordAt, (_, word) => word).sort((a, b) => (this.#wordAt[a] ?? 0) - (this.#wordAt[b] ?? 0));
    return this.#wordsInOrder;
  }
}

/** Last index of an ascending column whose value is at most `value`; -1 if none. */
const lastAtOrBelow = (column: readonly number[], value: number): number => lastWhere(column.length, (index) => (column[index] ?? 0) <= value);
