import type { ByteSource } from './byte-source.ts';
import { type ByteRange, type ReadCounters, readRanges } from './read-ranges.ts';

export const BLOCK_BYTES = 64 * 1024;
/** 16 MiB in all. */
const KEPT_BLOCKS = 256;
/** A call that needs more new blocks than this reads its ranges directly: it would only wash the cache out. */
const FEW_BLOCKS = 64;

/** Reads ranges of a source through the last-used 64 KiB blocks, so that walking around does not read the same block again and again. */
export class BlockCache {
  readonly counters: ReadCounters = { reads: 0, bytes: 0 };
  /** In order of use, oldest first (a Map keeps the order of insertion). */
  readonly #blocks = new Map<number, Uint8Array>();
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Bytes of each range, in the order asked; each owns its bytes, and is shorter where the source ends. */
  async read(ranges: readonly ByteRange[]): Promise<Uint8Array[]> {
    const needed = blocksOf(ranges, this.#source.size);
    if (needed === undefined) return readRanges(this.#source, ranges, this.counters);
    const blocks = await this.#fetch(needed);
    return ranges.map((range) => gather(range, blocks, this.#source.size));
  }

  /** The blocks by number. Those known are taken before the others are read: meanwhile, and by keeping these, the cache may drop them. */
  async #fetch(needed: ReadonlySet<number>): Promise<ReadonlyMap<number, Uint8Array>> {
    const blocks = new Map<number, Uint8Array>();
    for (const block of needed) {
      const known = this.#blocks.get(block);
      if (known !== undefined) blocks.set(block, known);
    }
    const missing = [...needed].filter((block) => !blocks.has(block));
    const ranges = missing.map((block) => ({ offset: block * BLOCK_BYTES, length: BLOCK_BYTES }));
    const read = await readRanges(this.#source, ranges, this.counters);
    for (const [i, block] of missing.entries()) blocks.set(block, read[i] ?? new Uint8Array(0));
    for (const [block, bytes] of blocks) this.#keep(block, bytes);
    return blocks;
  }

  #keep(block: number, bytes: Uint8Array): void {
    this.#blocks.delete(block);
    this.#blocks.set(block, bytes);
    const oldest = this.#blocks.keys().next();
    if (this.#blocks.size > KEPT_BLOCKS && oldest.done !== true) this.#blocks.delete(oldest.value);
  }
}

/** Numbers of the blocks that the ranges touch; undefined if they are many. */
function blocksOf(ranges: readonly ByteRange[], size: number): Set<number> | undefined {
  const blocks = new Set<number>();
  for (const { offset, length } of ranges) {
    const end = Math.min(size, offset + length);
    for (let block = Math.floor(offset / BLOCK_BYTES); block * BLOCK_BYTES < end; block++) {
      blocks.add(block);
      if (blocks.size > FEW_BLOCKS) return undefined;
    }
  }
  return blocks;
}

/** Ends early where the source gave fewer bytes than its size promised: they must not turn into zeros. */
function gather(range: ByteRange, blocks: ReadonlyMap<number, Uint8Array>, size: number): Uint8Array {
  const end = Math.min(size, range.offset + range.length);
  const bytes = new Uint8Array(Math.max(0, end - range.offset));
  for (let at = range.offset; at < end; ) {
    const block = Math.floor(at / BLOCK_BYTES);
    const next = Math.min(end, (block + 1) * BLOCK_BYTES);
    const part = blocks.get(block)?.subarray(at - block * BLOCK_BYTES, next - block * BLOCK_BYTES) ?? new Uint8Array(0);
    bytes.set(part, at - range.offset);
    if (part.length < next - at) return bytes.slice(0, at - range.offset + part.length);
    at = next;
  }
  return bytes;
}
