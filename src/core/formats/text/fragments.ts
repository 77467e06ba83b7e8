import { FRAME_BYTES } from '#core/memory/address.ts';
import { bytesBetween, type CopiedMemory, placeAfter, type TextReading, type TextRow, type TextSpace } from './reading.ts';

/** The part of a row that lies in one page. */
export interface Fragment {
  /** Byte in the page, 0 … 4095. */
  readonly offset: number;
  readonly length: number;
  readonly presence: TextRow['presence'];
  /** `held`: index in `PrintedBytes`. */
  readonly at: number;
  readonly line: number;
  /** Place in the text: the later said is what held in the end. */
  readonly order: number;
  readonly event: boolean;
  readonly reason?: string;
  /** Set where the bytes were printed elsewhere, as a copy of these. */
  readonly copy?: CopiedMemory;
}

/** Rows by page of their space. */
export type PageFragments = Map<number, Fragment[]>;

export interface Fragments {
  readonly virtual: PageFragments;
  readonly machine: PageFragments;
  /** Long runs of zeros of the machine space, not cut into pages: a `*` of hexdump may span gigabytes. */
  readonly wideZeros: readonly TextRow[];
}

/** A page number has at most 52 bits in either space; a row that runs past the top ends there. */
const PAGES = 2 ** 52;
const WIDE = 1024 * 1024;
/** Parts of pages that a text may tell of without printing them, in all (16 MB of whole pages): more is no dump but a trap. */
const UNPRINTED_PARTS = 4096;

/** Cuts all rows, and what copies repeat elsewhere, into pages. `pageOf` brings a virtual page number into the mode's range. */
export function cutIntoFragments(reading: TextReading, pageOf: (page: number) => number): Fragments {
  const cutter = new Cutter(pageOf);
  reading.rows.forEach((row, order) => {
    cutter.add(row, order);
  });
  for (const copy of reading.copies) for (const [row, order] of copiedRows(reading.rows, copy)) cutter.add(row, order, copy);
  if (cutter.isCut)
    reading.problem(
      'text-zeros-cut',
      'loss',
      `The text leaves out more than ${UNPRINTED_PARTS} pages in all; those after are taken as not in the dump.`,
    );
  return cutter.fragments;
}

class Cutter {
  readonly fragments = { virtual: new Map<number, Fragment[]>(), machine: new Map<number, Fragment[]>(), wideZeros: [] as TextRow[] };
  readonly #pageOf: (page: number) => number;
  #unprinted = 0;

  constructor(pageOf: (page: number) => number) {
    this.#pageOf = pageOf;
  }

  get isCut(): boolean {
    return this.#unprinted > UNPRINTED_PARTS;
  }

  add(row: TextRow, order: number, copy?: CopiedMemory): void {
    if (row.space === 'machine' && row.presence === 'zero' && row.length > WIDE) this.fragments.wideZeros.push(row);
    else for (let done = 0; done < row.length; ) done += this.#cut(row, done, order, copy);
  }

  /** Cuts the part of a row that lies in the page at `done`; returns its length, or the row's where nothing more may be taken. */
  #cut(row: TextRow, done: number, order: number, copy: CopiedMemory | undefined): number {
    const { presence, line, event } = row;
    const { page, offset } = placeAfter(row, done);
    if (page >= PAGES || (presence !== 'held' && ++this.#unprinted > UNPRINTED_PARTS)) return row.length;
    const length = Math.min(FRAME_BYTES - offset, row.length - done);
    const at = presence === 'held' ? row.at + done : -1;
    const more = { ...(row.reason !== undefined && { reason: row.reason }), ...(copy !== undefined && { copy }) };
    this.#push(row.space, page, { offset, length, presence, at, line, order, event, ...more });
    return length;
  }

  #push(space: TextSpace, page: number, fragment: Fragment): void {
    const key = space === 'virtual' ? this.#pageOf(page) : page;
    const pages = this.fragments[space];
    const list = pages.get(key);
    if (list === undefined) pages.set(key, [fragment]);
    else list.push(fragment);
  }
}

/** Rows printed of a copy's target after it was made and before the target changed again, moved back to where they were copied from. */
function* copiedRows(rows: readonly TextRow[], copy: CopiedMemory): Generator<[TextRow, number]> {
  for (let order = copy.order; order < rows.length; order++) {
    const row = rows[order];
    if (row === undefined || row.space !== 'virtual') continue;
    const from = Math.max(0, bytesBetween(copy.to, row));
    const until = Math.min(copy.length, bytesBetween(copy.to, row) + row.length);
    if (from >= until) continue;
    if (row.event) return;
    const skipped = from - bytesBetween(copy.to, row);
    yield [{ ...row, ...placeAfter(copy.from, from), length: until - from, at: row.at < 0 ? row.at : row.at + skipped }, order];
  }
}
