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

/** Rows there is room for at first, and by how much room grows: few copies for a scattered map, little memory for an ordinary one. */
const FIRST_ROOM = 32_768;
const GROWTH = 4;
const SLOWER_FROM = 500_000;

/** Growing columns: writers append in ascending page order, then freeze. Neighbours that continue one another become one row. */
export class RunBuilder {
  count = 0;
  /** Grows with every page added: tells whether a table added anything. */
  touched = 0;
  // TypeScript's private, not #: checked once at compile time instead of at each of a million calls.
  private firstPage = new Float64Array(FIRST_ROOM);
  private pageCount = new Float64Array(FIRST_ROOM);
  private firstFrame = new Float64Array(FIRST_ROOM);
  private attrs = new Uint32Array(FIRST_ROOM);
  private node = new Uint32Array(FIRST_ROOM);
  /** What would continue the last row: its next page and next frame (-1 where it has none), and its attrs. */
  private nextPage = -1;
  private nextFrame = -1;
  private lastAttrs = -1;

  /** Appends `pages` from `page` on, or lengthens the last row where they continue it. `frame` -1: no frame, continues another -1. */
  add(page: number, pages: number, frame: number, attrs: number, node: number): void {
    if (attrs === this.lastAttrs && page === this.nextPage && frame === this.nextFrame) this.lengthen(pages);
    else this.addAlone(page, pages, frame, attrs, node);
  }

  /** Lengthens the last row by `pages` that are known to continue it. */
  lengthen(pages: number): void {
    const last = this.count - 1;
    this.touched++;
    this.pageCount[last] = (this.pageCount[last] ?? 0) + pages;
    this.nextPage += pages;
    if (this.nextFrame >= 0) this.nextFrame += pages;
  }

  /** Appends a row, whatever the last one is. */
  addAlone(page: number, pages: number, frame: number, attrs: number, node: number): void {
    if (this.count === this.attrs.length) this.grow();
    const row = this.count++;
    this.touched++;
    this.firstPage[row] = page;
    this.pageCount[row] = pages;
    this.firstFrame[row] = frame;
    this.attrs[row] = attrs;
    this.node[row] = node;
    this.nextPage = page + pages;
    this.nextFrame = frame < 0 ? -1 : frame + pages;
    // A reference stands alone, and so does an absent table's span: each names a table of its own.
    this.lastAttrs = (attrs & ATTR_KIND) === KIND_REFERENCE || ((attrs & ATTR_KIND) === KIND_ABSENT && frame >= 0) ? -1 : attrs;
  }

  /** The columns, without a copy. The builder must not be used afterwards. */
  freeze(): RunColumns {
    const n = this.count;
    return {
      count: n,
      firstPage: this.firstPage.subarray(0, n),
      pageCount: this.pageCount.subarray(0, n),
      firstFrame: this.firstFrame.subarray(0, n),
      attrs: this.attrs.subarray(0, n),
      node: this.node.subarray(0, n),
    };
  }

  private grow(): void {
    const size = this.count * (this.count < SLOWER_FROM ? GROWTH : 2);
    this.firstPage = widened(this.firstPage, new Float64Array(size));
    this.pageCount = widened(this.pageCount, new Float64Array(size));
    this.firstFrame = widened(this.firstFrame, new Float64Array(size));
    this.attrs = widened(this.attrs, new Uint32Array(size));
    this.node = widened(this.node, new Uint32Array(size));
  }
}

function widened<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
