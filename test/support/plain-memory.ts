import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';

/** Memory from machine address 0 on. */
export const imageOf = (bytes: Uint8Array): MemoryImage =>
  createExtentImage({ source: bytesSource(bytes), extents: [{ start: machineAddress(0), length: bytes.length, fileOffset: 0 }] });

/** xorshift32: every bit as likely as not, the same for the same seed. @param bytes A multiple of 4. */
export function noise(seed: number, bytes: number): Uint8Array {
  const words = new Uint32Array(bytes / 4);
  let state = seed || 1;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return new Uint8Array(words.buffer);
}
