import { pause } from '#core/base/pause.ts';
import { FRAME_BYTES, machineAddress } from '#core/memory/address.ts';
import { EXTENT_HELD, type MachineRange, type MemoryImage } from '#core/memory/memory-image.ts';
import type { WordStretch } from './guess.ts';

/** Large enough that a read costs little beside its bytes. */
const BYTES_PER_READ = 8 * 2 ** 20;
/** A source in memory answers without letting messages in. */
const PAUSE_EVERY_MS = 50;

/** All frames held whole, in order of machine address, at most 8 MiB at a time; the next stretch is read while the last is worked on. */
export async function* readAll(image: MemoryImage): AsyncGenerator<WordStretch, void> {
  const ranges = heldRanges(image);
  let paused = Date.now();
  let reading = readNext(image, ranges);
  while (reading) {
    const stretch = await reading;
    reading = readNext(image, ranges);
    // A rejection must not go unheard while the caller works; the await above throws it.
    reading?.catch(() => undefined);
    yield stretch;
    if (Date.now() - paused < PAUSE_EVERY_MS) continue;
    await pause();
    paused = Date.now();
  }
}

function* heldRanges({ extents }: MemoryImage): Generator<MachineRange, void> {
  for (let row = 0; row < extents.count; row++) {
    if (extents.kind[row] !== EXTENT_HELD) continue;
    const start = extents.start[row] ?? 0;
    const end = Math.floor((start + (extents.length[row] ?? 0)) / FRAME_BYTES) * FRAME_BYTES;
    for (let at = Math.ceil(start / FRAME_BYTES) * FRAME_BYTES; at < end; at += BYTES_PER_READ)
      yield { start: machineAddress(at), length: Math.min(BYTES_PER_READ, end - at) };
  }
}

function readNext(image: MemoryImage, ranges: Iterator<MachineRange, void>): Promise<WordStretch> | undefined {
  const next = ranges.next();
  return next.done ? undefined : readWords(image, next.value);
}

async function readWords(image: MemoryImage, range: MachineRange): Promise<WordStretch> {
  const [piece] = await image.read([range]);
  const bytes = piece?.bytes ?? new Uint8Array(0);
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return { start: range.start, words: new Uint32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / 4)) };
}

/** Bytes held whole: what `readAll` reads. */
export function heldBytes(image: MemoryImage): number {
  let sum = 0;
  for (const { length } of heldRanges(image)) sum += length;
  return sum;
}
