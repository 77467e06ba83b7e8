import { type EntryShape, frameNamed } from '#core/paging/entry.ts';
import type { Reach } from './classify.ts';

/** Below a large page's size only bit 12 (PAT) may be set; in 32-bit mode bits 20:13 are address bits 39:32 (SDM 3A 4.3, 4.5). */
export function hasReservedBits(reach: Reach, shape: EntryShape, low: number, high: number): boolean {
  if (shape.pse36) return (low & 0x20_0000) !== 0 || ((low >>> 13) & 0xff) > reach.highMost;
  return frameNamed(shape, low, high) % shape.pagesPerEntry > 1;
}
