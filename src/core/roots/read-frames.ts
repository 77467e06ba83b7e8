import { FRAME_BYTES, machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';

/** Little-endian words; copied only where the bytes do not lie at a multiple of 4. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / 4));
}

/** Whole frames by number, few reads; a frame that is not held gives zeros. */
export async function readFrames(image: MemoryImage, frames: readonly number[]): Promise<readonly Uint32Array[]> {
  const pieces = await image.read(frames.map((frame) => ({ start: machineAddress(frame * FRAME_BYTES), length: FRAME_BYTES })));
  return frames.map((_, i) => wordsOf(pieces[i]?.bytes ?? new Uint8Array(FRAME_BYTES)));
}
