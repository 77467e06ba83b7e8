import { Decompress } from 'fzstd';
import { bytesText, commas } from '#core/base/hex.ts';
import { Fields } from '#core/formats/fields.ts';
import type { BlockStore } from '#core/memory/block-store.ts';
import type { SequentialReader } from '#core/memory/sequential-reader.ts';
import type { Breakage } from './wrapper.ts';
import { Xxh64 } from './xxh64.ts';
import { BLOCK_HEADER_BYTES, CHECKSUM_BYTES, type FrameStart, MOST_HEADER_BYTES, parseBlockStart, parseFrameStart } from './zstd-frame.ts';

/** What the zstd tool takes without being told to: more would only be an attack, or need gigabytes. */
const MOST_WINDOW_BYTES = 128 * 1024 * 1024;

/**
 * All frames of a zstd file. Frames and blocks are cut here and the decoder gets whole blocks: so the window is judged before it is
 * allocated, the place of damage is known, and the job can be cancelled within a frame.
 */
export async function unzstd(input: SequentialReader, output: BlockStore): Promise<Breakage | undefined> {
  let head = await input.peek(MOST_HEADER_BYTES);
  while (head.length > 0 && !output.isFull) {
    const reason = await unzstdFrame(parseFrameStart(head), input, output);
    if (reason !== undefined) return { fileOffset: input.offset, reason: `${reason} at byte ${commas(input.offset)}` };
    head = await input.peek(MOST_HEADER_BYTES);
  }
  return undefined;
}

/** Why the frame cannot be inflated (further), if so. */
async function unzstdFrame(start: FrameStart, input: SequentialReader, output: BlockStore): Promise<string | undefined> {
  if (start.kind === 'none') return start.reason;
  if (start.kind === 'skippable') {
    input.skip(start.bytes);
    return undefined;
  }
  if (start.windowBytes > MOST_WINDOW_BYTES)
    return `its window of ${bytesText(start.windowBytes)} is over the limit of ${bytesText(MOST_WINDOW_BYTES)}`;
  const header = await input.take(start.headerBytes);
  return unzstdBlocks(header, start.hasChecksum ? CHECKSUM_BYTES : 0, input, output);
}

/** The decoder takes the frame's header only with its first block, and wants to be told which block is the last. */
async function unzstdBlocks(header: Uint8Array, checksumBytes: number, input: SequentialReader, output: BlockStore): Promise<string | undefined> {
  const frame = new Frame(checksumBytes > 0, output);
  for (let before = header; !output.isFull; before = NO_BYTES) {
    const block = parseBlockStart(await input.peek(BLOCK_HEADER_BYTES));
    if (!block.isValid) return 'it has a block that cannot be,';
    const bytes = BLOCK_HEADER_BYTES + block.storedBytes + (block.isLast ? checksumBytes : 0);
    const read = await input.peek(bytes);
    if (read.length < bytes) return 'it ends within a block';
    const fault = frame.push(join(before, read), block.isLast);
    if (fault !== undefined) return fault;
    input.skip(bytes);
    if (block.isLast) return undefined;
  }
  return undefined;
}

class Frame {
  readonly #decoder: Decompress;
  readonly #hash: Xxh64 | undefined;
  readonly #output: BlockStore;

  constructor(hasChecksum: boolean, output: BlockStore) {
    this.#output = output;
    this.#hash = hasChecksum ? new Xxh64() : undefined;
    this.#decoder = new Decompress((bytes) => {
      output.append(bytes);
      this.#hash?.update(bytes);
    });
  }

  /** The decoder throws for bad data of any kind, and does not compare the checksum, which the last bytes are. */
  push(block: Uint8Array, isLast: boolean): string | undefined {
    try {
      this.#decoder.push(block, isLast);
    } catch (error) {
      return `it is damaged (${error instanceof Error ? error.message : 'bad data'})`;
    }
    if (!isLast || this.#hash === undefined || this.#output.isFull) return undefined;
    const isSame = this.#hash.digestLow() === new Fields(block).u32(block.length - CHECKSUM_BYTES);
    return isSame ? undefined : 'the checksum of a frame is wrong';
  }
}

const NO_BYTES = new Uint8Array(0);

function join(before: Uint8Array, bytes: Uint8Array): Uint8Array {
  if (before.length === 0) return bytes;
  const joined = new Uint8Array(before.length + bytes.length);
  joined.set(before);
  joined.set(bytes, before.length);
  return joined;
}
