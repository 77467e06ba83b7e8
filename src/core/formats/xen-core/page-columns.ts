import { EXTENT_HELD, type ExtentColumns } from '#core/memory/memory-image.ts';
import { NO_FRAME, orderByNumber } from '#core/xen/frame-numbers.ts';

export interface PageColumns {
  readonly columns: ExtentColumns;
  /** Rows that name a frame already given by an earlier row. */
  readonly repeated: number;
}

/** A page of memory that lies elsewhere in the file: shared_info. */
export interface ExtraPage {
  readonly frame: number;
  readonly fileOffset: number;
}

/**
 * Page i of the file is frame `frames[i]`: extents ascending by frame, joined where frames and file both go on. Of a frame given
 * twice the first page counts. Nothing past `size`, the bytes of the file.
 */
export function pageColumns(frames: Uint32Array, pagesAt: number, size: number, extra: readonly ExtraPage[] = []): PageColumns {
  const rows = Math.min(frames.length, Math.max(0, Math.ceil((size - pagesAt) / 4096)));
  const all = new Uint32Array(rows + extra.length);
  all.set(frames.subarray(0, rows));
  extra.forEach((page, index) => {
    all[rows + index] = page.frame;
  });
  const offsetOf = (row: number): number => (row < rows ? pagesAt + row * 4096 : (extra[row - rows]?.fileOffset ?? size));
  return joinRows(all, orderByNumber(all), offsetOf, size);
}

function joinRows(frames: Uint32Array, order: Uint32Array, offsetOf: (row: number) => number, size: number): PageColumns {
  const joined = new JoinedExtents(order.length);
  let repeated = 0;
  let before = NO_FRAME;
  for (const row of order) {
    const frame = frames[row] ?? NO_FRAME;
    const bytes = Math.min(4096, size - offsetOf(row));
    if (frame === NO_FRAME || bytes <= 0) continue;
    if (frame === before) repeated++;
    else joined.add(frame * 4096, bytes, offsetOf(row));
    before = frame;
  }
  return { columns: joined.columns(), repeated };
}

/** Extents given in ascending order; one that goes on where the last ends, in memory and file, is joined to it. */
class JoinedExtents {
  readonly #start: Float64Array;
  readonly #length: Float64Array;
  readonly #fileOffset: Float64Array;
  #count = 0;

  constructor(most: number) {
    this.#start = new Float64Array(most);
    this.#length = new Float64Array(most);
    this.#fileOffset = new Float64Array(most);
  }

  add(start: number, bytes: number, offset: number): void {
    const last = this.#count - 1;
    const length = this.#length[last] ?? 0;
    if (last >= 0 && (this.#start[last] ?? 0) + length === start && (this.#fileOffset[last] ?? 0) + length === offset) {
      this.#length[last] = length + bytes;
      return;
    }
    this.#start[this.#count] = start;
    this.#length[this.#count] = bytes;
    this.#fileOffset[this.#count++] = offset;
  }

  columns(): ExtentColumns {
    const count = this.#count;
    const cut = (column: Float64Array): Float64Array => column.slice(0, count);
    const kind = new Uint8Array(count).fill(EXTENT_HELD);
    return { count, start: cut(this.#start), length: cut(this.#length), fileOffset: cut(this.#fileOffset), kind };
  }
}
