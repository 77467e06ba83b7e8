import { Fields } from '#core/formats/fields.ts';
import type { SequentialReader } from '#core/memory/sequential-reader.ts';
import { isLz4Start, type Lz4Frame, parseLz4Start } from './lz4-frame.ts';
import { xxh32 } from './xxh32.ts';

const CHECKSUM_BYTES = 4;
/** "Block Size": the highest bit says that the block is stored as it is. */
const STORED = 2 ** 31;

export interface Lz4Block {
  readonly bytes: Uint8Array;
  readonly isStored: boolean;
  /** With its size before it, and its checksum behind. */
  readonly wholeBytes: number;
  /** Undefined where there is none. */
  readonly checksum: number | undefined;
}

/** Reads the block that the input stands at, without going past it; why there is none, or 'end' at the end of the frame. @throws Cancelled */
export async function peekBlock(frame: Lz4Frame, input: SequentialReader): Promise<Lz4Block | { readonly fault: string } | 'end'> {
  const head = await input.peek(4);
  if (endsLegacy(frame, head)) return 'end';
  if (head.length < 4) return { fault: 'it ends before it is complete,' };
  const size = new Fields(head).u32(0);
  if (size === 0 && frame.kind === 'data') return 'end';
  const isStored = frame.kind === 'data' && size >= STORED;
  const bytes = size - (isStored ? STORED : 0);
  if (bytes > packedAtMost(frame)) return { fault: 'it has a block that cannot be,' };
  const wholeBytes = 4 + bytes + (frame.hasBlockChecksum ? CHECKSUM_BYTES : 0);
  const read = await input.peek(wholeBytes);
  if (read.length < wholeBytes) return { fault: 'it ends within a block' };
  const checksum = frame.hasBlockChecksum ? new Fields(read).u32(4 + bytes) : undefined;
  return { bytes: read.subarray(4, 4 + bytes), isStored, wholeBytes, checksum };
}

export const hasRightChecksum = ({ bytes, checksum }: Lz4Block): boolean => checksum === undefined || xxh32(bytes) === checksum;

/** A legacy frame has no end of its own: the file ends, or another frame's magic stands where a size would be. */
function endsLegacy(frame: Lz4Frame, head: Uint8Array): boolean {
  if (frame.kind !== 'legacy') return false;
  return head.length === 0 || isLz4Start(head) || parseLz4Start(head).kind === 'skippable';
}

/** A block that does not shrink is stored; legacy ones grow by LZ4_compressBound at most. */
function packedAtMost({ kind, blockBytes }: Lz4Frame): number {
  return kind === 'data' ? blockBytes : blockBytes + Math.floor(blockBytes / 255) + 16;
}

/** Goes past the end of a frame: its mark, and the checksum of its content, which is returned; or says why not. */
export async function takeFrameEnd(frame: Lz4Frame, input: SequentialReader): Promise<{ readonly checksum?: number } | { readonly fault: string }> {
  if (frame.kind === 'legacy') return {};
  const bytes = 4 + (frame.hasContentChecksum ? CHECKSUM_BYTES : 0);
  const read = await input.take(bytes);
  if (read.length < bytes) return { fault: 'it ends before its checksum,' };
  return frame.hasContentChecksum ? { checksum: new Fields(read).u32(4) } : {};
}
