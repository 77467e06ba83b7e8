import type { Bits } from './bzip2-bits.ts';

/** What stands before a block's symbols (bzip2 file format, "Block header"). */
export interface SymbolTables {
  /** The bytes that the block has, ascending: symbols 2 and up speak of places in this list. */
  readonly bytes: Uint8Array;
  /** Which code is used for each 50 symbols. */
  readonly selectors: Uint8Array;
  readonly codes: readonly Code[];
}

/** Symbols of the alphabet: two of run lengths, all bytes but the first, and the end. */
const MOST_SYMBOLS = 258;
const MOST_SELECTORS = 18002;
const MOST_BITS = 20;

/** Reads the tables, or says why they cannot be. */
export function readSymbolTables(bits: Bits): SymbolTables | string {
  const bytes = readBytes(bits);
  const codeCount = bits.take(3);
  const selectorCount = bits.take(15);
  if (bytes.length === 0 || codeCount < 2 || codeCount > 6 || selectorCount === 0) return 'it has a block whose tables cannot be';
  const selectors = readSelectors(bits, selectorCount, codeCount);
  const codes: Code[] = [];
  while (selectors !== undefined && codes.length < codeCount) {
    const lengths = readLengths(bits, bytes.length + 2);
    if (lengths === undefined) break;
    codes.push(new Code(lengths));
  }
  if (selectors === undefined || codes.length < codeCount) return 'it has a block whose codes cannot be';
  return { bytes, selectors, codes };
}

/** 16 bits say which sixteenths are used, then 16 for each that is. */
function readBytes(bits: Bits): Uint8Array {
  const sixteenths = bits.take(16);
  const used: number[] = [];
  for (let high = 0; high < 16; high++) {
    if (((sixteenths >>> (15 - high)) & 1) === 0) continue;
    const low = bits.take(16);
    for (let index = 0; index < 16; index++) if (((low >>> (15 - index)) & 1) === 1) used.push(high * 16 + index);
  }
  return Uint8Array.from(used);
}

/** Places in a move-to-front list, in unary. More than a block can need are read and dropped, as bzip2 1.0.8 does. */
function readSelectors(bits: Bits, count: number, codeCount: number): Uint8Array | undefined {
  const order = Array.from({ length: codeCount }, (_, index) => index);
  const selectors = new Uint8Array(Math.min(count, MOST_SELECTORS));
  for (let index = 0; index < count; index++) {
    let place = 0;
    while (place < codeCount && bits.take(1) === 1) place++;
    if (place === codeCount || bits.isPast) return undefined;
    const [chosen = 0] = order.splice(place, 1);
    order.unshift(chosen);
    if (index < MOST_SELECTORS) selectors[index] = chosen;
  }
  return selectors;
}

/** Code lengths, each as steps up or down from the one before. */
function readLengths(bits: Bits, symbols: number): Uint8Array | undefined {
  const lengths = new Uint8Array(symbols);
  let length = bits.take(5);
  for (let symbol = 0; symbol < symbols; symbol++) {
    while (isLength(length) && bits.take(1) === 1) length += bits.take(1) === 0 ? 1 : -1;
    if (!isLength(length) || bits.isPast) return undefined;
    lengths[symbol] = length;
  }
  return lengths;
}

const isLength = (length: number): boolean => length >= 1 && length <= MOST_BITS;

const FAST_BITS = 10;

/** A canonical Huffman code: a table for the short codes, the rule of first codes for the long. */
export class Code {
  /** By the next 10 bits: symbol × 32 + length; 0 = longer or none. */
  readonly #fast = new Uint16Array(1 << FAST_BITS);
  /** By length: the first 20-bit value that is no code of this length or shorter. */
  readonly #limit = new Int32Array(MOST_BITS + 1);
  /** By length: what to add to the code for its place in `symbols`. */
  readonly #base = new Int32Array(MOST_BITS + 1);
  readonly #symbols: Uint16Array;

  constructor(lengths: Uint8Array) {
    this.#symbols = new Uint16Array(MOST_SYMBOLS);
    let code = 0;
    let place = 0;
    for (let length = 1; length <= MOST_BITS; length++) {
      this.#base[length] = place - code;
      for (let symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] !== length) continue;
        this.#symbols[place++] = symbol;
        if (length <= FAST_BITS) this.#fill(symbol, length, code);
        code++;
      }
      this.#limit[length] = code * 2 ** (MOST_BITS - length);
      code *= 2;
    }
  }

  /** The next symbol; -1 where there is none. */
  next(bits: Bits): number {
    const value = bits.peek(MOST_BITS);
    const fast = this.#fast[value >>> (MOST_BITS - FAST_BITS)] ?? 0;
    if (fast !== 0) {
      bits.skip(fast & 31);
      return fast >>> 5;
    }
    for (let length = 1; length <= MOST_BITS; length++) {
      if (value >= (this.#limit[length] ?? 0)) continue;
      bits.skip(length);
      return this.#symbols[(value >>> (MOST_BITS - length)) + (this.#base[length] ?? 0)] ?? -1;
    }
    return -1;
  }

  /** Lengths that are too many for a code overrun the table: what falls outside is dropped, and decodes as something else. */
  #fill(symbol: number, length: number, code: number): void {
    const step = 1 << (FAST_BITS - length);
    this.#fast.fill(symbol * 32 + length, code * step, (code + 1) * step);
  }
}
