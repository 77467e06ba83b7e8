import { type Atlas, buildAtlas } from '#core/atlas/build-atlas.ts';
import { buildFrameIndex, eachRowOfFrame, type FrameIndex } from '#core/atlas/frame-index.ts';
import { PageSums } from '#core/atlas/page-sums.ts';
import { isMapped, kindOf } from '#core/atlas/run-attrs.ts';
import { KIND_LOOP } from '#core/atlas/run-columns.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import type { VirtualAddress } from '#core/memory/address.ts';
import { virtualPage } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { fetchTables, type TableForest } from '#core/tables/fetch-tables.ts';
import type { RootChoice } from './contract.ts';
import { TableNames } from './table-names.ts';

/** Pages of one frame looked at: a frame of zeros may have thousands. */
const MOST_PAGES = 64;

/** A root whose tables are read and whose atlas is built: every question about it is answered from memory. */
export class OpenedRoot {
  readonly choice: RootChoice;
  readonly mode: PagingMode;
  readonly forest: TableForest;
  readonly atlas: Atlas;
  readonly sums: PageSums;
  readonly names: TableNames;
  readonly cost: { readonly reads: number; readonly bytes: number; readonly milliseconds: number };
  /** Virtual page by frame, as a text's rows were placed: how the guest itself named a frame it printed. */
  readonly #printedAt: ReadonlyMap<number, number>;
  #frames: FrameIndex | undefined;

  private constructor(choice: RootChoice, forest: TableForest, printedAt: ReadonlyMap<number, number>, cost: OpenedRoot['cost']) {
    this.choice = choice;
    this.forest = forest;
    this.mode = forest.mode;
    this.atlas = buildAtlas(forest);
    this.sums = new PageSums(this.atlas);
    this.names = new TableNames(this.atlas);
    this.cost = cost;
    this.#printedAt = printedAt;
  }

  static async open(image: MemoryImage, choice: RootChoice, printedAt: ReadonlyMap<number, number>, task: Task): Promise<OpenedRoot> {
    const before = { ...image.counters };
    const start = Date.now();
    const forest = await fetchTables(image, choice, choice.features, task);
    task.report({ step: 'drawing the map', done: 0 });
    const opened = new OpenedRoot(choice, forest, printedAt, {
      reads: image.counters.reads - before.reads,
      bytes: image.counters.bytes - before.bytes,
      milliseconds: Date.now() - start,
    });
    return opened;
  }

  /** Built when first asked: most sessions look at the map before they ask who maps a frame. */
  get frames(): FrameIndex {
    this.#frames ??= buildFrameIndex(this.atlas);
    return this.#frames;
  }

  get problems(): readonly Problem[] {
    return [...this.forest.problems, ...this.atlas.problems];
  }

  /** A virtual page at which a frame is seen: where the text printed it, else the lowest page mapping it, loops last. */
  pageSeeing(frame: number): number | undefined {
    const printed = this.#printedAt.get(frame);
    if (printed !== undefined) return printed;
    const { plain, looped } = this.pagesMapping(frame);
    const pages = plain.length > 0 ? plain : looped;
    return pages.length > 0 ? Math.min(...pages) : undefined;
  }

  /** Pages that map a frame, at most 64, in no order; `looped` are those of a recursive map. */
  pagesMapping(frame: number): { readonly plain: readonly number[]; readonly looped: readonly number[] } {
    const plain: number[] = [];
    const looped: number[] = [];
    eachRowOfFrame(this.atlas, this.frames, frame, (row, page) => {
      const attrs = this.atlas.runs.attrs[row] ?? 0;
      if (isMapped(attrs)) (kindOf(attrs) === KIND_LOOP ? looped : plain).push(page);
      return plain.length + looped.length < MOST_PAGES;
    });
    return { plain, looped };
  }

  /** The same as an address, with a byte offset into the frame. */
  seenAt(frame: number, offset: number): VirtualAddress | undefined {
    const page = this.pageSeeing(frame);
    return page === undefined ? undefined : { page: virtualPage(page), offset };
  }
}
