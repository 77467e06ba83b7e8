import { commas } from '#core/base/hex.ts';
import type { Layout, LayoutSpan } from '#core/layouts/layout.ts';
import type { Border, PageCounts, PageKind, Region } from '#core/session/contract.ts';
import { namesOf, type Placed, type RegionName, spanName } from './region-names.ts';
import { presentPages, type RegionSource } from './region-source.ts';
import { StretchTally } from './stretch-tally.ts';
import { type Budget, gapPages, stretchesOf } from './stretches.ts';

/** Runs looked at for one atlas' regions: some 0.1 s. A hostile space is told apart by counting beyond. */
const MOST_RUNS = 300_000;
/** Rows nobody could read: beyond, the smallest neighbours are one region. */
const MOST_REGIONS = 300;
/** Neighbours of one name join over gaps up to this many times the gap that ends a stretch. */
const JOIN_GAPS = 16;

export interface Regions {
  readonly regions: readonly Region[];
  readonly borders: readonly Border[];
}

/** The regions of a space: the spans its layout reserves, and between them what is mapped, named by rule or make-up. Low to high, disjoint. */
export function regionsOf(source: RegionSource, layout: Layout): Regions {
  const ground = groundOf(source, layout);
  const budget: Budget = { runs: MOST_RUNS };
  const placed: Placed[] = [];
  const drafts: Draft[] = [];
  for (const window of windowsOf(ground)) {
    const { span } = window;
    const stretches = stretchesOf(source, window.firstPage, window.endPage - window.firstPage, budget);
    if (span?.reserved) drafts.push(reservedDraft(window, span, stretches));
    else for (const tally of stretches) placed.push({ tally, span });
  }
  const names = namesOf(placed, layout);
  placed.forEach(({ tally }, i) => {
    const name = names[i];
    if (name)
      drafts.push({
        firstPage: tally.firstPage,
        endPage: tally.endPage,
        tally,
        name,
        side: ground.sideOf(tally.firstPage),
        reserved: false,
        merged: 1,
      });
  });
  drafts.sort((a, b) => a.firstPage - b.firstPage);
  const joined = joinNamed(drafts, gapPages(source.pageCount) * JOIN_GAPS);
  return { regions: mergeSmall(joined, gapPages(source.pageCount)).map((draft) => regionOf(source, draft)), borders: ground.borders };
}

/** A region in the making. */
interface Draft {
  readonly firstPage: number;
  endPage: number;
  readonly tally: StretchTally;
  readonly name: RegionName;
  readonly side: string;
  readonly reserved: boolean;
  readonly otherSize?: number;
  /** Regions merged into it to keep the list short. */
  merged: number;
}

interface Ground {
  readonly pageCount: number;
  readonly spans: readonly LayoutSpan[];
  readonly sides: readonly { readonly firstPage: number; readonly name: string }[];
  readonly borders: readonly Border[];
  sideOf(page: number): string;
}

/** Sides and borders as the layout has them, or as the mappings themselves show. */
function groundOf(source: RegionSource, layout: Layout): Ground {
  const shown = layout.sides ? undefined : shownBorder(source);
  const sides =
    shown === undefined
      ? (layout.sides ?? [])
      : [
          { firstPage: 0, name: 'user' },
          { firstPage: shown, name: 'kernel' },
        ];
  const borders = shown === undefined ? layout.borders : [...layout.borders, { page: shown, label: 'kernel and user', kind: 'owner' as const }];
  const sideOf = (page: number) => sides.findLast((side) => side.firstPage <= page)?.name ?? '';
  return { pageCount: source.pageCount, spans: layout.spans, sides, borders, sideOf };
}

/** A whole gigabyte below which every present page is the user's and above which none is; undefined where no such place shows. */
function shownBorder(source: RegionSource): number | undefined {
  for (const page of [0xc0000, 0x80000, 0x40000]) {
    const below = source.counts(0, page);
    const above = source.counts(page, source.pageCount - page);
    const clean = below.user > 0 && below.user === presentPages(below) && above.user === 0 && presentPages(above) > 0;
    if (clean) return page;
  }
  return undefined;
}

interface Window {
  readonly firstPage: number;
  readonly endPage: number;
  readonly span: LayoutSpan | undefined;
}

