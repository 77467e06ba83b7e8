/** Kind of a run's pages, the low bits of `attrs`. Order as COVERAGE_COLUMNS of the session's contract. */
export const KIND_WRITABLE = 0;
export const KIND_READ_ONLY = 1;
export const KIND_LOOP = 2;
export const KIND_ABSENT = 3;
export const KIND_NOT_ZERO = 4;
export const KIND_ELIDED = 5;
/** Not present with a zero entry: what lies between two runs. */
export const KIND_ZERO = 6;
/** The row stands for another window: see `RunColumns.firstFrame`. */
export const KIND_REFERENCE = 7;

/** Layout of `attrs`, 16 bits: kind, level of the leaf, and the level (+1, 0 = none: the right is there) that first took each right. */
export const ATTR_KIND = 0x7;
export const ATTR_LEVEL_SHIFT = 3;
export const ATTR_WRITE_LOST_AT_SHIFT = 6;
export const ATTR_USER_LOST_AT_SHIFT = 9;
export const ATTR_FETCH_LOST_AT_SHIFT = 12;
/** KIND_ABSENT only: the missing table's frame is known. */
export const ATTR_NAMED = 0x8000;

/** Exact whole numbers: of 32 bits where all fit, since memory never touched before is what columns cost most. */
export type NumberColumn = Uint32Array | Float64Array;

/**
 * Runs of pages mapped alike, ascending by page, each ending where the next begins; the first begins at page 0. Two neighbours are one run when
 * machine − virtual is constant and the effective rights, the kind and the leaf's level are equal.
 */
export interface RunColumns {
  readonly count: number;
  /** Virtual page; one more than there are rows, the last being where the last row ends. Beyond it all is zero. */
  readonly firstPage: NumberColumn;
  /** Machine frame of the first page where memory is mapped, and the missing table's frame (see `frameOf`); for KIND_REFERENCE the node whose window these pages repeat. */
  readonly firstFrame: NumberColumn;
  readonly attrs: Uint16Array;
}

export const pagesOf = ({ firstPage }: RunColumns, row: number): number => (firstPage[row + 1] ?? 0) - (firstPage[row] ?? 0);

/** Machine frame of a row's page, `offset` pages into it; the missing table's frame for all pages of KIND_ABSENT; -1 where there is none. */
export function frameOf({ firstFrame, attrs }: RunColumns, row: number, offset: number): number {
  const what = attrs[row] ?? 0;
  if ((what & ATTR_KIND) <= KIND_LOOP) return (firstFrame[row] ?? 0) + offset;
  return (what & ATTR_NAMED) !== 0 ? (firstFrame[row] ?? 0) : -1;
}

export const MOST_32 = 2 ** 32 - 1;
const FIRST_ROOM = 16_384;
/** Room is foretold up to so many rows (20 MB of columns, which cost nothing until written); above, it grows eightfold at most at a time. */
const FORETOLD = 2 ** 21;
const MOST_GROWTH = 8;

/** Growing columns: writers append in ascending page order, then freeze. Neighbours that continue one another become one row. */
export class RunBuilder {
  count = 0;
  /** Grows with whatever is added: tells whether a table added anything. */
  touched = 0;
  /** Where the last row ends, and the frame and attrs that would continue it there. */
  nextPage = 0;
  nextFrame = -1;
  lastAttrs = -1;
  /** The columns, for writers that have asked for room and write rows themselves; replaced when they grow. */
  firstPage: NumberColumn;
  firstFrame: NumberColumn;
  attrs: Uint16Array;
  private readonly tables: number;
  private begun = 0;

  /** For a space of `pageCount` pages with so many tables: only room is foretold by them. */
  constructor(pageCount: number, tables: number) {
    this.firstPage = pageCount > MOST_32 ? new Float64Array(FIRST_ROOM) : new Uint32Array(FIRST_ROOM);
    this.firstFrame = new Uint32Array(FIRST_ROOM);
    this.attrs = new Uint16Array(FIRST_ROOM);
    this.tables = tables;
  }

