import { commas } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import { Fields } from '#core/formats/fields.ts';
import { parseRange, RANGE_HEADER_BYTES, type RangeKind } from '#core/formats/lime/range-header.ts';
import { BlockRows, BlockSource } from '#core/memory/block-source.ts';
import { BlockStore } from '#core/memory/block-store.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import type { Extent } from '#core/memory/extents.ts';
import type { LossySource } from '#core/memory/lossy-source.ts';
import { SequentialReader } from '#core/memory/sequential-reader.ts';
import { CHUNK_HEADER_BYTES, type ChunkStart, MOST_CHUNK_START_BYTES, MOST_UNPACKED_BYTES, parseChunkStart, unpackChunk } from './snappy-chunks.ts';

/** Blocks of a range hold 16 MiB at most since 2022: enough for 16 TiB of them. */
const MOST_RANGES = 1_000_000;
const AVML: RangeKind = { magic: 'AVML', bytesText: '41 56 4d 4c', version: 2 };
/** Behind each range: how many bytes its chunks are together. */
const TRAILER_BYTES = 8;

export interface PackedRanges {
  /** The ranges one behind another, unpacked. */
  readonly bytes: LossySource;
  readonly extents: readonly Extent[];
  readonly problems: readonly Problem[];
}

/** Finds the chunks of all ranges: the file is read once, and nothing unpacked. @throws Cancelled */
export async function readPackedRanges(source: ByteSource, task: Task): Promise<PackedRanges> {
  const walk = new Walk(new SequentialReader(source, task, 'finding the chunks of AVML'), source.size);
  const problem = await walk.ranges();
  const bytes = new BlockSource(source, walk.chunks.table(), (packed, output) => unpackChunk(packed, output));
  return { bytes, extents: walk.extents, problems: problem === undefined ? [] : [problem] };
}

class Walk {
  readonly chunks = new BlockRows();
  readonly extents: Extent[] = [];
  readonly #input: SequentialReader;
  readonly #size: number;

  constructor(input: SequentialReader, size: number) {
    this.#input = input;
    this.#size = size;
  }

  /** Where a range is bad, what comes after it has no known place. */
  async ranges(): Promise<Problem | undefined> {
    while (this.#input.offset < this.#size) {
      const at = this.#input.offset;
      const header = await this.#input.take(RANGE_HEADER_BYTES);
      // Padding after the last range, as some tools leave.
      if (this.extents.length > 0 && header.every((byte) => byte === 0)) return undefined;
      const range = this.extents.length < MOST_RANGES ? parseRange(header, AVML) : `there are over ${commas(MOST_RANGES)} ranges`;
      if (typeof range === 'string') return this.#problem(at, `The range header at byte ${commas(at)} cannot be used: ${range}.`);
      const fileOffset = this.chunks.end;
      const fault = await this.#chunks(range.length);
      this.extents.push({ start: range.start, length: Math.min(range.length, this.chunks.end - fileOffset), fileOffset });
      if (fault !== undefined) return this.#problem(this.#input.offset, `The range that begins at byte ${commas(at)} ends too early: ${fault}.`);
    }
    return undefined;
  }

  #problem(fileOffset: number, text: string): Problem {
    return { kind: 'avml-range', text: `${text} Ranges from there on are not read.`, severity: 'loss', fileOffset };
  }

  /** Chunks until they make the whole range, and the trailer. */
  async #chunks(length: number): Promise<string | undefined> {
    const [from, begin] = [this.#input.offset, this.chunks.end];
    while (this.chunks.end - begin < length) {
      const at = this.#input.offset;
      const chunk = parseChunkStart(await this.#input.peek(MOST_CHUNK_START_BYTES));
      const place = `at byte ${commas(at)}`;
      if (typeof chunk === 'string') return `${chunk} ${place}`;
      const whole = CHUNK_HEADER_BYTES + chunk.bytes;
      if (at + whole > this.#size) return `the file ends within a chunk ${place}`;
      if (this.chunks.isFull) return `there are too many chunks ${place}`;
      const full = Math.min(MOST_UNPACKED_BYTES, length - (this.chunks.end - begin));
      if (chunk.unpackedBytes !== undefined) this.chunks.add(at, whole, await this.#lengthOf(chunk, full));
      this.#input.skip(whole);
    }
    return this.#trailer(this.#input.offset - from);
  }

  /** Avml fills its chunks. One that is not full is looked at closely: a damaged length would move all that comes after it. */
  async #lengthOf({ bytes, unpackedBytes }: ChunkStart, full: number): Promise<number> {
    if (unpackedBytes === full) return full;
    const unpacked = new BlockStore('', MOST_UNPACKED_BYTES);
    const fault = unpackChunk(await this.#input.peek(CHUNK_HEADER_BYTES + bytes), unpacked);
    return fault === undefined && unpacked.size > 0 ? unpacked.size : full;
  }

  async #trailer(chunkBytes: number): Promise<string | undefined> {
    const at = this.#input.offset;
    const trailer = await this.#input.take(TRAILER_BYTES);
    if (trailer.length < TRAILER_BYTES) return 'the file ends before the length of its chunks';
    const told = new Fields(trailer).u64(0);
    return told === chunkBytes ? undefined : `its chunks are ${commas(chunkBytes)} bytes, and it says ${commas(told)} at byte ${commas(at)}`;
  }
}
