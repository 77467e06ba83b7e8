import { lastAtOrBelow } from '#core/base/bisect.ts';
import { commas } from '#core/base/hex.ts';
import { quietTask, type Task } from '#core/base/task.ts';
import { BlockRows, BlockSource } from '#core/memory/block-source.ts';
import type { BlockStore } from '#core/memory/block-store.ts';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import { SequentialReader } from '#core/memory/sequential-reader.ts';
import { unpackBlock, unpackedLength } from './lz4-block.ts';
import { hasRightChecksum, type Lz4Block, peekBlock, takeFrameEnd } from './lz4-blocks.ts';
import { type Lz4Frame, MOST_HEADER_BYTES, parseLz4Start } from './lz4-frame.ts';
import type { Breakage, View } from './wrapper.ts';

/**
 * An LZ4 file whose blocks refer to none before them, as `lz4` writes it unless told otherwise. Blocks do not tell how long they are
 * unpacked: their tokens do, so the file is read once, without unpacking it. Undefined where blocks are linked, or
 * may be shorter than they were.
 */
export async function viewLz4(source: ByteSource, task: Task): Promise<View | undefined> {
  const walk = new Walk(new SequentialReader(source, task, 'finding the blocks of lz4'));
  const fault = await walk.frames();
  if (fault === IRREGULAR || walk.rows.count < 2) return undefined;
  const frameOf = walk.frameOf();
  const view = new BlockSource(source, walk.rows.table(), (packed, output, block) => unpackInto(frameOf(block), packed, output));
  return fault === undefined ? { source: view } : { source: view, breakage: fault };
}

/** Not to be seen through. */
const IRREGULAR = 'irregular';

class Walk {
  readonly rows = new BlockRows();
  readonly #input: SequentialReader;
  readonly #frames: Lz4Frame[] = [];
  /** First block of each frame. */
  readonly #firsts: number[] = [];

  constructor(input: SequentialReader) {
    this.#input = input;
  }

  frameOf(): (block: number) => Lz4Frame | undefined {
    const firsts = Float64Array.from(this.#firsts);
    return (block) => this.#frames[lastAtOrBelow(firsts, block)];
  }

  async frames(): Promise<Breakage | typeof IRREGULAR | undefined> {
    for (let head = await this.#head(); head.length > 0; head = await this.#head()) {
      const start = parseLz4Start(head);
      const fault = start.kind === 'skippable' ? this.#input.skip(start.bytes) : await this.#frame(start);
      if (fault === undefined) continue;
      const { offset } = this.#input;
      return fault === IRREGULAR ? fault : { fileOffset: offset, reason: `${fault} at byte ${commas(offset)}` };
    }
    return undefined;
  }

  #head(): Promise<Uint8Array> {
    return this.#input.peek(MOST_HEADER_BYTES);
  }

  async #frame(start: Lz4Frame | { readonly kind: 'none'; readonly reason: string }): Promise<string | undefined> {
    if (start.kind === 'none') return start.reason;
    if (!start.isIndependent) return IRREGULAR;
    this.#input.skip(start.headerBytes);
    this.#frames.push(start);
    this.#firsts.push(this.rows.count);
    return this.#blocks(start);
  }

  /** Adds each block when it is known whether another follows: all but a frame's last are full, unless their writer was in a hurry. */
  async #blocks(frame: Lz4Frame): Promise<string | undefined> {
    let before: Found | undefined;
    let block = await peekBlock(frame, this.#input);
    for (; block !== 'end' && !('fault' in block); block = await peekBlock(frame, this.#input)) {
      if (before !== undefined && !this.#addInner(frame, before)) return IRREGULAR;
      before = { at: this.#input.offset, block, ...lengthOf(frame, block) };
      this.#input.skip(block.wholeBytes);
    }
    if (before !== undefined && !before.isSound) return 'it has a damaged block';
    if (before !== undefined) this.#add(before, before.length);
    return block === 'end' ? this.#end(frame) : block.fault;
  }

  /** False where a block is short for no reason that can be seen. One that is damaged is taken for full. */
  #addInner(frame: Lz4Frame, found: Found): boolean {
    const isOdd = found.isSound && found.length !== frame.blockBytes;
    if (isOdd && found.block.checksum === undefined) return false;
    this.#add(found, found.isSound ? found.length : frame.blockBytes);
    return true;
  }

  #add({ at, block }: Found, length: number): void {
    this.rows.add(at, block.wholeBytes, length);
  }

  async #end(frame: Lz4Frame): Promise<string | undefined> {
    const end = await takeFrameEnd(frame, this.#input);
    return 'fault' in end ? end.fault : undefined;
  }
}

interface Found {
  readonly at: number;
  readonly block: Lz4Block;
  readonly length: number;
  readonly isSound: boolean;
}

/** A block that is not full is looked at closely: a damaged length would move all that comes after it. */
function lengthOf(frame: Lz4Frame, block: Lz4Block): { readonly length: number; readonly isSound: boolean } {
  const length = block.isStored ? block.bytes.length : unpackedLength(block.bytes);
  if (length === frame.blockBytes || block.isStored) return { length, isSound: true };
  const unpacks = length >= 0 && length < frame.blockBytes && unpackBlock(block.bytes, new Uint8Array(length), 0) === length;
  return { length, isSound: unpacks && hasRightChecksum(block) };
}

async function unpackInto(frame: Lz4Frame | undefined, packed: Uint8Array, output: BlockStore): Promise<string | undefined> {
  const block = frame && (await peekBlock(frame, new SequentialReader(bytesSource(packed), quietTask, '')));
  if (frame === undefined || block === undefined || block === 'end') return 'there is no block';
  if ('fault' in block) return block.fault;
  if (!hasRightChecksum(block)) return 'its checksum is wrong';
  const room = block.isStored ? block.bytes : new Uint8Array(frame.blockBytes);
  const length = block.isStored ? block.bytes.length : unpackBlock(block.bytes, room, 0);
  if (length < 0) return 'its bytes make no sense';
  output.append(room.subarray(0, length));
  return undefined;
}
