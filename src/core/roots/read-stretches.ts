import { pause } from '#core/base/pause.ts';
import { FRAME_BYTES, machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { HeldStretch } from './held-frames.ts';
import { wordsOf } from './read-frames.ts';

/** Large enough that a read costs little beside its bytes; more than the block cache takes, so that it is not washed out. */
export const FRAMES_PER_READ = 2048;
/** A source in memory answers without letting messages in. A pause costs a millisecond or more, as much as reading some MiB. */
const PAUSE_EVERY_MS = 50;

/** Neighbouring frames with their words, which are overwritten when the next but one is asked for. Fewer words than frames where the file gave fewer bytes. */
export interface ReadStretch extends HeldStretch {
  readonly words: Uint32Array;
}

/** Room for two stretches, as large as they need: one's words are looked at while the next is read. May be used again, but not by two at a time. */
export class ReadingRoom {
  readonly #buffers = [new Uint8Array(0), new Uint8Array(0)];
  #turn = 0;

  /** Taken in turn. */
  next(bytes: number): Uint8Array {
    this.#turn = 1 - this.#turn;
    const known = this.#buffers[this.#turn];
    if (known && known.length >= bytes) return known.subarray(0, bytes);
    const buffer = new Uint8Array(bytes);
    this.#buffers[this.#turn] = buffer;
    return buffer;
  }
}

/**
 * Reads stretches of at most FRAMES_PER_READ frames, in the order given; the next one is read while the last is worked on.
 * @throws what reading throws.
 */
export async function* readStretches(
  image: MemoryImage,
  stretches: Iterator<HeldStretch, void>,
  room = new ReadingRoom(),
): AsyncGenerator<ReadStretch, void> {
  let reading = readNext(image, stretches, room);
  while (reading) {
    const stretch = await reading;
    reading = readNext(image, stretches, room);
    // A rejection must not go unheard while the caller works; the await above throws it.
    reading?.catch(() => undefined);
    yield stretch;
    await pauseAtTimes();
  }
}

function readNext(image: MemoryImage, stretches: Iterator<HeldStretch, void>, room: ReadingRoom): Promise<ReadStretch> | undefined {
  const next = stretches.next();
  return next.done ? undefined : readOne(image, next.value, room);
}

async function readOne(image: MemoryImage, stretch: HeldStretch, room: ReadingRoom): Promise<ReadStretch> {
  const length = stretch.frames * FRAME_BYTES;
  const bytes = await image.readHeld({ start: machineAddress(stretch.firstFrame * FRAME_BYTES), length }, room.next(length));
  return { ...stretch, words: wordsOf(bytes) };
}

/** Of all readings in this thread together. */
let paused = 0;

async function pauseAtTimes(): Promise<void> {
  if (Date.now() - paused < PAUSE_EVERY_MS) return;
  await pause();
  paused = Date.now();
}
