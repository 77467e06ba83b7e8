import { useEffect, useMemo } from 'react';
import type { PagingMode } from '#core/paging/mode.ts';
import type { BytePage, HexSpace, ImageSummary, Region, Translation } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import type { HexPane, Place } from '#ui/state/place.ts';
import { type AddressFace, addressCharacters } from './hex-address.ts';
import { type Emptiness, isBare, isUnmapped, type PageSource } from './hex-blocks.ts';
import { type Mark, marksOf } from './hex-marks.ts';
import { type Line, linesOf, PAGE_BYTES, type RowShape } from './hex-rows.ts';
import { fitShape, naturalWordBytes, type Room } from './hex-shape.ts';
import { GROUP_PAGES, type PageCache } from './page-cache.ts';
import { type HexDump, pagesOf } from './use-hex-dump.ts';
import type { Metrics } from './use-metrics.ts';

/** A page as this pane draws it. */
export interface LaidPage {
  readonly shape: RowShape;
  readonly marks: readonly Mark[];
  readonly lines: readonly Line[];
}

/** The pages of the pane's space, laid out for its width and selection. */
export interface PanePages extends PageSource {
  readonly face: AddressFace;
  /** The page of this space that the selected byte is in. */
  readonly selectedPage: number | undefined;
  lay(page: BytePage): LaidPage;
}

export interface PaneView {
  readonly pane: HexPane;
  readonly space: HexSpace;
  /** The page last looked for: spaces that end below it are drawn up to it. */
  readonly shown: number;
  readonly metrics: Metrics;
  /** Bytes of the folds opened in this pane, as "page:offset". */
  readonly opened: ReadonlySet<string>;
}

/** Px beside the words: paddings, the gap after the address, the scrollbar. As the style sheet has them. */
const FURNITURE = 12 + 3 + 5 + 8;
const NARROW_FURNITURE = 8 + 2 + 4 + 8;
/** Px of a pane below which paddings shrink. */
const NARROW = 420;
export const isNarrow = ({ width }: Metrics): boolean => width < NARROW;

/** Px of a word's box beyond its digits: border, padding, gap. */
const ENTRY_BOX = 7;
const WORD_BOX = 4;

export function usePanePages(dump: HexDump, view: PaneView): PanePages {
  const place = useDesk((desk) => desk.place);
  const { translation, paging, image, atlas, cache } = dump;
  const { pane, space, metrics, opened } = view;
  const pageCount = pagesOf(dump, space, view.shown);
  const face = useMemo(() => ({ space, virtualBits: paging.mode.virtualBits, pageCount }), [space, paging.mode.virtualBits, pageCount]);
  const room = useMemo(() => roomFor(metrics, face), [metrics, face]);
  const lay = useMemo(() => {
    const laid = new WeakMap<BytePage, LaidPage>();
    const selection = { place, translation, entryBytes: paging.mode.entryBytes };
    const layOut = (page: BytePage): LaidPage => {
      const wordBytes = pane.wordBytes ?? naturalWordBytes(page, regionName(atlas?.regions, page.virtualPage));
      const shape = fitShape(page, wordBytes, room);
      const marks = marksOf(page, selection);
      const keep = marks.filter((mark) => mark.tone === 'selected').map((mark) => mark.offset);
      return { shape, marks, lines: linesOf(page, { shape, keep, opened: openedIn(opened, page.page) }) };
    };
    return (page: BytePage): LaidPage => remembered(laid, page, layOut);
  }, [place, translation, paging, pane.wordBytes, room, atlas, opened]);
  const selectedPage = selectedPageOf(space, place, translation);
  return useMemo(() => {
    const page = (number: number) => cache.page(space, number);
    const emptiness = (number: number) => emptyRound(number, { space, pageCount }, { cache, image });
    return { face, selectedPage, lay, pageCount, page, emptiness, groupPages: GROUP_PAGES, lines: (p: BytePage) => lay(p).lines };
  }, [face, selectedPage, lay, pageCount, cache, image, space]);
}

function selectedPageOf(space: HexSpace, place: Place, translation: Translation | undefined): number | undefined {
  if (space === 'virtual') return place.machine === undefined ? place.address.page : undefined;
  const outcome = translation?.outcome;
  if (space === 'file' || place.machine !== undefined)
    return space === 'machine' && place.machine !== undefined ? Math.floor(place.machine / PAGE_BYTES) : undefined;
  return outcome?.kind === 'mapped' ? outcome.frame : undefined;
}

function roomFor(metrics: Metrics, face: AddressFace): Room {
  const characters = (metrics.width - (isNarrow(metrics) ? NARROW_FURNITURE : FURNITURE)) / metrics.character - addressCharacters(face);
  return { characters, entryBox: ENTRY_BOX / metrics.character, wordBox: WORD_BOX / metrics.character };
}

