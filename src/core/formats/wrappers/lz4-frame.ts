import { Fields } from '#core/formats/fields.ts';
import { xxh32 } from './xxh32.ts';

/** LZ4 frame format 1.6.4, "General structure of LZ4 Frame format". */
const FRAME_MAGIC = 0x184d2204;
/** "Legacy frame": what `lz4 -l` and the Linux kernel write. */
const LEGACY_MAGIC = 0x184c2102;
/** "Skippable frames": sixteen magics, shared with zstd. */
const SKIPPABLE_MAGIC = 0x184d2a50;

const isSkippable = (magic: number): boolean => magic >= SKIPPABLE_MAGIC && magic < SKIPPABLE_MAGIC + 16;

/** Whether the bytes begin an LZ4 frame of data. One that begins with a skippable frame is left to zstd, which has the same magics. */
export function isLz4Start(head: Uint8Array): boolean {
  const magic = new Fields(head).u32(0);
  return magic === FRAME_MAGIC || magic === LEGACY_MAGIC;
}

export interface Lz4Frame {
  readonly kind: 'data' | 'legacy';
  readonly headerBytes: number;
  /** Most bytes of a block when unpacked. */
  readonly blockBytes: number;
  /** Blocks refer to none before them. */
  readonly isIndependent: boolean;
  readonly hasBlockChecksum: boolean;
  readonly hasContentChecksum: boolean;
}

export type Lz4Start = Lz4Frame | { readonly kind: 'skippable'; readonly bytes: number } | { readonly kind: 'none'; readonly reason: string };

/** Longest header: magic, FLG, BD, 8 bytes of content size, 4 of dictionary, header checksum. */
export const MOST_HEADER_BYTES = 19;
const LEGACY_BLOCK_BYTES = 8 * 1024 * 1024;

/** Reads a frame's header from at least 19 bytes, or fewer at the end of the file. */
export function parseLz4Start(bytes: Uint8Array): Lz4Start {
  const fields = new Fields(bytes);
  const magic = fields.u32(0);
  if (isSkippable(magic)) return { kind: 'skippable', bytes: 8 + fields.u32(4) };
  if (magic === LEGACY_MAGIC)
    return {
      kind: 'legacy',
      headerBytes: 4,
      blockBytes: LEGACY_BLOCK_BYTES,
      isIndependent: true,
      hasBlockChecksum: false,
      hasContentChecksum: false,
    };
  return magic === FRAME_MAGIC ? parseDescriptor(fields, bytes) : none('there is no LZ4 frame');
}

const none = (reason: string): Lz4Start => ({ kind: 'none', reason });
const bit = (flags: number, place: number): boolean => Math.floor(flags / 2 ** place) % 2 === 1;

/** "Frame Descriptor": FLG, BD, and the checksum over all between the magic and itself. */
function parseDescriptor(fields: Fields, bytes: Uint8Array): Lz4Start {
  const flags = fields.u8(4);
  const blockCode = Math.floor(fields.u8(5) / 16) % 8;
  const headerBytes = 7 + (bit(flags, 3) ? 8 : 0) + (bit(flags, 0) ? 4 : 0);
  if (bytes.length < headerBytes) return none('it ends within a header');
  if (flags >= 0x80 || flags < 0x40) return none('its version is none that is known');
  if (bit(flags, 0)) return none('it was made with a dictionary, which is not in the file');
  const checksum = Math.floor(xxh32(bytes.subarray(4, headerBytes - 1)) / 256) % 256;
  if (blockCode < 4 || checksum !== fields.u8(headerBytes - 1)) return none('its header is damaged');
  return {
    kind: 'data',
    headerBytes,
    blockBytes: 2 ** (8 + 2 * blockCode),
    isIndependent: bit(flags, 5),
    hasBlockChecksum: bit(flags, 4),
    hasContentChecksum: bit(flags, 2),
  };
}
