import { commas } from '#core/base/hex.ts';
import { hasText } from '#core/formats/fields.ts';
import type { BlockStore } from '#core/memory/block-store.ts';
import type { SequentialReader } from '#core/memory/sequential-reader.ts';
import { Bits } from './bzip2-bits.ts';
import { BlockUnpacker } from './bzip2-block.ts';
import type { Breakage } from './wrapper.ts';

/** 900,000 symbols of 20 bits, and the tables before them. */
const MOST_BLOCK_BYTES = 2_400_000;
const HEADER_BYTES = 4;
/** Magics of 48 bits, as two halves: of a block, and of the end. */
const BLOCK = [0x314159, 0x265359] as const;
const END = [0x177245, 0x385090] as const;

/**
 * All streams of a bzip2 file. Own code: the kept libraries (seek-bzip, unbzip2-stream, bz2) want Node's Buffer or the whole file at
 * once, and none stops at a limit or says where a file is damaged.
 */
export async function bunzip2(input: SequentialReader, output: BlockStore): Promise<Breakage | undefined> {
  while (!output.isFull) {
    const head = await input.peek(HEADER_BYTES);
    if (head.length === 0) return undefined;
    const level = (head[3] ?? 0) - 0x30;
    const isHeader = hasText(head, 0, 'BZh') && level >= 1 && level <= 9;
    if (isHeader) input.skip(HEADER_BYTES);
    const reason = isHeader ? await new Stream(level, input, output).unpack() : 'there is no bzip2 stream';
    if (reason !== undefined) return { fileOffset: input.offset, reason: `${reason} at byte ${commas(input.offset)}` };
  }
  return undefined;
}

class Stream {
  readonly #input: SequentialReader;
  readonly #output: BlockStore;
  readonly #unpacker: BlockUnpacker;
  /** Bits of the next byte that were read. */
  #bits = 0;
  #crc = 0;

  constructor(level: number, input: SequentialReader, output: BlockStore) {
    this.#input = input;
    this.#output = output;
    this.#unpacker = new BlockUnpacker(level * 100_000);
  }

  async unpack(): Promise<string | undefined> {
    while (!this.#output.isFull) {
      const bits = new Bits(await this.#input.peek(MOST_BLOCK_BYTES), this.#bits);
      const magic = [bits.take(24), bits.take(24)];
      const crc = bits.take32();
      if (bits.isPast) return 'it ends before it is complete,';
      if (same(magic, END)) return this.#end(bits, crc);
      if (!same(magic, BLOCK)) return 'there is no block where one is due,';
      const fault = this.#block(bits, crc);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  #block(bits: Bits, expected: number): string | undefined {
    // Kept back until its checksum is known: a block is 46 MB at most.
    const parts: Uint8Array[] = [];
    const { crc, fault } = this.#unpacker.unpack(bits, (bytes) => parts.push(bytes.slice()));
    if (bits.isPast) return 'it ends within a block';
    if (fault !== undefined) return fault;
    if (crc !== expected) return 'the checksum of a block is wrong';
    for (const part of parts) this.#output.append(part);
    this.#crc = ((this.#crc << 1) | (this.#crc >>> 31)) ^ crc;
    this.#goTo(bits.at);
    return undefined;
  }

  /** A stream ends with its checksum, and with the byte that this ends in. */
  #end(bits: Bits, expected: number): string | undefined {
    if (this.#crc >>> 0 !== expected) return 'the checksum of the stream is wrong';
    this.#input.skip(Math.ceil(bits.at / 8));
    return undefined;
  }

  #goTo(bit: number): void {
    this.#input.skip(bit >>> 3);
    this.#bits = bit & 7;
  }
}

const same = (magic: readonly number[], expected: readonly number[]): boolean => magic[0] === expected[0] && magic[1] === expected[1];
