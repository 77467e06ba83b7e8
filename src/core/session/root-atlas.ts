import { eachRun } from '#core/atlas/each-run.ts';
import { SUM_COLUMNS, SUM_FETCH, SUM_LEAVES, SUM_USER } from '#core/atlas/page-sums.ts';
import type { RegionSource, RunKind, SeenRun } from '#core/atlas/region-source.ts';
import { type Regions, regionsOf } from '#core/atlas/regions.ts';
import { isMapped, kindOf, levelOfRun, lostOf } from '#core/atlas/run-attrs.ts';
import { pagesOf } from '#core/atlas/run-columns.ts';
import { commas } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import { type ChosenLayout, chooseLayout } from '#core/layouts/index.ts';
import type { LayoutEvidence, LayoutSpan } from '#core/layouts/layout.ts';
import { entryOf } from '#core/tables/node.ts';
import { type AtlasSummary, COVERAGE_COLUMNS, type Coverage, type CoverageWindow, type PageCounts } from './contract.ts';
import type { OpenedRoot } from './opened-root.ts';

/** A root read under one layout: what its regions are called, and what the page is told of it. */
export interface RootAtlas extends Regions, ChosenLayout {
  readonly root: OpenedRoot;
  /** What the page is told of it: counted once, since every explanation reads it. */
  readonly summary: AtlasSummary;
}

export function rootAtlas(root: OpenedRoot, isText: boolean, layoutId: string | undefined): RootAtlas {
  const chosen = chooseLayout(evidenceOf(root, isText), root.mode.id, layoutId);
  const atlas = { root, ...chosen, ...regionsOf(regionSource(root), chosen.layout) };
  return { ...atlas, summary: summaryOf(atlas) };
}

/** The same root named by its layout and by more spans, which must overlap none of the layout's. */
export function withSpans({ root, layout, choice, all }: RootAtlas, more: readonly LayoutSpan[]): RootAtlas {
  const spans = [...layout.spans, ...more].sort((one, other) => one.firstPage - other.firstPage);
  const wider = { ...layout, spans };
  const atlas = { root, layout: wider, choice, all, ...regionsOf(regionSource(root), wider) };
  return { ...atlas, summary: summaryOf(atlas) };
}

function evidenceOf(root: OpenedRoot, isTextDump: boolean): LayoutEvidence {
  return {
    mode: root.mode.id,
    isTextDump,
    entry(path, slot) {
      const place = root.names.resolve(path);
      const entry = place && entryOf(root.forest, place.table, slot);
      return entry?.presence === 'held' ? entry : undefined;
    },
    frameOf(path) {
      const place = root.names.resolve(path);
      return place && root.forest.store.frame(place.table);
    },
  };
}

function regionSource(root: OpenedRoot): RegionSource {
  return {
    pageCount: root.mode.pageCount,
    eachRun(firstPage, pages, visit) {
      // One object for all runs: a space may have a million.
      const run: { -readonly [K in keyof SeenRun]: SeenRun[K] } = { page: 0, pages: 0, kind: 'writable', lost: 0, frame: -1, leafPages: 1 };
      eachRun(root.atlas, firstPage, pages, (page, count, frame, attrs) => {
        run.page = page;
        run.pages = count;
        run.kind = COVERAGE_COLUMNS[kindOf(attrs)] as RunKind;
        run.lost = lostOf(attrs);
        run.frame = frame;
        run.leafPages = isMapped(attrs) ? (root.forest.shapes[levelOfRun(attrs)]?.pagesPerEntry ?? 1) : 1;
        return visit(run);
      });
    },
    counts: (firstPage, pages) => pageCounts(root, firstPage, pages),
  };
}

/** Pages of a window by kind; what no run covers is zero. */
export function pageCounts(root: OpenedRoot, firstPage: number, pages: number): PageCounts {
  const sum = new Float64Array(SUM_COLUMNS);
  root.sums.addWindow(firstPage, pages, sum);
  const row = new Float64Array(COVERAGE_COLUMNS.length);
  writeCounts(sum, pages, row, 0);
  return Object.fromEntries(COVERAGE_COLUMNS.map((name, i) => [name, row[i] ?? 0])) as unknown as PageCounts;
}

/** Spreads a sum over the contract's columns: six kinds, zero as the rest, then the overlays. */
function writeCounts(sum: Float64Array, pages: number, into: Float64Array, at: number): void {
  let covered = 0;
  for (let kind = 0; kind < 6; kind++) {
    into[at + kind] = sum[kind] ?? 0;
    covered += sum[kind] ?? 0;
  }
  into[at + 6] = pages - covered;
  into[at + 7] = sum[SUM_USER] ?? 0;
  into[at + 8] = sum[SUM_FETCH] ?? 0;
}

/** Bins asked for at once at most. */
const MOST_BINS = 100_000;

export function coverageOf(root: OpenedRoot, window: CoverageWindow): Coverage {
  const bins = Math.max(0, Math.min(MOST_BINS, Math.floor(window.bins)));
  const counts = new Float64Array(bins * COVERAGE_COLUMNS.length);
  const sum = new Float64Array(SUM_COLUMNS);
  for (let bin = 0; bin < bins; bin++) {
    const from = Math.floor((window.pageCount * bin) / bins);
    const to = Math.floor((window.pageCount * (bin + 1)) / bins);
    sum.fill(0);
    root.sums.addWindow(window.firstPage + from, to - from, sum);
    writeCounts(sum, to - from, counts, bin * COVERAGE_COLUMNS.length);
  }
  return { ...window, bins, counts };
}

function summaryOf(of: Omit<RootAtlas, 'summary'>): AtlasSummary {
  const { root, choice, regions, borders } = of;
  const sum = new Float64Array(SUM_COLUMNS);
  root.sums.addWindow(0, root.mode.pageCount, sum);
  return {
    root: root.choice,
    pageCount: root.mode.pageCount,
    counts: pageCounts(root, 0, root.mode.pageCount),
    leaves: Math.round(sum[SUM_LEAVES] ?? 0),
    distinctLeaves: distinctLeaves(root),
    tables: root.forest.store.count - root.forest.absentTables,
    absentTables: root.forest.absentTables,
    layout: choice,
    layouts: of.all,
    regions,
    borders,
    cost: root.cost,
    problems: [...root.problems, ...absentProblem(root)],
  };
}

/** Leaf entries, each counted once however often its table is used. */
function distinctLeaves(root: OpenedRoot): number {
  const { runs } = root.atlas;
  let leaves = 0;
  for (let row = 0; row < runs.count; row++) {
    const attrs = runs.attrs[row] ?? 0;
    if (isMapped(attrs)) leaves += pagesOf(runs, row) / (root.forest.shapes[levelOfRun(attrs)]?.pagesPerEntry ?? 1);
  }
  return Math.round(leaves);
}

function absentProblem(root: OpenedRoot): readonly Problem[] {
  const { absentTables } = root.forest;
  if (absentTables === 0) return [];
  return [
    {
      kind: 'tables-absent',
      severity: 'loss',
      text: `${commas(absentTables)} page ${absentTables === 1 ? 'table is' : 'tables are'} named by present entries but not in this dump. What lies behind is hatched.`,
    },
  ];
}
