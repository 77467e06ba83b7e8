import { NO_FETCH, NO_USER, NO_WRITE } from '#core/paging/entry.ts';
import type { PageCounts } from '#core/session/contract.ts';
import { presentPages, type RegionSource, type SeenRun } from './region-source.ts';
import { StretchTally } from './stretch-tally.ts';

/** Pages of like rights that make a stretch of their own: 2 MB. */
const CUT_PAGES = 512;
/** Refused pages ("P 0, not zero") fewer than this among mapped ones are part of what surrounds them. */
const CUT_NOT_ZERO = 64;
/** Even runs further apart than the gap are one sparse stretch from this many on. */
const EVEN_RUNS = 3;
/** Cells in which what lies beyond the budget is told apart. */
const COARSE_CELLS = 1024;

/** How many runs may be looked at; shared, so that a hostile space costs no more than this in all. */
export interface Budget {
  runs: number;
}

/** 4 MB of pages in 32-bit spaces, 16 MB in wider ones: a gap below this does not end a stretch. */
export const gapPages = (spacePages: number): number => (spacePages <= 2 ** 20 ? 1024 : 4096);

/** Gathers the runs of one window into stretches, low to high. */
export function stretchesOf(source: RegionSource, firstPage: number, pages: number, budget: Budget): StretchTally[] {
  const gatherer = new Gatherer(gapPages(source.pageCount));
  let stopped = -1;
  source.eachRun(firstPage, pages, (run) => {
    if (run.kind === 'elided') return true;
    if (budget.runs-- <= 0) {
      stopped = run.page;
      return false;
    }
    gatherer.add(run);
    return true;
  });
  const fine = joinEven(gatherer.finish());
  return stopped < 0 ? fine : [...fine, ...coarseStretches(source, stopped, firstPage + pages - stopped)];
}

/** What makes runs alike: rights and what kind of thing they are. */
function classOf(run: SeenRun): number {
  if (run.kind === 'loop') return 8 + run.lost;
  if (run.kind === 'absent') return 16;
  if (run.kind === 'not-zero') return 17;
  return run.lost;
}

const isMappedClass = (kind: number): boolean => kind < 8;

/**
 * Decides run by run where one stretch ends. A run of other rights is held back until it is long enough to stand alone (then the stretch
 * ends before it) or until the former rights come back (then it belongs to the stretch).
 */
class Gatherer {
  readonly #gap: number;
  readonly #done: StretchTally[] = [];
  #current = new StretchTally();
  #class = -1;
  #held: SeenRun[] = [];
  #heldPages = 0;
  #heldClass = -1;

  constructor(gap: number) {
    this.#gap = gap;
  }

  add(run: SeenRun): void {
    const kind = classOf(run);
    const end = this.#held.length > 0 ? endOf(this.#held) : this.#current.endPage;
    if (this.#class < 0) this.#begin(run, kind);
    else if (run.page - end >= this.#gap || this.#isApart(kind)) {
      this.#close();
      this.#begin(run, kind);
    } else if (kind === this.#class) {
      this.#takeHeld();
      this.#current.add(run);
    } else this.#hold(run, kind);
  }

  finish(): StretchTally[] {
    if (this.#class >= 0) this.#close();
    return this.#done;
  }

  /** Loops and absent tables never mix with memory, nor does a long refusal. */
  #isApart(kind: number): boolean {
    return kind !== this.#class && (isApartClass(kind) || isApartClass(this.#class));
  }

  #begin(run: SeenRun, kind: number): void {
    this.#current = new StretchTally();
    this.#current.add(run);
    this.#class = kind;
  }

