import { commas } from '#core/base/hex.ts';
import { quietTask, type Task } from '#core/base/task.ts';
import { Fields } from '#core/formats/fields.ts';
import { BlockRows, BlockSource, type Unpack } from '#core/memory/block-source.ts';
import { BlockStore } from '#core/memory/block-store.ts';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import { SequentialReader } from '#core/memory/sequential-reader.ts';
import { unzstd } from './unzstd.ts';
import { type Breakage, MOST_VIEWED_BYTES, type View } from './wrapper.ts';
import { BLOCK_HEADER_BYTES, CHECKSUM_BYTES, type FrameStart, MOST_HEADER_BYTES, parseBlockStart, parseFrameStart } from './zstd-frame.ts';

/**
 * A zstd file of many frames that tell how long they are, or have a seek table behind them (zstd contrib/seekable_format). Undefined where
 * that is not so, as in what `zstd` itself writes: one frame.
 */
export async function viewZstd(source: ByteSource, task: Task): Promise<View | undefined> {
  const table = await readSeekTable(source);
  if (table !== undefined) return table.count < 2 ? undefined : { source: new BlockSource(source, table.table(), unpack) };
  const rows = new BlockRows();
  const fault = await findFrames(source, new SequentialReader(source, task, 'finding the frames of zstd'), rows);
  if (fault === 'unknown' || rows.count < 2) return undefined;
  return { source: new BlockSource(source, rows.table(), unpack), ...(fault && { breakage: fault }) };
}

const unpack: Unpack = async (packed, output) => {
  const breakage = await unzstd(new SequentialReader(bytesSource(packed), quietTask, ''), output);
  return breakage?.reason.replace(/ at byte [0-9,]+$/, '');
};

const SEEK_TABLE_MAGIC = 0x8f92eab1;
const SEEK_TABLE_FRAME = 0x184d2a5e;
const FOOTER_BYTES = 9;
const MOST_TABLE_BYTES = 64 * 1024 * 1024;

/** Undefined where there is none that fits the file. */
async function readSeekTable(source: ByteSource): Promise<BlockRows | undefined> {
  if (source.size < FOOTER_BYTES) return undefined;
  const footer = new Fields(await source.read(source.size - FOOTER_BYTES, FOOTER_BYTES));
  const entryBytes = footer.u8(4) >= 0x80 ? 12 : 8;
  const bytes = footer.u32(0) * entryBytes;
  const at = source.size - FOOTER_BYTES - bytes - 8;
  if (footer.u32(5) !== SEEK_TABLE_MAGIC || at < 0 || bytes > MOST_TABLE_BYTES) return undefined;
  const table = new Fields(await source.read(at, 8 + bytes));
  if (table.u32(0) !== SEEK_TABLE_FRAME || table.u32(4) !== bytes + FOOTER_BYTES) return undefined;
  const rows = new BlockRows();
  let fileOffset = 0;
  for (let entry = 8; entry < 8 + bytes; entry += entryBytes) {
    const [packed, unpacked] = [table.u32(entry), table.u32(entry + 4)];
    if (unpacked > MOST_VIEWED_BYTES) return undefined;
    if (unpacked > 0) rows.add(fileOffset, packed, unpacked);
    fileOffset += packed;
  }
  return fileOffset === at ? rows : undefined;
}

/** Adds each frame; 'unknown' where one does not tell its length, or is too long to be unpacked for a look. */
async function findFrames(source: ByteSource, input: SequentialReader, rows: BlockRows): Promise<Breakage | 'unknown' | undefined> {
  const usual: { length?: number } = {};
  for (let head = await input.peek(MOST_HEADER_BYTES); head.length > 0; head = await input.peek(MOST_HEADER_BYTES)) {
    const start = parseFrameStart(head);
    if (start.kind === 'none') return { fileOffset: input.offset, reason: `${start.reason} at byte ${commas(input.offset)}` };
    const fault = start.kind === 'skippable' ? input.skip(start.bytes) : await addFrame(start, source, input, rows, usual);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

async function addFrame(
  start: FrameStart & { readonly kind: 'data' },
  source: ByteSource,
  input: SequentialReader,
  rows: BlockRows,
  usual: { length?: number },
): Promise<Breakage | 'unknown' | undefined> {
  const at = input.offset;
  const length = start.contentBytes ?? Number.POSITIVE_INFINITY;
  if (length > MOST_VIEWED_BYTES || rows.isFull) return 'unknown';
  input.skip(start.headerBytes);
  if (!(await skipBlocks(input, start.hasChecksum, source.size))) return cutAt(at);
  usual.length ??= length;
  if (length !== usual.length && !(await isSound(source, at, input.offset - at, length))) return 'unknown';
  rows.add(at, input.offset - at, length);
  return undefined;
}

const cutAt = (at: number): Breakage => ({ fileOffset: at, reason: `it ends within the frame that begins at byte ${commas(at)}` });

/** Frames are of one length but for the last. One that is not is looked at closely: a damaged length would move all that comes after it. */
const isSound = async (source: ByteSource, at: number, bytes: number, length: number): Promise<boolean> =>
  (await unpackedLength(await source.read(at, bytes))) === length;

async function unpackedLength(frame: Uint8Array): Promise<number> {
  const store = new BlockStore('', 2 * MOST_VIEWED_BYTES);
  await unpack(frame, store, 0);
  return store.size;
}

/** False where the file ends before the frame does, or a block cannot be. */
async function skipBlocks(input: SequentialReader, hasChecksum: boolean, size: number): Promise<boolean> {
  for (;;) {
    const head = await input.peek(BLOCK_HEADER_BYTES);
    const block = parseBlockStart(head);
    if (head.length < BLOCK_HEADER_BYTES || !block.isValid) return false;
    const bytes = BLOCK_HEADER_BYTES + block.storedBytes + (block.isLast && hasChecksum ? CHECKSUM_BYTES : 0);
    if (input.offset + bytes > size) return false;
    input.skip(bytes);
    if (block.isLast) return true;
  }
}
