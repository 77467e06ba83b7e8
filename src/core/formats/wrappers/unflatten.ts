import { lastAtOrBelow } from '#core/base/bisect.ts';
import { commas } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { type Extent, resolveExtents } from '#core/memory/extents.ts';
import type { ExtentColumns } from '#core/memory/memory-image.ts';
import { type ByteRange, readRanges } from '#core/memory/read-ranges.ts';
import { SequentialReader } from '#core/memory/sequential-reader.ts';
import type { Breakage, View } from './wrapper.ts';

/** The header's own block, then pieces: 8 bytes of place, 8 of length, big-endian, and the bytes (makedumpfile IMPLEMENTATION). */
const HEADER_BYTES = 4096;
const PIECE_HEADER_BYTES = 16;
/** One for every MiB or less of a dump; more than these were made to fill memory. */
const MOST_PIECES = 4_000_000;

/** The file that the pieces make, each put in its place. Later pieces win: QEMU writes its headers twice. Between pieces there are zeros. */
export async function unflatten(source: ByteSource, task: Task): Promise<View> {
  const { pieces, breakage } = await readPieces(new SequentialReader(source, task, 'putting a flattened dump in order'), source.size);
  const { columns } = resolveExtents(pieces.reverse(), source.size);
  return { source: new Unflattened(source, columns), ...(breakage && { breakage }) };
}

async function readPieces(input: SequentialReader, size: number): Promise<{ pieces: Extent[]; breakage?: Breakage }> {
  const pieces: Extent[] = [];
  input.skip(HEADER_BYTES);
  while (pieces.length < MOST_PIECES) {
    const at = input.offset;
    const piece = pieceOf(await input.take(PIECE_HEADER_BYTES), at);
    if (piece === 'end') return { pieces };
    if (typeof piece === 'string') return { pieces, breakage: { fileOffset: at, reason: `${piece} at byte ${commas(at)}` } };
    pieces.push(piece);
    const end = at + PIECE_HEADER_BYTES + piece.length;
    if (end > size) return { pieces, breakage: { fileOffset: size, reason: `it ends within a piece, at byte ${commas(size)}` } };
    input.skip(piece.length);
  }
  return { pieces, breakage: { fileOffset: input.offset, reason: `it has over ${commas(MOST_PIECES)} pieces` } };
}

/** Both −1 end the stream. */
function pieceOf(header: Uint8Array, at: number): Extent | string {
  if (header.length < PIECE_HEADER_BYTES) return 'it ends without its last mark';
  const view = new DataView(header.buffer, header.byteOffset, PIECE_HEADER_BYTES);
  const [placeHigh, place, lengthHigh, length] = [0, 4, 8, 12].map((offset) => view.getUint32(offset)) as [number, number, number, number];
  if (placeHigh === 0xffff_ffff && lengthHigh === 0xffff_ffff) return 'end';
  if (placeHigh >= 2 ** 20 || lengthHigh >= 2 ** 20) return 'it has a piece that cannot be,';
  return { start: placeHigh * 2 ** 32 + place, length: lengthHigh * 2 ** 32 + length, fileOffset: at + PIECE_HEADER_BYTES };
}

class Unflattened implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #source: ByteSource;
  readonly #columns: ExtentColumns;

  constructor(source: ByteSource, columns: ExtentColumns) {
    this.name = source.name;
    this.#source = source;
    this.#columns = columns;
    const last = columns.count - 1;
    this.size = last < 0 ? 0 : (columns.start[last] ?? 0) + (columns.length[last] ?? 0);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    if (end <= offset) return new Uint8Array(0);
    const parts = this.#parts(offset, end);
    const read = await readRanges(this.#source, parts);
    if (parts.length === 1 && parts[0]?.length === end - offset) return read[0] ?? new Uint8Array(0);
    const bytes = new Uint8Array(end - offset);
    for (const [i, { to }] of parts.entries()) bytes.set(read[i] ?? new Uint8Array(0), to);
    return bytes;
  }

  /** Where the stretch lies in the file, part by part; `to` is from its own beginning. */
  #parts(start: number, end: number): (ByteRange & { readonly to: number })[] {
    const { count, start: starts, length, fileOffset } = this.#columns;
    const parts: (ByteRange & { readonly to: number })[] = [];
    for (let row = Math.max(0, lastAtOrBelow(starts, start)); row < count && (starts[row] ?? 0) < end; row++) {
      const from = Math.max(start, starts[row] ?? 0);
      const until = Math.min(end, (starts[row] ?? 0) + (length[row] ?? 0));
      if (until > from) parts.push({ offset: (fileOffset[row] ?? 0) + from - (starts[row] ?? 0), length: until - from, to: from - start });
    }
    return parts;
  }
}