  #close(): void {
    this.#takeHeld();
    this.#done.push(this.#current);
  }

  #takeHeld(): void {
    for (const run of this.#held) this.#current.add(run);
    this.#held = [];
    this.#heldPages = 0;
  }

  #hold(run: SeenRun, kind: number): void {
    if (kind !== this.#heldClass) this.#takeHeld();
    this.#heldClass = kind;
    this.#held.push({ ...run });
    this.#heldPages += run.pages;
    const enough = isMappedClass(kind) ? CUT_PAGES : CUT_NOT_ZERO;
    if (this.#heldPages >= enough) this.#standAlone();
  }

  /** The held runs become the current stretch; a former one too short to stand alone goes with them. */
  #standAlone(): void {
    const held = this.#held;
    this.#held = [];
    this.#heldPages = 0;
    if (this.#current.mappedPages >= CUT_PAGES || !isMappedClass(this.#heldClass) || !isMappedClass(this.#class)) {
      this.#done.push(this.#current);
      this.#current = new StretchTally();
    }
    this.#class = this.#heldClass;
    for (const run of held) this.#current.add(run);
  }
}

const isApartClass = (kind: number): boolean => kind >= 8 && kind !== 17;

function endOf(runs: readonly SeenRun[]): number {
  const last = runs.at(-1);
  return last ? last.page + last.pages : 0;
}

/** Joins single runs that follow one another at one distance, however far: "1 page in 2,048" is one stretch. */
function joinEven(stretches: readonly StretchTally[]): StretchTally[] {
  const joined: StretchTally[] = [];
  for (let i = 0; i < stretches.length; ) {
    const first = stretches[i];
    if (!first) break;
    const length = evenSeries(stretches, i);
    const stride = (stretches[i + 1]?.firstPage ?? 0) - first.firstPage;
    for (let k = 1; k < length; k++) {
      const next = stretches[i + k];
      if (next) first.absorbEven(next, stride);
    }
    joined.push(first);
    i += length;
  }
  return joined;
}

/** How many stretches from `i` on are single runs of one size, one kind, at one distance; 1 if fewer than EVEN_RUNS are. */
function evenSeries(stretches: readonly StretchTally[], i: number): number {
  const first = stretches[i];
  const second = stretches[i + 1];
  if (!first || !second || first.singleRunPages === 0) return 1;
  const stride = second.firstPage - first.firstPage;
  let length = 1;
  for (let next = stretches[i + 1]; next; next = stretches[i + length]) {
    const alike = next.singleRunPages === first.singleRunPages && next.rights === first.rights && next.loopPages > 0 === first.loopPages > 0;
    if (!alike || next.firstPage - first.firstPage !== length * stride || next.userPages > 0 !== first.userPages > 0) break;
    length++;
  }
  return length >= EVEN_RUNS ? length : 1;
}

/** What lies beyond the budget, told apart by counting cells instead of looking at runs. */
function coarseStretches(source: RegionSource, firstPage: number, pages: number): StretchTally[] {
  const cell = Math.max(1, Math.ceil(pages / COARSE_CELLS));
  const stretches: StretchTally[] = [];
  let last: StretchTally | undefined;
  for (let from = firstPage; from < firstPage + pages; from += cell) {
    const length = Math.min(cell, firstPage + pages - from);
    const tally = tallyOfCounts(from, length, source.counts(from, length));
    if (!tally) {
      last = undefined;
    } else if (last) {
      last.absorb(tally);
    } else {
      last = tally;
      stretches.push(tally);
    }
  }
  return stretches;
}

function tallyOfCounts(page: number, pages: number, counts: PageCounts): StretchTally | undefined {
  const present = presentPages(counts);
  const known = present + counts.absent + counts['not-zero'];
  if (known === 0) return undefined;
  const tally = new StretchTally();
  const kind = present === 0 ? (counts.absent > 0 ? 'absent' : 'not-zero') : counts.loop > present / 2 ? 'loop' : 'writable';
  const lost = (counts.writable > 0 ? 0 : NO_WRITE) | (counts.user > 0 ? 0 : NO_USER) | (counts.fetch > 0 ? 0 : NO_FETCH);
  tally.add({ page, pages: present || known, kind, lost, frame: -1, leafPages: 1 });
  tally.endPage = page + pages;
  return tally;
}
