import { lastAtOrBelow } from '#core/base/bisect.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import { EXTENT_HELD, type ExtentColumns } from '#core/memory/memory-image.ts';

/** 1 TiB of held memory. Frames beyond are not looked at. */
const MOST_FRAMES = 2 ** 28;

/** Neighbouring frames, all held. `index`: the first one's place among all that are held. */
export interface HeldStretch {
  readonly index: number;
  readonly firstFrame: number;
  readonly frames: number;
}

/** The frames that a dump holds whole, numbered in order of machine address. The same dump gives the same numbers in every worker. */
export class HeldFrames {
  /** How many. */
  readonly count: number;
  /** Per stretch of neighbours: its first frame, how many, and the index of the first. */
  readonly #firsts: Float64Array;
  readonly #counts: Float64Array;
  readonly #bases: Float64Array;

  constructor({ count, kind, start, length }: ExtentColumns) {
    const rows = Array.from({ length: count }, (_, row) => row).filter((row) => kind[row] === EXTENT_HELD);
    this.#firsts = Float64Array.from(rows, (row) => Math.ceil((start[row] ?? 0) / FRAME_BYTES));
    this.#counts = Float64Array.from(rows, (row, i) =>
      Math.max(0, Math.floor(((start[row] ?? 0) + (length[row] ?? 0)) / FRAME_BYTES) - (this.#firsts[i] ?? 0)),
    );
    let sum = 0;
    this.#bases = this.#counts.map((frames) => {
      sum += frames;
      return sum - frames;
    });
    this.count = Math.min(MOST_FRAMES, sum);
  }

  /** A frame's place among all that are held; -1 where it is not. */
  indexOf(frame: number): number {
    const row = lastAtOrBelow(this.#firsts, frame);
    const within = frame - (this.#firsts[row] ?? 0);
    return row >= 0 && within < (this.#counts[row] ?? 0) ? (this.#bases[row] ?? 0) + within : -1;
  }

  /** Frames by index, from `first` up to but not `end` (or what there is), as stretches of at most `most` neighbours. */
  *stretches(first: number, end: number, most: number): Generator<HeldStretch, void> {
    const rows = this.#firsts.length;
    for (let index = first, row = lastAtOrBelow(this.#bases, first); index < end && row < rows; row++) {
      const within = index - (this.#bases[row] ?? 0);
      const stop = Math.min(this.#counts[row] ?? 0, within + end - index);
      for (let at = within; at < stop; at += most) {
        const frames = Math.min(most, stop - at);
        yield { index, firstFrame: (this.#firsts[row] ?? 0) + at, frames };
        index += frames;
      }
    }
  }
}
