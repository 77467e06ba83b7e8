import { lastAtOrBelow } from '#core/base/bisect.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import { EXTENT_HELD, type ExtentColumns } from '#core/memory/memory-image.ts';

/** What a frame may be, by its words alone. A frame may look like a table of both widths. */
export const UNKNOWN = 0;
export const LOOKED_AT = 1;
export const ALL_ZERO = 2;
/** 512 entries of 8 bytes. */
export const TABLE_64 = 4;
/** 1,024 entries of 4 bytes. */
export const TABLE_32 = 8;
/** The dump does not hold it. */
export const ABSENT = 16;
/** Not zero, but no qword has P set: a table whose pages are all swapped out or emptied, or anything else. */
export const NONE_PRESENT = 32;

/** 1 TiB of held memory: one byte each. Frames beyond count as absent. */
const MOST_FRAMES = 2 ** 28;

/** One byte for each frame that the dump holds whole: what it looks like, once it has been read. */
export class FrameClasses {
  /** Per stretch of held frames: its first frame, how many, and the index of the first in `codes`. */
  readonly firsts: Float64Array;
  readonly counts: Float64Array;
  readonly #bases: Float64Array;
  readonly #codes: Uint8Array;
  readonly #extents: ExtentColumns;

  constructor(extents: ExtentColumns) {
    const rows = Array.from({ length: extents.count }, (_, row) => row).filter((row) => extents.kind[row] === EXTENT_HELD);
    const start = (row: number): number => extents.start[row] ?? 0;
    this.#extents = extents;
    this.firsts = Float64Array.from(rows, (row) => Math.ceil(start(row) / FRAME_BYTES));
    this.counts = Float64Array.from(rows, (row, i) =>
      Math.max(0, Math.floor((start(row) + (extents.length[row] ?? 0)) / FRAME_BYTES) - (this.firsts[i] ?? 0)),
    );
    let sum = 0;
    this.#bases = this.counts.map((count) => {
      sum += count;
      return sum - count;
    });
    this.#codes = new Uint8Array(Math.min(MOST_FRAMES, sum));
  }

  /** Frames held whole. */
  get frames(): number {
    return this.#codes.length;
  }

  at(frame: number): number {
    const index = this.#indexOf(frame);
    return index < 0 ? this.#outside(frame) : (this.#codes[index] ?? ABSENT);
  }

  /** Whether the dump has the frame, stored or as zeros. */
  holds(frame: number): boolean {
    return this.#indexOf(frame) >= 0 || this.#outside(frame) !== ABSENT;
  }

  set(frame: number, code: number): void {
    const index = this.#indexOf(frame);
    if (index >= 0) this.#codes[index] = code | LOOKED_AT;
  }

  #indexOf(frame: number): number {
    const row = lastAtOrBelow(this.firsts, frame);
    const within = frame - (this.firsts[row] ?? 0);
    return row >= 0 && within < (this.counts[row] ?? 0) ? (this.#bases[row] ?? 0) + within : -1;
  }

  /** A frame of zeros that the file does not store is there all the same. */
  #outside(frame: number): number {
    const { start, length, kind } = this.#extents;
    const row = lastAtOrBelow(start, frame * FRAME_BYTES);
    const inside = row >= 0 && frame * FRAME_BYTES < (start[row] ?? 0) + (length[row] ?? 0);
    return inside && kind[row] !== EXTENT_HELD ? ALL_ZERO | LOOKED_AT : ABSENT;
  }
}
