import { commas } from '#core/base/hex.ts';
import { Fields } from '#core/formats/fields.ts';
import type { BlockStore } from '#core/memory/block-store.ts';
import type { SequentialReader } from '#core/memory/sequential-reader.ts';
import { unxzBlock } from './unxz-block.ts';
import type { Breakage } from './wrapper.ts';
import {
  type BlockSizes,
  FOOTER_BYTES,
  HEADER_BYTES,
  parseIndex,
  parseStreamFooter,
  parseStreamHeader,
  roundUp,
  type StreamHeader,
} from './xz-headers.ts';

/** All streams of an xz file, from front to end. Streams, blocks and chunks are cut here, so that the place of damage is known. */
export async function unxz(input: SequentialReader, output: BlockStore): Promise<Breakage | undefined> {
  let isFirst = true;
  while (!output.isFull) {
    const head = await afterPadding(input, isFirst);
    if (head.length === 0 && !isFirst) return undefined;
    isFirst = false;
    const header = parseStreamHeader(head);
    if (typeof header !== 'string') input.skip(HEADER_BYTES);
    const fault = typeof header === 'string' ? { fault: header, fileOffset: input.offset } : await unxzStream(header, input, output);
    if (fault !== undefined) return { fileOffset: fault.fileOffset, reason: `${fault.fault} at byte ${commas(fault.fileOffset)}` };
  }
  return undefined;
}

/** 2.2: between and behind streams there may be zeros, in fours. */
async function afterPadding(input: SequentialReader, isFirst: boolean): Promise<Uint8Array> {
  let head = await input.peek(HEADER_BYTES);
  while (!isFirst && head.length >= 4 && new Fields(head).u32(0) === 0) {
    input.skip(4);
    head = await input.peek(HEADER_BYTES);
  }
  return head;
}

interface Fault {
  readonly fault: string;
  readonly fileOffset: number;
}

async function unxzStream(header: StreamHeader, input: SequentialReader, output: BlockStore): Promise<Fault | undefined> {
  const blocks: BlockSizes[] = [];
  const emit = (bytes: Uint8Array): boolean => {
    output.append(bytes);
    return !output.isFull;
  };
  while (!output.isFull) {
    const [first] = await input.peek(1);
    if (first === undefined) return { fault: 'it ends before it is complete,', fileOffset: input.offset };
    if (first === 0) return checkIndex(header, blocks, input);
    const end = await unxzBlock(header, input, emit);
    if (end === 'stopped') return undefined;
    if ('fault' in end) return end;
    blocks.push(end);
  }
  return undefined;
}

/** The index must tell of the blocks that there were, and the footer of the index. */
async function checkIndex(header: StreamHeader, blocks: readonly BlockSizes[], input: SequentialReader): Promise<Fault | undefined> {
  const fileOffset = input.offset;
  const bytes = indexBytesOf(blocks);
  const read = await input.peek(bytes + FOOTER_BYTES);
  if (read.length < bytes + FOOTER_BYTES) return { fault: 'it ends within its index', fileOffset };
  const told = parseIndex(read.subarray(0, bytes));
  const isSame = told?.length === blocks.length && told.every((block, index) => isEqual(block, blocks[index]));
  if (!isSame) return { fault: 'its index does not fit its blocks', fileOffset };
  const footer = parseStreamFooter(read.subarray(bytes));
  if (footer?.indexBytes !== bytes || footer.checkId !== header.checkId) return { fault: 'its end is damaged', fileOffset: fileOffset + bytes };
  input.skip(bytes + FOOTER_BYTES);
  return undefined;
}

function indexBytesOf(blocks: readonly BlockSizes[]): number {
  let bytes = 1 + integerBytes(blocks.length);
  for (const { unpaddedBytes, unpackedBytes } of blocks) bytes += integerBytes(unpaddedBytes) + integerBytes(unpackedBytes);
  return roundUp(bytes) + 4;
}

/** Of 7 bits each. */
function integerBytes(value: number): number {
  let bytes = 1;
  for (let left = value; left >= 0x80; left = Math.floor(left / 0x80)) bytes++;
  return bytes;
}

const isEqual = (a: BlockSizes, b: BlockSizes | undefined): boolean => a.unpaddedBytes === b?.unpaddedBytes && a.unpackedBytes === b.unpackedBytes;
