import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { EXTENT_HELD, type ExtentColumns } from '#core/memory/memory-image.ts';

/** A bitmap of frames, and where the pages of its set bits lie one after another. */
export interface BitmapList {
  /** Offset of the bitmap. */
  readonly listAt: number;
  /** Its bits. */
  readonly entries: number;
  readonly pagesAt: number;
  /** Bits before it are of no interest: their pages are not there. 0 if left out. */
  readonly firstFrame?: number;
  /** Where the pages end at the latest: the end of a file that stores them plain. */
  readonly pagesEnd: number;
}

export interface BitmapPages {
  readonly columns: ExtentColumns;
  /** Bits set in the part that could be read. */
  readonly pages: number;
  /** First frame that the bitmap names and the file ends before; undefined if none. */
  readonly cutFrom: number | undefined;
  /** One past the highest frame that the bitmap, as far as the file holds it, speaks of. */
  readonly frames: number;
}

const CHUNK_BYTES = 1024 * 1024;
/** 64 TiB, whose bitmap has 2 GiB: enough, and an end to hostile counts. */
const MOST_FRAMES = 2 ** 34;
/** Rows of columns: 160 MB. Real memory has some hundred; what makedumpfile leaves out may make a million. */
const MOST_RUNS = 2 ** 22;

/** Bit n, lowest first, is frame n; the pages of set bits follow each other in the file. Ends where the file's pages do. */
export async function readBitmap(source: ByteSource, list: BitmapList, task: Task): Promise<BitmapPages> {
  const bits = Math.min(list.entries, MOST_FRAMES, Math.max(0, source.size - list.listAt) * 8);
  const runs = new BitRuns(list.pagesAt, list.pagesEnd);
  const first = list.firstFrame ?? 0;
  for (let frame = first - (first % 8); frame < bits && !runs.ended; frame += CHUNK_BYTES * 8) {
    task.report({ step: 'reading which frames are in the dump', done: frame, total: bits });
    task.check();
    const bytes = await source.read(list.listAt + frame / 8, Math.min(CHUNK_BYTES, Math.ceil((bits - frame) / 8)));
    if (bytes.length === 0) break;
    runs.take(frame < first ? withoutBitsBelow(bytes, first % 8) : bytes, frame, Math.min(bits, frame + bytes.length * 8));
  }
  return { columns: runs.columns(), pages: runs.pages, cutFrom: runs.cutFrom, frames: bits };
}

/** The first byte's lowest bits cleared, in a copy. */
function withoutBitsBelow(bytes: Uint8Array, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[0] = (copy[0] ?? 0) & (0xff << bit);
  return copy;
}

/** Runs of set bits, as they come. */
class BitRuns {
  pages = 0;
  cutFrom: number | undefined;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #pagesAt: number;
  readonly #pagesEnd: number;

  constructor(pagesAt: number, pagesEnd: number) {
    this.#pagesAt = pagesAt;
    this.#pagesEnd = pagesEnd;
  }

  /** No further pages: the file has no byte for them, or there is no end to the runs. */
  get ended(): boolean {
    return this.cutFrom !== undefined;
  }

  take(bytes: Uint8Array, firstFrame: number, end: number): void {
    for (let frame = firstFrame; frame < end && !this.ended; frame += 8) {
      const byte = bytes[(frame - firstFrame) / 8] ?? 0;
      if (byte === 0xff && frame + 8 <= end) this.#add(frame, 8);
      else if (byte !== 0) this.#addBits(byte, frame, end);
    }
  }

  #addBits(byte: number, first: number, end: number): void {
    for (let bit = 0; bit < 8 && first + bit < end && !this.ended; bit++) if (((byte >> bit) & 1) === 1) this.#add(first + bit, 1);
  }

  #add(frame: number, count: number): void {
    if (this.#starts.length >= MOST_RUNS && this.#ends.at(-1) !== frame) {
      this.cutFrom = frame;
      return;
    }
    const room = Math.ceil((this.#pagesEnd - this.#pagesAt) / 4096) - this.pages;
    if (room < count) this.cutFrom = frame + Math.max(0, room);
    const held = Math.min(count, Math.max(0, room));
    this.pages += held;
    if (held === 0) return;
    const last = this.#ends.length - 1;
    if (this.#ends[last] === frame) this.#ends[last] = frame + held;
    else {
      this.#starts.push(frame);
      this.#ends.push(frame + held);
    }
  }

  columns(): ExtentColumns {
    const count = this.#starts.length;
    const start = Float64Array.from(this.#starts, (frame) => frame * 4096);
    const length = start.map((at, row) => (this.#ends[row] ?? 0) * 4096 - at);
    let next = this.#pagesAt;
    const fileOffset = length.map((bytes) => {
      next += bytes;
      return next - bytes;
    });
    const last = count - 1;
    // Only the last page can be cut within.
    if (count > 0) length[last] = Math.min(length[last] ?? 0, this.#pagesEnd - (fileOffset[last] ?? 0));
    return { count, start, length, fileOffset, kind: new Uint8Array(count).fill(EXTENT_HELD) };
  }
}
