import { lastAtOrBelow } from '#core/base/bisect.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import { EXTENT_HELD, type ExtentColumns } from '#core/memory/memory-image.ts';
import { HeldFrames } from './held-frames.ts';

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

/** One byte for each frame that the dump holds whole: what it looks like, once it has been read. */
export class FrameClasses {
  readonly held: HeldFrames;
  readonly #codes: Uint8Array;
  readonly #extents: ExtentColumns;

  constructor(extents: ExtentColumns) {
    this.#extents = extents;
    this.held = new HeldFrames(extents);
    this.#codes = new Uint8Array(this.held.count);
  }

  at(frame: number): number {
    const index = this.held.indexOf(frame);
    return index < 0 ? this.#outside(frame) : (this.#codes[index] ?? ABSENT);
  }

  /** By its index among the frames held. */
  codeAt(index: number): number {
    return this.#codes[index] ?? ABSENT;
  }

  /** Whether the dump has the frame, stored or as zeros. */
  holds(frame: number): boolean {
    return this.held.indexOf(frame) >= 0 || this.#outside(frame) !== ABSENT;
  }

  /** The codes of frames by their index, from `first` on. */
  put(first: number, codes: Uint8Array): void {
    this.#codes.set(codes, first);
  }

  /** A frame of zeros that the file does not store is there all the same. */
  #outside(frame: number): number {
    const { start, length, kind } = this.#extents;
    const row = lastAtOrBelow(start, frame * FRAME_BYTES);
    const inside = row >= 0 && frame * FRAME_BYTES < (start[row] ?? 0) + (length[row] ?? 0);
    return inside && kind[row] !== EXTENT_HELD ? ALL_ZERO | LOOKED_AT : ABSENT;
  }
}
