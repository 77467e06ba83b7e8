import { lastAtOrBelow } from '#core/base/bisect.ts';

/** Stretches of one file that lie in another, as columns; row i is [start, start + length), ascending and apart. */
export interface PieceColumns {
  readonly count: number;
  readonly start: Float64Array;
  readonly length: Float64Array;
  readonly fileOffset: Float64Array;
}

/** Pieces as they come, in columns: there may be millions. Where two overlap, the one added later wins. */
export class PieceList {
  #count = 0;
  #start = new Float64Array(1024);
  #length = new Float64Array(1024);
  #fileOffset = new Float64Array(1024);

  get count(): number {
    return this.#count;
  }

  add(start: number, length: number, fileOffset: number): void {
    if (this.#count === this.#start.length) this.#grow();
    this.#start[this.#count] = start;
    this.#length[this.#count] = length;
    this.#fileOffset[this.#count++] = fileOffset;
  }

  /** Cuts all pieces at all their ends, and gives each cell to the last piece that covers it. */
  settle(): PieceColumns {
    const bounds = this.#bounds();
    const owner = new Int32Array(bounds.length).fill(-1);
    // Leads to the next cell that nobody has, with the path halved at each step: so each cell is given once.
    const skip = Int32Array.from({ length: bounds.length + 1 }, (_, cell) => cell);
    for (let piece = this.#count - 1; piece >= 0; piece--) {
      const start = this.#start[piece] ?? 0;
      const end = start + (this.#length[piece] ?? 0);
      let cell = free(skip, lastAtOrBelow(bounds, start));
      for (; (bounds[cell] ?? end) < end; cell = free(skip, cell)) {
        owner[cell] = piece;
        skip[cell] = cell + 1;
      }
    }
    return this.#columns(bounds, owner);
  }

  /** Starts and ends, ascending, each once. */
  #bounds(): Float64Array {
    const all = new Float64Array(2 * this.#count);
    for (let piece = 0; piece < this.#count; piece++) {
      all[2 * piece] = this.#start[piece] ?? 0;
      all[2 * piece + 1] = (this.#start[piece] ?? 0) + (this.#length[piece] ?? 0);
    }
    all.sort();
    let kept = 0;
    for (let row = 0; row < all.length; row++) if (row === 0 || all[row] !== all[kept - 1]) all[kept++] = all[row] ?? 0;
    return all.subarray(0, kept);
  }

  #columns(bounds: Float64Array, owner: Int32Array): PieceColumns {
    const rows = new PieceList();
    let last = -1;
    for (let cell = 0; cell < bounds.length; cell++) {
      const piece = owner[cell] ?? -1;
      if (piece === last) continue;
      if (last >= 0) rows.#end(bounds[cell] ?? 0);
      const start = bounds[cell] ?? 0;
      if (piece >= 0) rows.add(start, 0, (this.#fileOffset[piece] ?? 0) + start - (this.#start[piece] ?? 0));
      last = piece;
    }
    const { count } = rows;
    const cut = (column: Float64Array): Float64Array => column.subarray(0, count);
    return { count, start: cut(rows.#start), length: cut(rows.#length), fileOffset: cut(rows.#fileOffset) };
  }

  #end(at: number): void {
    this.#length[this.#count - 1] = at - (this.#start[this.#count - 1] ?? 0);
  }

  #grow(): void {
    const larger = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const grown = new Float64Array(column.length * 2);
      grown.set(column);
      return grown;
    };
    this.#start = larger(this.#start);
    this.#length = larger(this.#length);
    this.#fileOffset = larger(this.#fileOffset);
  }
}

function free(skip: Int32Array, cell: number): number {
  let at = Math.max(0, cell);
  for (let next = skip[at] ?? at; next !== at; next = skip[at] ?? at) {
    skip[at] = skip[next] ?? next;
    at = skip[at] ?? next;
  }
  return at;
}
