import type { MemoryImage } from '#core/memory/memory-image.ts';
import { WORDS } from './classify.ts';
import { readFrames } from './read-frames.ts';

/** 32 MiB of frames. What comes beyond is read again when it is looked at. */
const MOST = 8192;

/** Frames with their words, one behind another. */
export interface TableColumns {
  readonly frames: Float64Array;
  /** 1,024 a frame. */
  readonly words: Uint32Array;
}

/** The words of frames that look like tables, kept as they are swept over: reading them once more costs more than the whole sweep. */
export class TableList {
  #frames: number[] = [];
  #words = new Uint32Array(16 * WORDS);

  /** The frame whose words are `words[from …]`. */
  add(frame: number, words: Uint32Array, from: number): void {
    const at = this.#frames.push(frame) * WORDS;
    if (at > this.#words.length) this.#grow();
    this.#words.set(words.subarray(from, from + WORDS), at - WORDS);
  }

  /** A copy, each column of its own buffer. */
  columns(): TableColumns {
    return { frames: Float64Array.from(this.#frames), words: this.#words.slice(0, this.#frames.length * WORDS) };
  }

  #grow(): void {
    const words = new Uint32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
  }
}

/** Tables of a whole image by frame: kept ones at once, others from the image. */
export class KeptTables {
  readonly #image: MemoryImage;
  readonly #words = new Map<number, Uint32Array>();

  constructor(image: MemoryImage) {
    this.#image = image;
  }

  addAll({ frames, words }: TableColumns): void {
    const taken = frames.subarray(0, Math.max(0, MOST - this.#words.size));
    taken.forEach((frame, i) => {
      this.#words.set(frame, words.subarray(i * WORDS, (i + 1) * WORDS));
    });
  }

  /** Words of each frame; zeros where the dump does not hold it. @throws what reading throws. */
  async read(frames: readonly number[]): Promise<readonly Uint32Array[]> {
    const missing = frames.filter((frame) => !this.#words.has(frame));
    const read = missing.length === 0 ? [] : await readFrames(this.#image, missing);
    const fresh = new Map(missing.map((frame, i) => [frame, read[i]] as const));
    return frames.map((frame) => this.#words.get(frame) ?? fresh.get(frame) ?? new Uint32Array(WORDS));
  }
}
