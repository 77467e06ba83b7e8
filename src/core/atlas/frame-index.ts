import type { Atlas } from './build-atlas.ts';
import { isMapped } from './run-attrs.ts';
import { pagesOf, type RunColumns } from './run-columns.ts';

/**
 * Which virtual places map a frame: rows of `RunColumns` in chains by hash. Built in one pass, then asked. A row of 2^(s-1) < n ≤ 2^s pages is of size s, and is
 * found by the block of 2^s frames in which it begins: a frame that it maps lies in that block or in the next, so each size is asked twice.
 */
export interface FrameIndex {
  /** Last row of each chain + 1; 0 where there is none. */
  readonly heads: Uint32Array;
  /** By row: the next row of its chain + 1; 0 at the end. */
  readonly next: Uint32Array;
  /** Sizes that there are, ascending. */
  readonly sizes: readonly number[];
}

/** Chains are some 8 rows long, or more where more heads than this would not stay at hand in a processor. */
const CHAIN_BITS = 3;
const LEAST_BITS = 4;
const MOST_BITS = 16;

export function buildFrameIndex({ runs }: Atlas): FrameIndex {
  const bits = Math.max(LEAST_BITS, Math.min(MOST_BITS, Math.ceil(Math.log2(runs.count + 1)) - CHAIN_BITS));
  const heads = new Uint32Array(2 ** bits);
  const next = new Uint32Array(runs.count);
  const sizes = chainRows(runs, heads, next);
  return { heads, next, sizes: Array.from(sizes.keys()).filter((size) => sizes[size] === 1) };
}

/** Puts every mapped row into its chain; the sizes met, marked. */
function chainRows(runs: RunColumns, heads: Uint32Array, next: Uint32Array): Uint8Array {
  const { count, firstPage, firstFrame, attrs } = runs;
  const sizes = new Uint8Array(64);
  const shift = shiftOf(heads);
  let page = firstPage[0] ?? 0;
  for (let row = 0; row < count; row++) {
    const end = firstPage[row + 1] ?? 0;
    const pages = end - page;
    page = end;
    if (!isMapped(attrs[row] ?? 0)) continue;
    const frame = firstFrame[row] ?? 0;
    const size = pages === 1 ? 0 : sizeOf(pages);
    sizes[size] = 1;
    // Apart, so that the usual case is whole numbers of 32 bits throughout.
    const chain = size === 0 ? chainOf(0, frame, shift) : chainOf(size, Math.floor(frame / 2 ** size), shift);
    next[row] = heads[chain] ?? 0;
    heads[chain] = row + 1;
  }
  return sizes;
}

const shiftOf = (heads: Uint32Array): number => Math.clz32(heads.length) + 1;

/** Multiplicative hash of the low 32 bits of a block's number. */
const chainOf = (size: number, block: number, shift: number): number => Math.imul((block ^ (size << 24)) | 0, 0x9e37_79b1) >>> shift;

/** Least s with pages ≤ 2^s. */
function sizeOf(pages: number): number {
  return pages <= 2 ** 31 ? 32 - Math.clz32(pages - 1) : 31 + sizeOf(Math.ceil(pages / 2 ** 31));
}

type Visitor = (row: number, page: number) => boolean | undefined;

/** Visits the rows that map `frame`, with the page in each, until the visitor returns false. In no particular order. */
export function eachRowOfFrame(atlas: Atlas, index: FrameIndex, frame: number, visit: Visitor): void {
  for (const size of index.sizes) {
    const block = Math.floor(frame / 2 ** size);
    if (!eachOfBlock(atlas.runs, index, size, block, frame, visit)) return;
    if (size > 0 && block > 0 && !eachOfBlock(atlas.runs, index, size, block - 1, frame, visit)) return;
  }
}

function eachOfBlock(runs: RunColumns, { heads, next }: FrameIndex, size: number, block: number, frame: number, visit: Visitor): boolean {
  for (let link = heads[chainOf(size, block, shiftOf(heads))] ?? 0; link !== 0; link = next[link - 1] ?? 0) {
    const page = pageMapping(runs, link - 1, size, block, frame);
    if (page !== undefined && visit(link - 1, page) === false) return false;
  }
  return true;
}

/** The page of a row that maps a frame, if it does and is of the size and block asked for: a chain holds others too, which are met by their own. */
function pageMapping(runs: RunColumns, row: number, size: number, block: number, frame: number): number | undefined {
  const first = runs.firstFrame[row] ?? 0;
  const pages = pagesOf(runs, row);
  const maps = first <= frame && frame - first < pages && Math.floor(first / 2 ** size) === block && sizeOf(pages) === size;
  return maps ? (runs.firstPage[row] ?? 0) + frame - first : undefined;
}