function remembered<V>(map: WeakMap<BytePage, V>, page: BytePage, make: (page: BytePage) => V): V {
  const known = map.get(page);
  if (known) return known;
  const made = make(page);
  map.set(page, made);
  return made;
}

function regionName(regions: readonly Region[] | undefined, page: number | undefined): string | undefined {
  if (page === undefined) return undefined;
  return regions?.find((region) => page >= region.firstPage && page < region.firstPage + region.pageCount)?.name;
}

function openedIn(opened: ReadonlySet<string>, page: number): ReadonlySet<number> {
  const offsets = [...opened].filter((key) => key.startsWith(`${page}:`)).map((key) => Number(key.slice(key.indexOf(':') + 1)));
  return new Set(offsets);
}

export const foldKey = (page: number, offset: number): string => `${page}:${offset}`;

/** Round a page without memory: the tables' own stretch, or a gap between extents. A stretch that could not be searched is its page alone. */
function emptyRound(page: number, { space, pageCount }: Extent, { cache, image }: { cache: PageCache; image: ImageSummary }): Emptiness | undefined {
  if (space === 'file') return undefined;
  if (space === 'virtual') return cache.stretch(page) ?? (cache.failure('empty', page) ? { first: page, count: 1 } : undefined);
  const gap = gapRound(page, image);
  return gap && { ...gap, count: Math.min(gap.count, pageCount - gap.first) };
}

interface Extent {
  readonly space: HexSpace;
  readonly pageCount: number;
}

/** Whole frames between two extents, without end beyond the last; undefined for a frame with bytes, or where the list of extents was cut. */
export function gapRound(page: number, { extents, extentsCut }: Pick<ImageSummary, 'extents' | 'extentsCut'>): Emptiness | undefined {
  const next = firstEndingAfter(extents, page * PAGE_BYTES);
  const after = extents[next];
  const before = extents[next - 1];
  if (after ? after.start < (page + 1) * PAGE_BYTES : extentsCut) return undefined;
  const first = before ? Math.ceil((before.start + before.length) / PAGE_BYTES) : 0;
  const past = after ? Math.floor(after.start / PAGE_BYTES) : Number.POSITIVE_INFINITY;
  return { first: Math.min(first, page), count: past - Math.min(first, page) };
}

/** Index of the first extent that ends above an address; extents ascend. */
function firstEndingAfter(extents: ImageSummary['extents'], address: number): number {
  let low = 0;
  let high = extents.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const extent = extents[middle];
    if (extent && extent.start + extent.length <= address) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Groups read ahead of what is seen, each way. */
const AHEAD = 1;

/** Asks for what the pane shows and what lies just around it. */
export function useWants(dump: HexDump, view: PaneView, source: PanePages, pages: readonly number[]): void {
  const { cache, paging, image } = dump;
  const { pane, space } = view;
  useEffect(() => {
    const around = pages.flatMap((page) => [page, page + AHEAD * GROUP_PAGES, page - AHEAD * GROUP_PAGES]);
    const inside = [...pages, ...around].filter((page) => page >= 0 && page < source.pageCount);
    const bare = space === 'virtual' ? pages.filter((page) => isBareAlone(source, page)) : [];
    const empty = bare.filter((page) => isUnmappedAt(source, page)).map((page) => ({ page, bounds: boundsOf(page, image, paging.mode) }));
    const leaves = bare.filter((page) => !isUnmappedAt(source, page)).map((page) => ({ page, gapOf: (frame: number) => gapRound(frame, image) }));
    cache.want(pane.id, { space, pageCount: source.pageCount, pages: inside, empty, leaves });
  });
  useEffect(() => () => cache.forget(pane.id), [cache, pane.id]);
}

/** No byte of it is known, and not how far that goes. */
function isBareAlone(source: PanePages, number: number): boolean {
  const page = source.page(number);
  return page !== undefined && isBare(page) && source.emptiness(number) === undefined;
}

function isUnmappedAt(source: PanePages, number: number): boolean {
  const page = source.page(number);
  return page !== undefined && isUnmapped(page);
}

/**
 * What no stretch round a page crosses. A canonical space has two halves with no address between them; and a page that a text printed
 * has bytes even where no walk leads.
 */
function boundsOf(page: number, { inferences }: ImageSummary, { pageCount, virtualBits }: PagingMode): { first: number; end: number } {
  const half = virtualBits > 32 ? pageCount / 2 : pageCount;
  const first = page < half ? 0 : half;
  const printed = inferences.map((inference) => inference.page);
  return {
    first: Math.max(first, ...printed.filter((other) => other < page).map((other) => other + 1)),
    end: Math.min(first + half, ...printed.filter((other) => other > page)),
  };
}
