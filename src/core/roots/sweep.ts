import { pause } from '#core/base/pause.ts';
import { machineAddress } from '#core/memory/address.ts';
import type { MachineRange, MemoryImage, MemoryPiece } from '#core/memory/memory-image.ts';
import { WORDS } from './classify.ts';
import type { FrameClasses } from './frame-classes.ts';

/** Large enough that a read costs little beside its bytes; more than the block cache takes, so that it is not washed out. */
const FRAMES_PER_READ = 2048;
const FRAME_BYTES = 4096;
/** A source in memory answers without letting messages in. A pause costs a millisecond or more, as much as reading some MiB. */
const PAUSE_EVERY_MS = 50;

/** Stretch of neighbouring frames, with their words. */
export interface Stretch {
  readonly firstFrame: number;
  readonly frames: number;
  readonly words: Uint32Array;
}

/** All held frames in order of machine address, 8 MiB at a time; the next stretch is read while the last is worked on. */
export async function* sweep(image: MemoryImage, classes: FrameClasses): AsyncGenerator<Stretch, void> {
  const ranges = rangesOf(classes);
  let paused = Date.now();
  let current = ranges.next();
  let reading = current.done ? undefined : readOne(image, current.value);
  while (!current.done && reading) {
    const range = current.value;
    const piece = await reading;
    current = ranges.next();
    reading = current.done ? undefined : readOne(image, current.value);
    // A rejection must not go unheard while the caller works; the await above throws it.
    reading?.catch(() => undefined);
    if (piece) yield { firstFrame: range.start / FRAME_BYTES, frames: range.length / FRAME_BYTES, words: wordsOf(piece.bytes) };
    if (Date.now() - paused >= PAUSE_EVERY_MS) {
      await pause();
      paused = Date.now();
    }
  }
}

function* rangesOf({ firsts, counts }: FrameClasses): Generator<MachineRange, void> {
  for (let row = 0; row < firsts.length; row++) {
    const count = counts[row] ?? 0;
    for (let at = 0; at < count; at += FRAMES_PER_READ) {
      const frames = Math.min(FRAMES_PER_READ, count - at);
      yield { start: machineAddress(((firsts[row] ?? 0) + at) * FRAME_BYTES), length: frames * FRAME_BYTES };
    }
  }
}

async function readOne(image: MemoryImage, range: MachineRange): Promise<MemoryPiece | undefined> {
  return (await image.read([range]))[0];
}

/** Little-endian words; copied only where the bytes do not lie at a multiple of 4. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / 4));
}

/** Whole frames by number, few reads; a frame that is not held gives zeros. */
export async function readFrames(image: MemoryImage, frames: readonly number[]): Promise<readonly Uint32Array[]> {
  const pieces = await image.read(frames.map((frame) => ({ start: machineAddress(frame * FRAME_BYTES), length: FRAME_BYTES })));
  return frames.map((_, i) => wordsOf(pieces[i]?.bytes ?? new Uint8Array(WORDS * 4)));
}
