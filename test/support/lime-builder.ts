import { joinBytes, type SparseMemory } from './dump-builder.ts';

export interface LimeRange {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** A range's header as LiME's module writes it: the last address is inclusive. */
export function limeHeader(start: number, length: number, version = 1): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(32));
  view.setUint32(0, 0x4c694d45, true);
  view.setUint32(4, version, true);
  view.setBigUint64(8, BigInt(start), true);
  view.setBigUint64(16, BigInt(start) + BigInt(length) - 1n, true);
  return new Uint8Array(view.buffer);
}

export const limeRanges = (ranges: readonly LimeRange[]): Uint8Array<ArrayBuffer> =>
  joinBytes(ranges.flatMap(({ start, bytes }) => [limeHeader(start, bytes.length), bytes]));

export const limeDump = (memory: SparseMemory): Uint8Array<ArrayBuffer> => limeRanges(memory.stretches());
