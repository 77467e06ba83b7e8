import { lastAtOrBelow } from '#core/base/bisect.ts';

/** No frame: INVALID_P2M_ENTRY and INVALID_M2P_ENTRY of 32-bit tables, and what our columns hold where nothing is known. */
export const NO_FRAME = 0xffff_ffff;

/** Which machine frame (MFN) each guest frame (PFN) is, as one flat column. */
export interface P2m {
  /** MFN by PFN; NO_FRAME where the guest has none there. MFNs of 32 bits reach 16 TB. */
  readonly mfns: Uint32Array;
  /** PFNs with a frame. */
  readonly count: number;
  /** Where it is read from, in words: "the dump’s .xen_p2m index". */
  readonly source: string;
  /** Where the words lie, if anywhere: in the file for an index, by virtual address for the guest's own list. */
  readonly place?: P2mPlace;
}

export type P2mPlace =
  | { readonly kind: 'index' /** File offset of a PFN's entry; by row of the index. */; readonly fileOffset: number; readonly rows: Uint32Array }
  | { readonly kind: 'virtual' /** VA of word 0: page and offset. */; readonly page: number; readonly offset: number; readonly wordBytes: 4 | 8 };

/** A guest of n pages may number them with holes of so many more: PCI's below 4 GB, and ballooned-out ones. */
const pfnLimit = (pairs: number): number => Math.min(2 ** 28, pairs * 4 + 4 * 2 ** 20);

export interface GatheredP2m {
  readonly mfns: Uint32Array;
  /** Row of the pairs by PFN, NO_FRAME where none. */
  readonly rows: Uint32Array;
  readonly count: number;
  /** Pairs with a PFN no guest of this size has. */
  readonly wild: number;
}

/** The column of (PFN, MFN) pairs; pairs of which either is NO_FRAME are padding. The first pair of a PFN counts. */
export function gatherP2m(pfns: Uint32Array, mfns: Uint32Array): GatheredP2m {
  const limit = pfnLimit(pfns.length);
  let top = -1;
  let wild = 0;
  for (let row = 0; row < pfns.length; row++) {
    const pfn = pfns[row] ?? NO_FRAME;
    if (pfn < limit) top = Math.max(top, pfn);
    else if (pfn !== NO_FRAME) wild++;
  }
  const column = new Uint32Array(top + 1).fill(NO_FRAME);
  const rows = new Uint32Array(top + 1).fill(NO_FRAME);
  let count = 0;
  for (let row = 0; row < pfns.length; row++) {
    const pfn = pfns[row] ?? NO_FRAME;
    const mfn = mfns[row] ?? NO_FRAME;
    if (pfn > top || mfn === NO_FRAME || column[pfn] !== NO_FRAME) continue;
    column[pfn] = mfn;
    rows[pfn] = row;
    count++;
  }
  return { mfns: column, rows, count, wild };
}

/** MFN of a PFN; undefined where the guest has no frame there. */
export function mfnOf(p2m: P2m, pfn: number): number | undefined {
  const mfn = p2m.mfns[pfn];
  return mfn === undefined || mfn === NO_FRAME ? undefined : mfn;
}

/** A P2M the other way round. */
export interface PfnByMfn {
  /** `column`: PFN by MFN less `first`. `sorted`: MFNs ascending in `mfns`, where a column would be mostly empty. */
  readonly kind: 'column' | 'sorted';
  readonly first: number;
  readonly mfns: Uint32Array;
  /** NO_FRAME where no PFN is that MFN. */
  readonly pfns: Uint32Array;
}

/** A column of 128 MB: the frames of a machine of 128 GB. */
const MOST_COLUMN = 2 ** 25;

export function invertP2m({ mfns, count }: P2m): PfnByMfn {
  let first = NO_FRAME;
  let last = -1;
  for (let pfn = 0; pfn < mfns.length; pfn++) {
    const mfn = mfns[pfn] ?? NO_FRAME;
    if (mfn === NO_FRAME) continue;
    if (mfn < first) first = mfn;
    if (mfn > last) last = mfn;
  }
  return last - first < MOST_COLUMN ? asColumn(mfns, first, last) : asSorted(mfns, count);
}

function asColumn(mfns: Uint32Array, first: number, last: number): PfnByMfn {
  const pfns = new Uint32Array(Math.max(0, last - first + 1)).fill(NO_FRAME);
  // Downwards, so that the lowest PFN stays.
  for (let pfn = mfns.length - 1; pfn >= 0; pfn--) {
    const mfn = mfns[pfn] ?? NO_FRAME;
    if (mfn !== NO_FRAME) pfns[mfn - first] = pfn;
  }
  return { kind: 'column', first, mfns, pfns };
}

function asSorted(all: Uint32Array, count: number): PfnByMfn {
  const pfns = new Uint32Array(count);
  let used = 0;
  for (let pfn = 0; pfn < all.length; pfn++) if (all[pfn] !== NO_FRAME) pfns[used++] = pfn;
  const order = orderByNumber(pfns.map((pfn) => all[pfn] ?? NO_FRAME));
  const ordered = order.map((at) => pfns[at] ?? 0);
  return { kind: 'sorted', first: 0, mfns: ordered.map((pfn) => all[pfn] ?? NO_FRAME), pfns: ordered };
}

/** Lowest PFN that is this machine frame; undefined if none is. */
export function pfnOf({ kind, first, mfns, pfns }: PfnByMfn, mfn: number): number | undefined {
  if (kind === 'column') {
    const pfn = pfns[mfn - first];
    return pfn === NO_FRAME ? undefined : pfn;
  }
  let row = lastAtOrBelow(mfns, mfn);
  if (mfns[row] !== mfn) return undefined;
  while (row > 0 && mfns[row - 1] === mfn) row--;
  return pfns[row];
}

/** Rows in the order of their numbers, equals in the order given. */
export function orderByNumber(numbers: Uint32Array): Uint32Array {
  const n = numbers.length;
  let top = 0;
  for (let row = 0; row < n; row++) top = Math.max(top, numbers[row] ?? 0);
  // Number and row in one double sort without calling back, ten times as fast.
  if ((top + 1) * n >= 2 ** 53) return numbers.map((_, row) => row).sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0) || a - b);
  const keys = new Float64Array(n);
  for (let row = 0; row < n; row++) keys[row] = (numbers[row] ?? 0) * n + row;
  keys.sort();
  const order = new Uint32Array(n);
  for (let at = 0; at < n; at++) order[at] = (keys[at] ?? 0) % n;
  return order;
}
