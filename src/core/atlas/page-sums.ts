import { lastAtOrBelow } from '#core/base/bisect.ts';
import { NO_FETCH, NO_USER } from '#core/paging/entry.ts';
import type { Atlas } from './build-atlas.ts';
import { isMapped, kindOf, levelOfRun, lostOf } from './run-attrs.ts';
import { KIND_REFERENCE, KIND_ZERO, pagesOf } from './run-columns.ts';

/** Columns of a sum: the six kinds a row may have, then user, fetch, and leaf entries. */
export const SUM_USER = 6;
export const SUM_FETCH = 7;
export const SUM_LEAVES = 8;
export const SUM_COLUMNS = 9;

/** Rows per stored sum: a question costs at most so many additions. */
const BLOCK = 64;

/**
 * Sums of pages by kind over any window, in logarithmic time: a prefix sum every 64 rows. A reference row stands for all that its node's window
 * holds, so shared tables and loops are counted in full without ever being unrolled.
 */
export class PageSums {
  readonly #atlas: Atlas;
  /** Sum over all rows before block b, at b * SUM_COLUMNS. */
  readonly #blocks: Float64Array;
  /** Sum of each node's whole window, once asked for: a shared table is summed once, however often it is referred to. */
  readonly #nodeSums = new Map<number, Float64Array>();

  constructor(atlas: Atlas) {
    this.#atlas = atlas;
    const blocks = Math.ceil(atlas.runs.count / BLOCK) + 1;
    this.#blocks = new Float64Array(blocks * SUM_COLUMNS);
    this.#fill();
  }

  /** Adds to `into` (SUM_COLUMNS long) the pages of [firstPage, firstPage + pages) by kind. */
  addWindow(firstPage: number, pages: number, into: Float64Array, sign = 1): void {
    this.#addBefore(firstPage + pages, into, sign);
    this.#addBefore(firstPage, into, -sign);
  }

  #fill(): void {
    const { runs } = this.#atlas;
    const sum = new Float64Array(SUM_COLUMNS);
    for (let row = 0; row < runs.count; row++) {
      if (row % BLOCK === 0) this.#blocks.set(sum, (row / BLOCK) * SUM_COLUMNS);
      this.#addRow(row, pagesOf(runs, row), sum, 1);
    }
    if (runs.count % BLOCK === 0) this.#blocks.set(sum, (runs.count / BLOCK) * SUM_COLUMNS);
  }

  /** Pages below `page`. Only rows before the one that asks are needed, so it works while the blocks are being filled. */
  #addBefore(page: number, into: Float64Array, sign: number): void {
    const { runs } = this.#atlas;
    const last = lastAtOrBelow(runs.firstPage, page - 1, runs.count);
    if (last < 0) return;
    const block = Math.floor(last / BLOCK);
    addTimes(into, this.#blocks.subarray(block * SUM_COLUMNS, (block + 1) * SUM_COLUMNS), sign);
    for (let row = block * BLOCK; row < last; row++) this.#addRow(row, pagesOf(runs, row), into, sign);
    this.#addRow(last, Math.min(pagesOf(runs, last), page - (runs.firstPage[last] ?? 0)), into, sign);
  }

  /** The first `pages` pages of a row that stands for a node's window. */
  #addReference(row: number, pages: number, into: Float64Array, sign: number): void {
    const { runs, nodes } = this.#atlas;
    const node = runs.firstFrame[row] ?? 0;
    const firstPage = nodes.firstPage[node] ?? 0;
    if (pages < pagesOf(runs, row)) this.addWindow(firstPage, pages, into, sign);
    else addTimes(into, this.#nodeSum(node, firstPage, pages), sign);
  }

  #nodeSum(node: number, firstPage: number, pages: number): Float64Array {
    const known = this.#nodeSums.get(node);
    if (known) return known;
    const sum = new Float64Array(SUM_COLUMNS);
    this.addWindow(firstPage, pages, sum);
    this.#nodeSums.set(node, sum);
    return sum;
  }

  /** The first `pages` pages of a row. */
  #addRow(row: number, pages: number, into: Float64Array, sign: number): void {
    const { runs, forest } = this.#atlas;
    const attrs = runs.attrs[row] ?? 0;
    const kind = kindOf(attrs);
    if (kind === KIND_ZERO) return;
    if (kind === KIND_REFERENCE) {
      this.#addReference(row, pages, into, sign);
      return;
    }
    into[kind] = (into[kind] ?? 0) + sign * pages;
    if (!isMapped(attrs)) return;
    const lost = lostOf(attrs);
    if ((lost & NO_USER) === 0) into[SUM_USER] = (into[SUM_USER] ?? 0) + sign * pages;
    if ((lost & NO_FETCH) === 0) into[SUM_FETCH] = (into[SUM_FETCH] ?? 0) + sign * pages;
    const leafPages = forest.shapes[levelOfRun(attrs)]?.pagesPerEntry ?? 1;
    into[SUM_LEAVES] = (into[SUM_LEAVES] ?? 0) + (sign * pages) / leafPages;
  }
}

function addTimes(into: Float64Array, sum: Float64Array, sign: number): void {
  for (let c = 0; c < SUM_COLUMNS; c++) into[c] = (into[c] ?? 0) + sign * (sum[c] ?? 0);
}
