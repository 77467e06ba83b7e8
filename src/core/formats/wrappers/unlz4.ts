import { commas } from '#core/base/hex.ts';
import { Fields } from '#core/formats/fields.ts';
import type { BlockStore } from '#core/memory/block-store.ts';
import type { SequentialReader } from '#core/memory/sequential-reader.ts';
import { HISTORY_BYTES, unpackBlock } from './lz4-block.ts';
import { isLz4Start, type Lz4Frame, MOST_HEADER_BYTES, parseLz4Start } from './lz4-frame.ts';
import type { Breakage } from './wrapper.ts';
import { Xxh32, xxh32 } from './xxh32.ts';

/**
 * All frames of an LZ4 file, current and legacy. Own code: lz4js, the one kept library without WebAssembly, wants the whole file at
 * once, has no limit, and does not know legacy frames.
 */
export async function unlz4(input: SequentialReader, output: BlockStore): Promise<Breakage | undefined> {
  let head = await input.peek(MOST_HEADER_BYTES);
  while (head.length > 0 && !output.isFull) {
    const reason = await unpackFrame(parseLz4Start(head), head, input, output);
    if (reason !== undefined) return { fileOffset: input.offset, reason: `${reason} at byte ${commas(input.offset)}` };
    head = await input.peek(MOST_HEADER_BYTES);
  }
  return undefined;
}

/** Why the frame cannot be unpacked (further), if so. */
async function unpackFrame(
  start: ReturnType<typeof parseLz4Start>,
  head: Uint8Array,
  input: SequentialReader,
  output: BlockStore,
): Promise<string | undefined> {
  if (start.kind === 'none') return start.reason;
  if (start.kind === 'skippable') {
    if (head.length < 8) return 'it ends within a header';
    input.skip(start.bytes);
    return undefined;
  }
  input.skip(start.headerBytes);
  return new Frame(start, input, output).unpack();
}

const CHECKSUM_BYTES = 4;
/** "Block Size": the highest bit says that the block is stored as it is. */
const STORED = 2 ** 31;

class Frame {
  readonly #frame: Lz4Frame;
  readonly #input: SequentialReader;
  readonly #output: BlockStore;
  /** History, then the block. */
  readonly #room: Uint8Array;
  #history = 0;
  readonly #hash = new Xxh32();

  constructor(frame: Lz4Frame, input: SequentialReader, output: BlockStore) {
    this.#frame = frame;
    this.#input = input;
    this.#output = output;
    this.#room = new Uint8Array(HISTORY_BYTES + frame.blockBytes);
  }

  async unpack(): Promise<string | undefined> {
    while (!this.#output.isFull) {
      const size = await this.#input.peek(4);
      if (this.#endsLegacy(size)) return undefined;
      if (size.length < 4) return 'it ends before it is complete,';
      const value = new Fields(size).u32(0);
      if (value === 0 && this.#frame.kind === 'data') return this.#end();
      const fault = await this.#block(value);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  /** A legacy frame has no end of its own: the file ends, or another frame's magic stands where a size would be. */
  #endsLegacy(size: Uint8Array): boolean {
    if (this.#frame.kind !== 'legacy') return false;
    return size.length === 0 || isLz4Start(size) || parseLz4Start(size).kind === 'skippable';
  }

  async #block(size: number): Promise<string | undefined> {
    const isStored = this.#frame.kind === 'data' && size >= STORED;
    const bytes = size - (isStored ? STORED : 0);
    if (bytes > packedAtMost(this.#frame, isStored)) return 'it has a block that cannot be,';
    const whole = 4 + bytes + (this.#frame.hasBlockChecksum ? CHECKSUM_BYTES : 0);
    const read = await this.#input.peek(whole);
    if (read.length < whole) return 'it ends within a block';
    const block = read.subarray(4, 4 + bytes);
    if (this.#frame.hasBlockChecksum && xxh32(block) !== new Fields(read).u32(4 + bytes)) return 'the checksum of a block is wrong';
    if (!this.#unpackBlock(block, isStored)) return 'it has a damaged block';
    this.#input.skip(whole);
    return undefined;
  }

  #unpackBlock(block: Uint8Array, isStored: boolean): boolean {
    const start = this.#history;
    if (isStored) this.#room.set(block, start);
    const limit = this.#room.subarray(0, start + this.#frame.blockBytes);
    const end = isStored ? start + block.length : unpackBlock(block, limit, start);
    if (end < 0) return false;
    const bytes = this.#room.subarray(start, end);
    this.#output.append(bytes);
    if (this.#frame.hasContentChecksum) this.#hash.update(bytes);
    this.#keepHistory(end);
    return true;
  }

  /** Blocks may refer to those before; legacy ones never do, and have none. Independent ones do not, so that keeping it does no harm. */
  #keepHistory(end: number): void {
    if (this.#frame.kind === 'legacy') return;
    this.#history = Math.min(HISTORY_BYTES, end);
    this.#room.copyWithin(0, end - this.#history, end);
  }

  async #end(): Promise<string | undefined> {
    const bytes = 4 + (this.#frame.hasContentChecksum ? CHECKSUM_BYTES : 0);
    const read = await this.#input.peek(bytes);
    if (read.length < bytes) return 'it ends before its checksum,';
    if (this.#frame.hasContentChecksum && new Fields(read).u32(4) !== this.#hash.digest()) return 'the checksum of its content is wrong';
    this.#input.skip(bytes);
    return undefined;
  }
}

/** A block that does not shrink is stored; legacy ones grow by LZ4_compressBound at most. */
function packedAtMost({ kind, blockBytes }: Lz4Frame, isStored: boolean): number {
  return isStored || kind === 'data' ? blockBytes : blockBytes + Math.floor(blockBytes / 255) + 16;
}
