import { hex } from '#core/base/hex.ts';
import { Fields, hasText } from '#core/formats/fields.ts';
import { MACHINE_END } from '#core/memory/address.ts';

export const RANGE_HEADER_BYTES = 32;

/** How a range begins: LiME's ranges hold their bytes, AVML's are packed. */
export interface RangeKind {
  readonly magic: string;
  /** The magic as a reader of hex sees it. */
  readonly bytesText: string;
  readonly version: number;
}

/** magic, version, first address, last address (inclusive), 8 reserved bytes (LiME src/lime.h); or what is wrong. */
export function parseRange(header: Uint8Array, kind: RangeKind): { start: number; length: number } | string {
  const fields = new Fields(header);
  if (header.length < RANGE_HEADER_BYTES) return `the file ends within it, after ${header.length} of ${RANGE_HEADER_BYTES} bytes`;
  if (!hasText(header, 0, kind.magic)) return `it does not begin with ${kind.bytesText}`;
  if (fields.u32(4) !== kind.version) return `its version is ${fields.u32(4)}, and only ${kind.version} is known`;
  const [start, last] = [fields.u64(8), fields.u64(16)];
  if (last < start || last >= MACHINE_END) return `its range from ${hex(start)} to ${hex(last)} makes no sense`;
  return { start, length: last - start + 1 };
}
