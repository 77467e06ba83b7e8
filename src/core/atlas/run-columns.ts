/** Kind of a run's pages, the low bits of `attrs`. Order as COVERAGE_COLUMNS of the session's contract, `zero` being what no run covers. */
export const KIND_WRITABLE = 0;
export const KIND_READ_ONLY = 1;
export const KIND_LOOP = 2;
export const KIND_ABSENT = 3;
export const KIND_NOT_ZERO = 4;
export const KIND_ELIDED = 5;
/** The row stands for another window: see `RunColumns.node`. */
export const KIND_REFERENCE = 7;

/** Layout of `attrs`: kind, effective rights lost over all levels, level of the leaf, and the level (+1, 0 = none) that first took each right. */
export const ATTR_KIND = 0x7;
export const ATTR_LOST_SHIFT = 3;
export const ATTR_LEVEL_SHIFT = 6;
export const ATTR_WRITE_LOST_AT_SHIFT = 9;
export const ATTR_USER_LOST_AT_SHIFT = 12;
export const ATTR_FETCH_LOST_AT_SHIFT = 15;

/**
 * Runs of pages mapped alike, ascending by page, not overlapping. Two neighbours are one run when machine − virtual is constant and the
 * effective rights, the kind and the leaf's level are equal. Pages that no run covers are not present with a zero entry.
 */
export interface RunColumns {
  readonly count: number;
  /** Virtual page. */
  readonly firstPage: Float64Array;
  readonly pageCount: Float64Array;
  /** Machine frame of the first page; the missing table's frame for KIND_ABSENT; -1 where there is none. */
  readonly firstFrame: Float64Array;
  readonly attrs: Uint32Array;
  /** Node whose table holds the first entry; for KIND_REFERENCE the node whose window these pages repeat. */
  readonly node: Uint32Array;
}

/** Growing columns: writers append in ascending page order, then freeze. Neighbours that continue one another become one row. */
export class RunBuilder {
  #firstPage = new Float64Array(1024);
  #pageCount = new Float64Array(1024);
  #firstFrame = new Float64Array(1024);
  #attrs = new Uint32Array(1024);
  #node = new Uint32Array(1024);
  count = 0;
  /** Grows with every page added: tells whether a table added anything. */
  touched = 0;

  /** Appends `pages` from `page` on, or lengthens the last row where they continue it. `frame` -1: no frame, continues another -1. */
  add(page: number, pages: number, frame: number, attrs: number, node: number): void {
    this.touched++;
    const last = this.count - 1;
    if (last >= 0 && this.#attrs[last] === attrs && this.#continues(last, page, frame)) {
      this.#pageCount[last] = (this.#pageCount[last] ?? 0) + pages;
      return;
    }
    this.#push(page, pages, frame, attrs, node);
  }

  /** Lengthens the last row by `pages` that are known to continue it. */
  lengthen(pages: number): void {
    const last = this.count - 1;
    this.#pageCount[last] = (this.#pageCount[last] ?? 0) + pages;
  }

  /** Appends a row that nothing may lengthen: a reference, or an absent table's span. */
  addAlone(page: number, pages: number, frame: number, attrs: number, node: number): void {
    this.touched++;
    this.#push(page, pages, frame, attrs, node);
  }

  freeze(): RunColumns {
    const n = this.count;
    return {
      count: n,
      firstPage: this.#firstPage.slice(0, n),
      pageCount: this.#pageCount.slice(0, n),
      firstFrame: this.#firstFrame.slice(0, n),
      attrs: this.#attrs.slice(0, n),
      node: this.#node.slice(0, n),
    };
  }

  #continues(last: number, page: number, frame: number): boolean {
    const count = this.#pageCount[last] ?? 0;
    if ((this.#firstPage[last] ?? 0) + count !== page) return false;
    const before = this.#firstFrame[last] ?? 0;
    return frame < 0 ? before < 0 : before >= 0 && before + count === frame;
  }

  #push(page: number, pages: number, frame: number, attrs: number, node: number): void {
    if (this.count === this.#attrs.length) this.#grow();
    const row = this.count++;
    this.#firstPage[row] = page;
    this.#pageCount[row] = pages;
    this.#firstFrame[row] = frame;
    this.#attrs[row] = attrs;
    this.#node[row] = node;
  }

  #grow(): void {
    const size = this.count * 2;
    this.#firstPage = widened(this.#firstPage, new Float64Array(size));
    this.#pageCount = widened(this.#pageCount, new Float64Array(size));
    this.#firstFrame = widened(this.#firstFrame, new Float64Array(size));
    this.#attrs = widened(this.#attrs, new Uint32Array(size));
    this.#node = widened(this.#node, new Uint32Array(size));
  }
}

function widened<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
