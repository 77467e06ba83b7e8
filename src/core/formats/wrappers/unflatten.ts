import { lastAtOrBelow } from '#core/base/bisect.ts';
import { commas } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import type { ByteSource, Origin } from '#core/memory/byte-source.ts';
import { type PieceColumns, PieceList } from '#core/memory/piece-columns.ts';
import { type ByteRange, readRanges } from '#core/memory/read-ranges.ts';
import { SequentialReader } from '#core/memory/sequential-reader.ts';
import type { Breakage, View } from './wrapper.ts';

/** The header's own block, then pieces: 8 bytes of place, 8 of length, big-endian, and the bytes (makedumpfile IMPLEMENTATION). */
const HEADER_BYTES = 4096;
const PIECE_HEADER_BYTES = 16;
/** QEMU's have some 15 KB: 60 GB of them. More were made to fill memory. */
const MOST_PIECES = 4_000_000;

/** The file that the pieces make, each put in its place. Later pieces win: QEMU writes its headers twice. Between pieces there are zeros. */
export async function unflatten(source: ByteSource, task: Task): Promise<View> {
  const pieces = new PieceList();
  const breakage = await readPieces(new SequentialReader(source, task, 'putting a flattened dump in order'), source.size, pieces);
  return { source: new Unflattened(source, pieces.settle()), ...(breakage && { breakage }) };
}

async function readPieces(input: SequentialReader, size: number, pieces: PieceList): Promise<Breakage | undefined> {
  input.skip(HEADER_BYTES);
  while (pieces.count < MOST_PIECES) {
    const at = input.offset;
    const piece = pieceOf(await input.take(PIECE_HEADER_BYTES), size);
    if (piece === 'end') return undefined;
    if (typeof piece === 'string') return { fileOffset: at, reason: `${piece} at byte ${commas(at)}` };
    const bytesAt = at + PIECE_HEADER_BYTES;
    const held = Math.min(piece.length, size - bytesAt);
    if (held > 0) pieces.add(piece.place, held, bytesAt);
    if (held < piece.length) return { fileOffset: size, reason: `it ends within a piece, at byte ${commas(size)}` };
    input.skip(piece.length);
  }
  return { fileOffset: input.offset, reason: `it has over ${commas(MOST_PIECES)} pieces` };
}

/** What a stream that breaks off leaves unwritten before its last piece: the list of pages, 24 bytes for each 4,096 of the machine. */
const MOST_UNWRITTEN = 1024 ** 3;

/** Both −1 end the stream. A place far beyond what there are bytes for would make a file of any size, and is damage. */
function pieceOf(header: Uint8Array, size: number): { readonly place: number; readonly length: number } | string {
  if (header.length < PIECE_HEADER_BYTES) return 'it ends without its last mark';
  const view = new DataView(header.buffer, header.byteOffset, PIECE_HEADER_BYTES);
  const [placeHigh, placeLow, lengthHigh, lengthLow] = [0, 4, 8, 12].map((offset) => view.getUint32(offset)) as [number, number, number, number];
  if (placeHigh === 0xffff_ffff && lengthHigh === 0xffff_ffff) return 'end';
  const [place, length] = [placeHigh * 2 ** 32 + placeLow, lengthHigh * 2 ** 32 + lengthLow];
  return place + length > 2 * size + MOST_UNWRITTEN ? 'it has a piece that cannot be,' : { place, length };
}

class Unflattened implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #source: ByteSource;
  readonly #columns: PieceColumns;

  constructor(source: ByteSource, columns: PieceColumns) {
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

  /** Undefined between pieces, where there are zeros. */
  async origin(offset: number): Promise<Origin | undefined> {
    const [part] = this.#parts(offset, offset + 1);
    return part && { source: this.#source, offset: part.offset };
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