  /** A table of `entries` entries is to be written, which begins at `page`. */
  beginTable(page: number, entries: number): void {
    this.begun++;
    this.skipTo(page);
    this.reserve(entries);
  }

  /** Appends `pages` from `page` on, or lengthens the last row where they continue it. `frame` is 0 where nothing is mapped. */
  add(page: number, pages: number, frame: number, attrs: number): void {
    const step = (attrs & ATTR_KIND) <= KIND_LOOP ? pages : 0;
    if (attrs === this.lastAttrs && page === this.nextPage && frame === this.nextFrame) this.touched++;
    else this.append(page, frame, attrs);
    this.nextPage = page + pages;
    this.nextFrame = frame + step;
    this.lastAttrs = attrs;
  }

  /** Appends a row that nothing continues: each reference and absent table names something of its own. */
  addAlone(page: number, pages: number, named: number, attrs: number): void {
    this.append(page, named, attrs);
    this.nextPage = page + pages;
    this.lastAttrs = -1;
  }

  /** Makes room for so many more rows, and for those that the tables still to come will need if they are like the ones so far: few copies for any map. */
  reserve(rows: number): void {
    const least = this.count + rows;
    if (least <= this.attrs.length) return;
    const likely = (least * 1.02 * this.tables) / Math.max(1, this.begun);
    this.resize(Math.ceil(Math.min(Math.max(likely, least + this.count), Math.max(least * MOST_GROWTH, FORETOLD))));
  }

  /** From now on frames may be above 2^32 - 1 (16 TiB). */
  widenFrames(): NumberColumn {
    if (this.firstFrame instanceof Uint32Array) this.firstFrame = new Float64Array(this.firstFrame);
    return this.firstFrame;
  }

  /** What lies between the last row and `page` is zero. */
  skipTo(page: number): void {
    if (page === this.nextPage) return;
    if (this.lastAttrs !== KIND_ZERO) this.write(this.nextPage, 0, KIND_ZERO);
    this.nextPage = page;
  }

  /** For a writer that wrote rows itself: how many there are now, and what would continue the last. */
  continueAfter(count: number, nextPage: number, nextFrame: number, lastAttrs: number): void {
    this.count = count;
    this.nextPage = nextPage;
    this.nextFrame = (lastAttrs & ATTR_KIND) <= KIND_LOOP ? nextFrame : 0;
    this.lastAttrs = lastAttrs;
  }

  /** The columns, copied only where most of their room is unused. The builder must not be used afterwards. */
  freeze(): RunColumns {
    this.reserve(1);
    this.firstPage[this.count] = this.nextPage;
    const length = this.count + 1;
    if (this.attrs.length > 2 * length) this.resize(length);
    return {
      count: this.count,
      firstPage: this.firstPage.subarray(0, length),
      firstFrame: this.firstFrame.subarray(0, length),
      attrs: this.attrs.subarray(0, length),
    };
  }

  private append(page: number, frame: number, attrs: number): void {
    this.touched++;
    this.skipTo(page);
    this.write(page, frame, attrs);
  }

  private write(page: number, frame: number, attrs: number): void {
    this.reserve(1);
    if (frame > MOST_32) this.widenFrames();
    const row = this.count++;
    this.lastAttrs = attrs;
    this.firstPage[row] = page;
    this.firstFrame[row] = frame;
    this.attrs[row] = attrs;
  }

  private resize(room: number): void {
    this.firstPage = sized(this.firstPage, room);
    this.firstFrame = sized(this.firstFrame, room);
    const attrs = new Uint16Array(room);
    attrs.set(this.attrs.subarray(0, Math.min(room, this.attrs.length)));
    this.attrs = attrs;
  }
}

function sized(from: NumberColumn, room: number): NumberColumn {
  const to = from instanceof Uint32Array ? new Uint32Array(room) : new Float64Array(room);
  to.set(from.subarray(0, Math.min(room, from.length)));
  return to;
}