/** The space cut at every edge of a span and of a side, low to high. */
function windowsOf(ground: Ground): readonly Window[] {
  const cuts = new Set([0, ground.pageCount, ...ground.sides.map((side) => side.firstPage)]);
  for (const span of ground.spans) cuts.add(span.firstPage).add(span.firstPage + span.pageCount);
  const edges = [...cuts].filter((page) => page >= 0 && page <= ground.pageCount).sort((a, b) => a - b);
  return edges.slice(0, -1).map((firstPage, i) => ({
    firstPage,
    endPage: edges[i + 1] ?? ground.pageCount,
    span: ground.spans.find((span) => span.firstPage <= firstPage && firstPage < span.firstPage + span.pageCount),
  }));
}

function reservedDraft(window: Window, span: LayoutSpan, stretches: readonly StretchTally[]): Draft {
  const tally = new StretchTally();
  for (const stretch of stretches) tally.absorb(stretch);
  return {
    firstPage: window.firstPage,
    endPage: window.endPage,
    tally,
    name: spanName(span),
    side: span.side,
    reserved: true,
    merged: 1,
    ...(span.otherSize && { otherSize: span.otherSize }),
  };
}

/** Neighbours that one span or one rule names are one region, unless a wide hole lies between. */
function joinNamed(drafts: readonly Draft[], mostGap: number): Draft[] {
  const joined: Draft[] = [];
  for (const draft of drafts) {
    const last = joined.at(-1);
    const same = last?.name.joins && last.name.name === draft.name.name && !draft.reserved && last.side === draft.side;
    if (last && same && draft.firstPage - last.endPage <= mostGap) extend(last, draft);
    else joined.push(draft);
  }
  return joined;
}

function extend(draft: Draft, by: Draft): void {
  draft.tally.absorb(by.tally);
  draft.endPage = by.endPage;
}

/** Merges neighbours of one side, the smallest and nearest first, until the list is short enough to read. */
function mergeSmall(drafts: readonly Draft[], gap: number): readonly Draft[] {
  let list = drafts;
  for (let size = 16, reach = gap; list.length > MOST_REGIONS && Number.isFinite(size); size *= 4, reach *= 4) list = mergedBelow(list, size, reach);
  return list;
}

function mergedBelow(drafts: readonly Draft[], pages: number, reach: number): readonly Draft[] {
  const merged: Draft[] = [];
  for (const draft of drafts) {
    const last = merged.at(-1);
    const small =
      last && !last.reserved && !draft.reserved && last.side === draft.side && last.tally.mappedPages < pages && draft.tally.mappedPages < pages;
    if (last && small && draft.firstPage - last.endPage <= reach) merged[merged.length - 1] = together(last, draft);
    else merged.push(draft);
  }
  return merged;
}

function together(low: Draft, high: Draft): Draft {
  extend(low, high);
  const merged = low.merged + high.merged;
  const name = `${commas(merged)} regions`;
  const why = 'too many to list each: neighbours merged, the smallest first. Zoom in to see them apart';
  return { ...low, merged, name: { name, shortName: name, why, joins: false } };
}

function regionOf(source: RegionSource, draft: Draft): Region {
  const pageCount = draft.endPage - draft.firstPage;
  const counts = source.counts(draft.firstPage, pageCount);
  return {
    firstPage: draft.firstPage,
    pageCount,
    mappedPages: presentPages(counts),
    name: draft.name.name,
    shortName: draft.name.shortName,
    why: draft.name.why,
    rights: draft.tally.rights,
    kind: mainKind(counts),
    side: draft.side,
    reserved: draft.reserved,
    ...(draft.otherSize && { otherSize: draft.otherSize }),
    times: draft.tally.times,
  };
}

const SHOWN: readonly PageKind[] = ['writable', 'read-only', 'loop', 'absent', 'not-zero'];

/** The kind most of its present or named pages have; where there are none, what most of its nothing is. */
function mainKind(counts: PageCounts): PageKind {
  const best = SHOWN.reduce((a, b) => (counts[b] > counts[a] ? b : a));
  if (counts[best] > 0) return best;
  return counts.elided > counts.zero ? 'elided' : 'zero';
}
