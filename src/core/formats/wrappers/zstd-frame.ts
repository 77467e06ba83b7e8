import { Fields } from '#core/formats/fields.ts';

/** RFC 8878, 3.1.1. */
const FRAME_MAGIC = 0xfd2fb528;
/** Sixteen magics for frames of which decoders only know the length (3.1.2). */
const SKIPPABLE_MAGIC = 0x184d2a50;

const isSkippable = (magic: number): boolean => magic >= SKIPPABLE_MAGIC && magic < SKIPPABLE_MAGIC + 16;

/** Whether the bytes begin a zstd frame, of data or to be skipped. */
export function isZstdStart(head: Uint8Array): boolean {
  const magic = new Fields(head).u32(0);
  return magic === FRAME_MAGIC || isSkippable(magic);
}

export type FrameStart =
  | {
      readonly kind: 'data';
      readonly headerBytes: number;
      readonly windowBytes: number;
      readonly contentBytes: number | undefined;
      readonly hasChecksum: boolean;
    }
  | { readonly kind: 'skippable'; readonly bytes: number }
  | { readonly kind: 'none'; readonly reason: string };

/** Longest header: magic, descriptor, window, 4 bytes of dictionary, 8 of content size. */
export const MOST_HEADER_BYTES = 18;

/** Reads a frame's header from at least 18 bytes, or fewer at the end of the file. */
export function parseFrameStart(bytes: Uint8Array): FrameStart {
  const fields = new Fields(bytes);
  const magic = fields.u32(0);
  if (isSkippable(magic)) return { kind: 'skippable', bytes: 8 + fields.u32(4) };
  if (magic !== FRAME_MAGIC || bytes.length < 6) return { kind: 'none', reason: 'there is no zstd frame' };
  const descriptor = fields.u8(4);
  const singleSegment = Math.floor(descriptor / 32) % 2 === 1;
  const sizeCode = Math.floor(descriptor / 64);
  const sizeBytes = sizeCode === 0 ? Number(singleSegment) : 2 ** sizeCode;
  const dictionaryBytes = [0, 1, 2, 4][descriptor % 4] ?? 0;
  const contentAt = (singleSegment ? 5 : 6) + dictionaryBytes;
  if (dictionaryBytes > 0) return { kind: 'none', reason: 'it was made with a dictionary, which is not in the file' };
  return {
    kind: 'data',
    headerBytes: contentAt + sizeBytes,
    windowBytes: singleSegment ? contentBytes(fields, contentAt, sizeBytes) : windowBytes(fields.u8(5)),
    contentBytes: sizeBytes === 0 ? undefined : contentBytes(fields, contentAt, sizeBytes),
    hasChecksum: Math.floor(descriptor / 4) % 2 === 1,
  };
}

function contentBytes(fields: Fields, at: number, width: number): number {
  if (width === 1) return fields.u8(at);
  if (width === 2) return fields.u16(at) + 256;
  return width === 4 ? fields.u32(at) : fields.u64(at);
}

function windowBytes(descriptor: number): number {
  const base = 2 ** (10 + Math.floor(descriptor / 8));
  return base + (base / 8) * (descriptor % 8);
}

/** A block: its bytes in the file after the 3-byte header. */
export interface BlockStart {
  readonly isLast: boolean;
  readonly storedBytes: number;
  /** False for block type 3 and for blocks over 128 KB, which no encoder may write. */
  readonly isValid: boolean;
}

export const BLOCK_HEADER_BYTES = 3;
/** Behind the last block of a frame that has one. */
export const CHECKSUM_BYTES = 4;
const MOST_BLOCK_BYTES = 128 * 1024;
const RLE = 1;
const RESERVED = 3;

export function parseBlockStart(bytes: Uint8Array): BlockStart {
  const fields = new Fields(bytes);
  const header = fields.u16(0) + fields.u8(2) * 2 ** 16;
  const type = Math.floor(header / 2) % 4;
  const size = Math.floor(header / 8);
  return { isLast: header % 2 === 1, storedBytes: type === RLE ? 1 : size, isValid: type !== RESERVED && size <= MOST_BLOCK_BYTES };
}
