import { hex } from '#core/base/hex.ts';
import { Fields, hasText } from '#core/formats/fields.ts';
import { crc32c } from '#core/formats/wrappers/crc.ts';
import { MOST_LENGTH_BYTES, unsnappy, unsnappyLength } from '#core/formats/wrappers/snappy-block.ts';
import type { BlockStore } from '#core/memory/block-store.ts';

/** Snappy framing format (snappy framing_format.txt), 2: a byte of type, three of length. */
export const CHUNK_HEADER_BYTES = 4;
const CHECKSUM_BYTES = 4;
/** Header, checksum, and the length that a packed chunk begins with. */
export const MOST_CHUNK_START_BYTES = CHUNK_HEADER_BYTES + CHECKSUM_BYTES + MOST_LENGTH_BYTES;
/** 4.2 and 4.3: "65536 bytes" at most of data in a chunk. */
export const MOST_UNPACKED_BYTES = 65_536;
/** 4.2 is 0, packed. */
const STORED = 0x01;
/** 4.4 to 4.6: from here on types may be skipped, below it not. */
const FIRST_SKIPPABLE = 0x80;
const STREAM_START = 0xff;

export interface ChunkStart {
  /** Behind the 4 bytes of header. */
  readonly bytes: number;
  /** As it tells, which may be wrong; undefined for chunks that hold no data. */
  readonly unpackedBytes: number | undefined;
}

/** Reads a chunk's start from 13 bytes or fewer, or says why it cannot be: continues a sentence with a place. */
export function parseChunkStart(head: Uint8Array): ChunkStart | string {
  const fields = new Fields(head);
  const type = fields.u8(0);
  const bytes = fields.u16(1) + fields.u8(3) * 65536;
  if (head.length < CHUNK_HEADER_BYTES) return 'the file ends before a chunk';
  if (type === STREAM_START && !hasText(head, CHUNK_HEADER_BYTES, 'sNaPpY')) return 'there is no Snappy stream';
  if (type >= FIRST_SKIPPABLE) return { bytes, unpackedBytes: undefined };
  if (type > STORED) return `there is a chunk of the unknown type ${hex(type, 2)}`;
  if (bytes <= CHECKSUM_BYTES) return 'there is a chunk of nothing';
  return { bytes, unpackedBytes: type === STORED ? bytes - CHECKSUM_BYTES : unsnappyLength(head.subarray(CHUNK_HEADER_BYTES + CHECKSUM_BYTES)) };
}

/** Unpacks a whole chunk with its header; says why it is damaged. */
export function unpackChunk(chunk: Uint8Array, output: BlockStore): string | undefined {
  const fields = new Fields(chunk);
  const body = chunk.subarray(CHUNK_HEADER_BYTES + CHECKSUM_BYTES);
  const bytes = fields.u8(0) === STORED ? body : unsnappy(body, Math.min(MOST_UNPACKED_BYTES, unsnappyLength(body)));
  if (bytes === undefined) return 'its packed bytes make no sense';
  if (masked(crc32c(bytes)) !== fields.u32(CHUNK_HEADER_BYTES)) return 'its checksum is wrong';
  output.append(bytes);
  return undefined;
}

/** 3: checksums are stored rotated and moved, so that one over data with checksums in it is no weaker. */
const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
