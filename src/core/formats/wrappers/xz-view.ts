import { lastAtOrBelow } from '#core/base/bisect.ts';
import { commas } from '#core/base/hex.ts';
import { quietTask, type Task } from '#core/base/task.ts';
import { BlockRows, BlockSource } from '#core/memory/block-source.ts';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import { SequentialReader } from '#core/memory/sequential-reader.ts';
import { unxzBlock } from './unxz-block.ts';
import { MOST_VIEWED_BYTES, type View } from './wrapper.ts';
import {
  type BlockSizes,
  FOOTER_BYTES,
  HEADER_BYTES,
  MOST_BLOCK_HEADER_BYTES,
  parseBlockHeader,
  parseIndex,
  parseStreamFooter,
  parseStreamHeader,
  roundUp,
  type StreamHeader,
} from './xz-headers.ts';

/** An index of a million blocks has some 8 MB. */
const MOST_INDEX_BYTES = 32 * 1024 * 1024;
/** Each costs some small reads. */
const MOST_STREAMS = 1000;

interface IndexedStream {
  readonly header: StreamHeader;
  readonly start: number;
  readonly blocks: readonly BlockSizes[];
}

/**
 * An xz file of several blocks (as `xz -T` and xz from 5.6 on write), which its indexes tell. Undefined where it is one block, its blocks
 * are too large to unpack one for a look, or it is cut: then it is to be inflated from front to end.
 */
export async function viewXz(source: ByteSource, task: Task): Promise<View | undefined> {
  const streams = await readIndexes(source, task);
  const sizes = streams?.flatMap(({ blocks }) => blocks) ?? [];
  const largest = sizes.reduce((most, { unpackedBytes, unpaddedBytes }) => Math.max(most, unpackedBytes, unpaddedBytes), 0);
  if (streams === undefined || sizes.length < 2 || largest > MOST_VIEWED_BYTES) return undefined;
  const first = await source.read(HEADER_BYTES, MOST_BLOCK_HEADER_BYTES);
  // What filter it uses, say: told best by the first block.
  return typeof parseBlockHeader(first) === 'string' ? undefined : { source: blockSource(source, streams) };
}

function blockSource(source: ByteSource, streams: readonly IndexedStream[]): ByteSource {
  const rows = new BlockRows();
  const firstBlocks = new Float64Array(streams.length);
  for (const [index, { start, blocks }] of streams.entries()) {
    firstBlocks[index] = rows.count;
    let at = start + HEADER_BYTES;
    for (const { unpaddedBytes, unpackedBytes } of blocks) {
      rows.add(at, roundUp(unpaddedBytes), unpackedBytes);
      at += roundUp(unpaddedBytes);
    }
  }
  const table = rows.table();
  return new BlockSource(source, table, async (packed, output, block) => {
    const stream = streams[lastAtOrBelow(firstBlocks, block)];
    const most = (table.starts[block + 1] ?? 0) - (table.starts[block] ?? 0);
    const end = await unxzBlock(stream?.header ?? NO_STREAM, new SequentialReader(bytesSource(packed), quietTask, ''), (bytes) => {
      output.append(bytes);
      return output.size <= most && !output.isFull;
    });
    if (end === 'stopped') return 'it is longer than its index says';
    return 'fault' in end ? `${end.fault} at byte ${commas((table.fileOffsets[block] ?? 0) + end.fileOffset)}` : undefined;
  });
}

const NO_STREAM: StreamHeader = { checkId: 0, checkBytes: 0 };

/** All streams of the file, from its end to its front, or undefined where one does not fit. */
async function readIndexes(source: ByteSource, task: Task): Promise<IndexedStream[] | undefined> {
  const streams: IndexedStream[] = [];
  for (let end = source.size; end > 0; ) {
    task.check();
    if (streams.length === MOST_STREAMS) return undefined;
    end = await beforePadding(source, end);
    const stream = await readStreamBefore(source, end);
    if (stream === undefined) return undefined;
    streams.push(stream);
    end = stream.start;
  }
  return streams.reverse();
}

const MOST_PADDING_BYTES = 4096;

/** 2.2: there may be zeros behind a stream, in fours. */
async function beforePadding(source: ByteSource, end: number): Promise<number> {
  const from = Math.max(0, end - MOST_PADDING_BYTES);
  const bytes = await source.read(from, end - from);
  let length = bytes.length;
  while (length >= 4 && bytes.subarray(length - 4, length).every((byte) => byte === 0)) length -= 4;
  return from + length;
}

async function readStreamBefore(source: ByteSource, end: number): Promise<IndexedStream | undefined> {
  if (end < FOOTER_BYTES) return undefined;
  const footer = parseStreamFooter(await source.read(end - FOOTER_BYTES, FOOTER_BYTES));
  const indexAt = end - FOOTER_BYTES - (footer?.indexBytes ?? 0);
  if (footer === undefined || footer.indexBytes > MOST_INDEX_BYTES || indexAt < HEADER_BYTES) return undefined;
  const blocks = parseIndex(await source.read(indexAt, footer.indexBytes));
  if (blocks === undefined) return undefined;
  const start = blocks.reduce((at, { unpaddedBytes }) => at - roundUp(unpaddedBytes), indexAt) - HEADER_BYTES;
  if (start < 0) return undefined;
  const header = parseStreamHeader(await source.read(start, HEADER_BYTES));
  return typeof header !== 'string' && header.checkId === footer.checkId ? { header, start, blocks } : undefined;
}
