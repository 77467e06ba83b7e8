import type { Bits } from './bzip2-bits.ts';
import { type Code, readSymbolTables, type SymbolTables } from './bzip2-symbols.ts';

const SYMBOLS_A_GROUP = 50;
const OUTPUT_BYTES = 64 * 1024;
/** Four equal bytes are followed by how many more there are. */
const RUN = 4;

export interface Unpacked {
  /** Of all bytes that came out, most significant bit first. */
  readonly crc: number;
  readonly fault?: string;
}

/** Unpacks blocks one after another, in room that is made once. */
export class BlockUnpacker {
  /** Low 8 bits: a byte of the sorted block; above: where the byte after it stands. */
  readonly #links: Uint32Array;
  readonly #output = new Uint8Array(OUTPUT_BYTES);

  constructor(blockBytes: number) {
    this.#links = new Uint32Array(blockBytes);
  }

  /** From behind the block's magic and checksum. `emit` copies what it is given. Faults found later leave what came out before. */
  unpack(bits: Bits, emit: (bytes: Uint8Array) => void): Unpacked {
    const isRandomised = bits.take(1) === 1;
    const origin = bits.take(24);
    if (isRandomised) return { crc: 0, fault: 'it has a randomised block, as only bzip2 before 0.9.5 wrote' };
    const tables = readSymbolTables(bits);
    if (typeof tables === 'string') return { crc: 0, fault: tables };
    const length = readSymbols(bits, tables, this.#links);
    if (length < 0 || origin >= length) return { crc: 0, fault: 'it has a damaged block' };
    link(this.#links, length);
    return { crc: this.#follow(origin, length, emit) };
  }

  /** Follows the links through the block, and spreads its runs. */
  #follow(origin: number, length: number, emit: (bytes: Uint8Array) => void): number {
    const links = this.#links;
    const out = new Out(this.#output, emit);
    let at = (links[origin] ?? 0) >>> 8;
    let last = -1;
    let equal = 0;
    for (let left = length; left > 0; left--) {
      const entry = links[at] ?? 0;
      const byte = entry & 0xff;
      at = entry >>> 8;
      if (equal === RUN) {
        out.repeat(last, byte);
        equal = 0;
        last = -1;
        continue;
      }
      equal = byte === last ? equal + 1 : 1;
      last = byte;
      out.put(byte);
    }
    return out.end();
  }
}

/** Run lengths and move-to-front places to bytes, in the low 8 bits of `links`. Returns how many, or -1. */
function readSymbols(bits: Bits, { bytes, selectors, codes }: SymbolTables, links: Uint32Array): number {
  const sorted = new SortedBytes(bytes, links);
  for (const selector of selectors) {
    const code = codes[selector];
    const outcome = code === undefined || bits.isPast ? 'bad' : readGroup(bits, code, bytes.length + 1, sorted);
    if (outcome !== 'more') return outcome === 'end' ? sorted.end() : -1;
  }
  return -1;
}

/** The 50 symbols of one code, or fewer where `end` is among them. */
function readGroup(bits: Bits, code: Code, end: number, sorted: SortedBytes): 'more' | 'end' | 'bad' {
  for (let index = 0; index < SYMBOLS_A_GROUP; index++) {
    const symbol = code.next(bits);
    if (symbol === end) return 'end';
    if (symbol < 0 || symbol > end || !sorted.take(symbol)) return 'bad';
  }
  return 'more';
}

/** The last column of the sorted block, as it is filled. */
class SortedBytes {
  readonly #order: Uint8Array;
  readonly #links: Uint32Array;
  #length = 0;
  #run = 0;
  #weight = 1;

  constructor(bytes: Uint8Array, links: Uint32Array) {
    this.#order = bytes.slice();
    this.#links = links;
  }

  /** False where the block would be longer than it may be. */
  take(symbol: number): boolean {
    if (symbol < 2) {
      // Bijective base 2: RUNA is 1 and RUNB 2 at each place.
      this.#run += this.#weight * (symbol + 1);
      this.#weight *= 2;
      return this.#length + this.#run <= this.#links.length;
    }
    if (this.#run > 0) this.#endRun();
    if (this.#length === this.#links.length) return false;
    this.#links[this.#length++] = toFront(this.#order, symbol - 1);
    return true;
  }

  end(): number {
    this.#endRun();
    return this.#length;
  }

  #endRun(): void {
    this.#links.fill(this.#order[0] ?? 0, this.#length, this.#length + this.#run);
    this.#length += this.#run;
    this.#run = 0;
    this.#weight = 1;
  }
}

function toFront(order: Uint8Array, place: number): number {
  const byte = order[place] ?? 0;
  if (place < 16) for (let at = place; at > 0; at--) order[at] = order[at - 1] ?? 0;
  else order.copyWithin(1, 0, place);
  order[0] = byte;
  return byte;
}

/** The inverse of Burrows and Wheeler: the n-th of a byte in the last column is the n-th of it in the sorted first. */
function link(links: Uint32Array, length: number): void {
  const next = new Uint32Array(256);
  for (let at = 0; at < length; at++) {
    const byte = (links[at] ?? 0) & 0xff;
    next[byte] = (next[byte] ?? 0) + 1;
  }
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = next[byte] ?? 0;
    next[byte] = sum;
    sum += count;
  }
  for (let at = 0; at < length; at++) {
    const byte = (links[at] ?? 0) & 0xff;
    const place = next[byte] ?? 0;
    next[byte] = place + 1;
    links[place] = (links[place] ?? 0) | (at << 8);
  }
}

const POLYNOMIAL = 0x04c11db7;
const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
  return crc;
});

class Out {
  readonly #bytes: Uint8Array;
  readonly #emit: (bytes: Uint8Array) => void;
  #at = 0;
  #crc = -1;

  constructor(bytes: Uint8Array, emit: (bytes: Uint8Array) => void) {
    this.#bytes = bytes;
    this.#emit = emit;
  }

  put(byte: number): void {
    if (this.#at === OUTPUT_BYTES) this.#flush();
    this.#bytes[this.#at++] = byte;
  }

  repeat(byte: number, count: number): void {
    for (let left = count; left > 0; left--) this.put(byte);
  }

  /** The checksum, unsigned. */
  end(): number {
    this.#flush();
    return ~this.#crc >>> 0;
  }

  #flush(): void {
    let crc = this.#crc;
    const bytes = this.#bytes;
    for (let at = 0; at < this.#at; at++) crc = (crc << 8) ^ (crcTable[(crc >>> 24) ^ (bytes[at] ?? 0)] ?? 0);
    this.#crc = crc;
    this.#emit(bytes.subarray(0, this.#at));
    this.#at = 0;
  }
}
