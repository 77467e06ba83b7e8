import type { Stretch } from '#core/layouts/layout.ts';
import { NO_USER, rightsText } from '#core/paging/entry.ts';
import { ALL_RIGHTS, type SeenRun } from './region-source.ts';

/** Different shifts and frames remembered; beyond, none of them is "most of it" or "the same page". */
const MOST_REMEMBERED = 64;
/** Fewer virtual places for a frame than this is sharing, not repetition. */
const MANY_TIMES = 64;
const AGREE = 0.95;
const SHIFT_AGREE = 0.9;

/** What is known of a stretch of runs that lie together, added up run by run in ascending order. */
export class StretchTally {
  firstPage = -1;
  endPage = -1;
  mappedPages = 0;
  largePages = 0;
  absentPages = 0;
  notZeroPages = 0;
  loopPages = 0;
  userPages = 0;
  runs = 0;
  /** Distance between the starts of its runs, while it is constant. */
  stride = 0;
  #firstLost = 0;
  #lastStart = -1;
  #runPages = 0;
  #evenRuns = true;
  readonly #byLost = new Float64Array(ALL_RIGHTS + 1);
  readonly #byShift = new Map<number, number>();
  readonly #frames = new Set<number>();
  readonly #leafPages = new Set<number>();

  add(run: SeenRun): void {
    this.#place(run);
    if (run.kind === 'absent') this.absentPages += run.pages;
    else if (run.kind === 'not-zero') this.notZeroPages += run.pages;
    else this.#addMapped(run);
  }

  /** Adds what another tally holds, which lies above this one. Whatever is even is so no longer. */
  absorb(other: StretchTally): void {
    if (this.firstPage < 0) this.#beginWith(other);
    this.endPage = other.endPage;
    this.mappedPages += other.mappedPages;
    this.largePages += other.largePages;
    this.absentPages += other.absentPages;
    this.notZeroPages += other.notZeroPages;
    this.loopPages += other.loopPages;
    this.userPages += other.userPages;
    this.runs += other.runs;
    this.#evenRuns = false;
    other.#byLost.forEach((pages, lost) => {
      this.#byLost[lost] = (this.#byLost[lost] ?? 0) + pages;
    });
    for (const [shift, pages] of other.#byShift) this.#remember(shift, pages);
    for (const leaf of other.#leafPages) this.#leafPages.add(leaf);
    for (const frame of other.#frames) if (this.#frames.size < MOST_REMEMBERED) this.#frames.add(frame);
  }

  /** Continues an even series of single runs, as `absorb` but kept even. Both must be even, of one run size. */
  absorbEven(other: StretchTally, stride: number): void {
    const runPages = this.#runPages;
    this.absorb(other);
    this.#evenRuns = true;
    this.#runPages = runPages;
    this.stride = stride;
    this.#lastStart = other.firstPage;
  }

  /** `rwx` where 95 % of the mapped pages agree, `---` where nothing is mapped, else `mix`. */
  get rights(): string {
    if (this.mappedPages === 0) return '---';
    const byText = new Map<string, number>();
    this.#byLost.forEach((pages, lost) => {
      if (pages > 0) byText.set(rightsText(lost), (byText.get(rightsText(lost)) ?? 0) + pages);
    });
    for (const [text, pages] of byText) if (pages >= AGREE * this.mappedPages) return text;
    return 'mix';
  }

  /** Pages of one of its runs where all are equally long and equally far apart, at least two; else 0. */
  get evenRunPages(): number {
    return this.#evenRuns && this.runs > 1 && this.stride > this.#runPages ? this.#runPages : 0;
  }

  get singleRunPages(): number {
    return this.runs === 1 ? this.#runPages : 0;
  }

  /** Size of its leaves in pages where all are alike, else 0. */
  get leafPages(): number {
    const [only] = this.#leafPages;
    return this.#leafPages.size === 1 && only !== undefined ? only : 0;
  }

  /** How many virtual pages there are for each frame, where few frames are mapped over and over; else 1. */
  get times(): number {
    const frames = this.distinctFrames;
    return frames > 0 && this.mappedPages >= MANY_TIMES * frames ? Math.round(this.mappedPages / frames) : 1;
  }

  /** Frames of its pages, where every run is one page and there are few; 0 if more than can be told. */
  get distinctFrames(): number {
    return this.#frames.size < MOST_REMEMBERED && this.runs === this.mappedPages ? this.#frames.size : 0;
  }

  /** As rules see it. */
  get stretch(): Stretch {
    const shift = this.#mainShift();
    return {
      firstPage: this.firstPage,
      pageCount: this.endPage - this.firstPage,
      mappedPages: this.mappedPages,
      rights: this.rights,
      firstRights: rightsText(this.#firstLost),
      largePages: this.largePages,
      ...(shift === undefined ? {} : { shift }),
    };
  }

  #beginWith(other: StretchTally): void {
    this.firstPage = other.firstPage;
    this.#firstLost = other.#firstLost;
  }

  #place(run: SeenRun): void {
    if (this.firstPage < 0) {
      this.firstPage = run.page;
      this.#firstLost = run.lost;
      this.#runPages = run.pages;
    } else this.#checkEven(run);
    this.#lastStart = run.page;
    this.endPage = run.page + run.pages;
    this.runs++;
  }

  #checkEven(run: SeenRun): void {
    const distance = run.page - this.#lastStart;
    if (this.stride === 0) this.stride = distance;
    if (run.pages !== this.#runPages || distance !== this.stride) this.#evenRuns = false;
  }

  #addMapped(run: SeenRun): void {
    this.mappedPages += run.pages;
    if (run.leafPages > 1) this.largePages += run.pages;
    if (run.kind === 'loop') this.loopPages += run.pages;
    if ((run.lost & NO_USER) === 0) this.userPages += run.pages;
    this.#byLost[run.lost] = (this.#byLost[run.lost] ?? 0) + run.pages;
    this.#leafPages.add(run.leafPages);
    this.#remember(run.page - run.frame, run.pages);
    if (this.#frames.size < MOST_REMEMBERED) this.#frames.add(run.frame);
  }

  #remember(shift: number, pages: number): void {
    const before = this.#byShift.get(shift);
    if (before !== undefined || this.#byShift.size < MOST_REMEMBERED) this.#byShift.set(shift, (before ?? 0) + pages);
  }

  #mainShift(): number | undefined {
    for (const [shift, pages] of this.#byShift) if (pages >= SHIFT_AGREE * this.mappedPages && pages > 0) return shift;
    return undefined;
  }
}
