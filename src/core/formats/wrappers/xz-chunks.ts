/** LZMA2 control bytes (xz's lzma2_decoder.c): the end, two kinds of stored chunks, and from 0x80 packed ones. */
const END = 0x00;
const MOST_STORED = 0x02;
const PACKED = 0x80;
/** From here on a packed chunk tells new properties, in a byte more. */
const WITH_PROPERTIES = 0xc0;
const STORED_HEADER_BYTES = 3;
const PACKED_HEADER_BYTES = 5;

/** Longest header of a chunk. */
export const MOST_CHUNK_HEADER_BYTES = 6;

export interface Chunk {
  /** In the file, with its header. */
  readonly bytes: number;
  readonly unpackedBytes: number;
  readonly isLast: boolean;
}

/** Reads a chunk's header from at least 6 bytes, or fewer at the end of the file. The next chunk follows at once. */
export function parseChunk(head: Uint8Array): Chunk | string {
  const [control] = head;
  if (control === undefined) return 'it ends between chunks';
  if (control === END) return { bytes: 1, unpackedBytes: 0, isLast: true };
  if (head.length < PACKED_HEADER_BYTES) return 'it ends within a chunk';
  if (control <= MOST_STORED) return { bytes: STORED_HEADER_BYTES + size(head, 1), unpackedBytes: size(head, 1), isLast: false };
  if (control < PACKED) return 'it has a chunk that cannot be,';
  const bytes = PACKED_HEADER_BYTES + (control >= WITH_PROPERTIES ? 1 : 0) + size(head, 3);
  return { bytes, unpackedBytes: (control & 0x1f) * 65536 + size(head, 1), isLast: false };
}

/** Big-endian, less 1. */
const size = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0) + 1;
