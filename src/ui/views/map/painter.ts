import { COVERAGE_COLUMNS, type Coverage, type CoverageColumn, type PageKind } from '#core/session/contract.ts';
import type { Fills, Palette } from './palette.ts';

const COLUMNS = COVERAGE_COLUMNS.length;
const column = (name: CoverageColumn): number => COVERAGE_COLUMNS.indexOf(name);
const USER = column('user');
const FETCH = column('fetch');
const ELIDED = column('elided');
/** Kinds in the order a slice draws them, left to right, then elided; a zero page draws nothing. */
const SOLID: readonly PageKind[] = ['writable', 'read-only', 'loop', 'absent', 'not-zero'];
const DRAWN: readonly PageKind[] = [...SOLID, 'elided'];
/** What is not known goes on from line to line of the lens; pages stand apart. */
const UNKNOWN: ReadonlySet<PageKind> = new Set(['absent', 'elided']);
/** The strip shows the strongest thing of a pixel row, last drawn on top. Elided and zero leave no mark. */
const STRIP_ORDER: readonly PageKind[] = ['not-zero', 'absent', 'loop', 'read-only', 'writable'];
/** A slice with anything in it is never thinner, CSS pixels: more would make a sparse region look full. */
const LEAST_WIDTH = 3;
const RAIL = 3;
const FAINT = 0.16;

/** Where a canvas is painted: its size in device pixels, what fills it, what the legend dims. */
export interface Ground {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  readonly fills: Fills;
  readonly dimmed: ReadonlySet<CoverageColumn>;
}

export interface Piece {
  readonly kind: PageKind;
  /** Left edge and width in CSS pixels. */
  readonly x: number;
  readonly width: number;
}

const countIn = (coverage: Coverage, bin: number, index: number): number => coverage.counts[bin * COLUMNS + index] ?? 0;

/** All pages of a bin: the seven kinds add up to it. */
export function pagesInBin(coverage: Coverage, bin: number): number {
  let pages = 0;
  for (let index = 0; index < USER; index++) pages += countIn(coverage, bin, index);
  return pages;
}

/** The pieces of one slice of a bar of `width` CSS pixels: each as wide as its share, what is not elided at least 3 px together. */
export function slicePieces(coverage: Coverage, bin: number, width: number): readonly Piece[] {
  const pages = pagesInBin(coverage, bin);
  const shares = SOLID.map((kind) => ({ kind, pages: countIn(coverage, bin, column(kind)) })).filter((share) => share.pages > 0);
  const known = shares.reduce((sum, share) => sum + share.pages, 0);
  const all = known === 0 ? 0 : Math.max(LEAST_WIDTH, (known / pages) * width);
  const pieces: Piece[] = [];
  let x = 0;
  for (const share of shares) {
    pieces.push({ kind: share.kind, x, width: Math.max(1, (share.pages / known) * all) });
    x += Math.max(1, (share.pages / known) * all);
  }
  const elided = (countIn(coverage, bin, ELIDED) / Math.max(1, pages)) * width;
  if (elided > 0 && x < width) pieces.push({ kind: 'elided', x, width: Math.min(elided, width - x) });
  return pieces;
}

/** Top edge of a bin in device pixels: bins count up from low addresses, the picture has high ones at the top. */
const edge = (bins: number, bin: number, height: number): number => Math.round(((bins - bin) / bins) * height);

/** The density bar: left rail for ring 3, body, right rail for fetch; a slice of pages per pixel row. */
export function paintBar(ground: Ground, coverage: Coverage): void {
  const { context, width, height, palette, fills, dimmed } = ground;
  const unit = palette.scale;
  const rail = Math.round(RAIL * unit);
  const left = rail + Math.round(unit);
  const body = (width - left - rail) / unit;
  for (let bin = 0; bin < coverage.bins; bin++) {
    const top = edge(coverage.bins, bin + 1, height);
    const high = edge(coverage.bins, bin, height) - top;
    for (const piece of slicePieces(coverage, bin, body)) {
      context.globalAlpha = dimmed.has(piece.kind) ? FAINT : 1;
      context.fillStyle = fills[piece.kind];
      const from = Math.round(piece.x * unit);
      context.fillRect(left + from, top, Math.min(width - rail - left, Math.round((piece.x + piece.width) * unit)) - from, high);
    }
    paintRail(ground, countIn(coverage, bin, USER) > 0, 'user', palette.user, 0, top, rail, high);
    paintRail(ground, countIn(coverage, bin, FETCH) > 0, 'fetch', palette.fetch, width - rail, top, rail, high);
  }
  context.globalAlpha = 1;
}

function paintRail(
  ground: Ground,
  on: boolean,
  overlay: 'user' | 'fetch',
  colour: string,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  if (!on) return;
  ground.context.globalAlpha = ground.dimmed.has(overlay) ? FAINT : 1;
  ground.context.fillStyle = colour;
  ground.context.fillRect(x, y, width, height);
}

/** The whole space, linear: full-width marks, never thinner than 2 px, the writable ones on top. */
export function paintStrip(ground: Ground, coverage: Coverage): void {
  const { context, width, height, palette, fills, dimmed } = ground;
  const least = Math.round(2 * palette.scale);
  for (const kind of STRIP_ORDER) {
    context.globalAlpha = dimmed.has(kind) ? FAINT : 1;
    context.fillStyle = fills[kind];
    for (let bin = 0; bin < coverage.bins; bin++) {
      if (countIn(coverage, bin, column(kind)) === 0) continue;
      const top = edge(coverage.bins, bin + 1, height);
      const high = Math.max(least, edge(coverage.bins, bin, height) - top);
      context.fillRect(0, Math.min(top, height - high), width, high);
    }
  }
  context.globalAlpha = 1;
}

/** Cells to a line of the lens, as in a thumbnail. */
export const LENS_COLUMNS = 64;

/** 512 cells, slot 0 first, 64 a line; a green lower edge where ring 3 may reach the page. */
export function paintLens(ground: Ground, coverage: Coverage): void {
  const { context, width, height, palette, fills, dimmed } = ground;
  const lines = Math.ceil(coverage.bins / LENS_COLUMNS);
  for (let bin = 0; bin < coverage.bins; bin++) {
    const kind = kindOfBin(coverage, bin);
    if (!kind) continue;
    const x = Math.round(((bin % LENS_COLUMNS) / LENS_COLUMNS) * width);
    const right = Math.round((((bin % LENS_COLUMNS) + 1) / LENS_COLUMNS) * width);
    const y = Math.round((Math.floor(bin / LENS_COLUMNS) / lines) * height);
    const bottom = Math.round(((Math.floor(bin / LENS_COLUMNS) + 1) / lines) * height);
    const gap = UNKNOWN.has(kind) ? 0 : Math.round(palette.scale);
    context.globalAlpha = dimmed.has(kind) ? FAINT : 1;
    context.fillStyle = fills[kind];
    context.fillRect(x, y, right - x, bottom - y - gap);
    if (countIn(coverage, bin, USER) > 0) paintRail(ground, true, 'user', palette.user, x, bottom - 2 * gap, right - x, Math.max(1, gap));
  }
  context.globalAlpha = 1;
}

/** The kind of a bin of one page; the first that is there in a larger one. Undefined where it is zero. */
export function kindOfBin(coverage: Coverage, bin: number): PageKind | undefined {
  return DRAWN.find((kind) => countIn(coverage, bin, column(kind)) > 0);
}
