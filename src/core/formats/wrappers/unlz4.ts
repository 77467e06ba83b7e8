import { commas } from '#core/base/hex.ts';
import type { BlockStore } from '#core/memory/block-store.ts';
import type { SequentialReader } from '#core/memory/sequential-reader.ts';
import { HISTORY_BYTES, unpackBlock } from './lz4-block.ts';
import { hasRightChecksum, type Lz4Block, peekBlock, takeFrameEnd } from './lz4-blocks.ts';
import { type Lz4Frame, MOST_HEADER_BYTES, parseLz4Start } from './lz4-frame.ts';
import type { Breakage } from './wrapper.ts';
import { Xxh32 } from './xxh32.ts';

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
      const block = await peekBlock(this.#frame, this.#input);
      if (block === 'end') return this.#end();
      if ('fault' in block) return block.fault;
      if (!hasRightChecksum(block)) return 'the checksum of a block is wrong';
      if (!this.#unpackBlock(block)) return 'it has a damaged block';
      this.#input.skip(block.wholeBytes);
    }
    return undefined;
  }

  #unpackBlock({ bytes: packed, isStored }: Lz4Block): boolean {
    const start = this.#history;
    if (isStored) this.#room.set(packed, start);
    const limit = this.#room.subarray(0, start + this.#frame.blockBytes);
    const end = isStored ? start + packed.length : unpackBlock(packed, limit, start);
    if (end < 0) return false;
    const bytes = this.#room.subarray(start, end);
    this.#output.append(bytes);
    if (this.#frame.hasContentChecksum) this.#hash.update(bytes);
    if (!this.#frame.isIndependent) this.#keepHistory(end);
    return true;
  }

  #keepHistory(end: number): void {
    this.#history = Math.min(HISTORY_BYTES, end);
    this.#room.copyWithin(0, end - this.#history, end);
  }

  async #end(): Promise<string | undefined> {
    const end = await takeFrameEnd(this.#frame, this.#input);
    if ('fault' in end) return end.fault;
    return end.checksum === undefined || end.checksum === this.#hash.digest() ? undefined : 'the checksum of its content is wrong';
  }
}
