import type { Block, PageSource } from './hex-blocks.ts';
import { blockAt } from './hex-blocks.ts';
import type { Line } from './hex-rows.ts';

/**
 * The first line shown: a page and a line of its block. Never a pixel offset: browsers stop at some 33 million px, which is 27 MB of
 * rows, and a 57-bit space has 2^45 pages. What lies below is laid out from here.
 */
export interface Top {
  readonly page: number;
  readonly line: number;
}

/** The last line of a block, before the block is known. */
export const LAST_LINE = Number.MAX_SAFE_INTEGER;

/** Heights in px by kind of line, as the style sheet has them. */
export type LineHeights = Readonly<Record<Line['kind'], number>>;

export interface PlacedLine {
  readonly block: Block;
  readonly index: number;
  readonly line: Line;
  /** Px below the upper edge of the pane. */
  readonly y: number;
}

/** A place put right for its block: first page of it, line within it. Undefined while the block is not known. */
export function settled(source: PageSource, top: Top): Top | undefined {
  const page = clamp(top.page, 0, source.pageCount - 1);
  const block = blockAt(source, page);
  return block && { page: block.first, line: clamp(top.line, 0, block.lines.length - 1) };
}

export const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** The lines that fit, from `top` on, and whether something below them is still under way. */
export function placedLines(source: PageSource, top: Top, height: number, heights: LineHeights): readonly PlacedLine[] {
  const placed: PlacedLine[] = [];
  let y = 0;
  let index = top.line;
  for (let page = top.page; page < source.pageCount && y < height; index = 0) {
    const block = blockAt(source, page);
    if (!block) break;
    for (; index < block.lines.length && y < height; index++) {
      const line = block.lines[index];
      if (!line) break;
      placed.push({ block, index, line, y });
      y += heights[line.kind];
    }
    page = block.first + block.count;
  }
  return placed;
}

/** The line after or before; undefined at the ends of the space, a place to be settled where its block is not known yet. */
export function neighbour(source: PageSource, top: Top, direction: 1 | -1): Top | undefined {
  const block = blockAt(source, top.page);
  if (!block) return undefined;
  const line = top.line + direction;
  if (line >= 0 && line < block.lines.length) return { page: block.first, line };
  const page = direction > 0 ? block.first + block.count : block.first - 1;
  if (page < 0 || page >= source.pageCount) return undefined;
  return settled(source, { page, line: direction > 0 ? 0 : LAST_LINE }) ?? { page, line: direction > 0 ? 0 : LAST_LINE };
}

/** `count` lines further down (or up, negative), not past the ends. Stops at the first line of what is not known yet. */
export function stepped(source: PageSource, top: Top, count: number): Top {
  let at = top;
  for (let left = Math.abs(count); left > 0; left--) {
    const next = neighbour(source, at, count > 0 ? 1 : -1);
    if (!next) break;
    at = next;
    if (!blockAt(source, at.page)) break;
  }
  return at;
}

/** The place from which on `bottom` is the last line that fits whole. */
export function topWhoseLastIs(source: PageSource, bottom: Top, height: number, heights: LineHeights): Top {
  let at = bottom;
  let used = heightAt(source, bottom, heights);
  for (;;) {
    const above = neighbour(source, at, -1);
    if (!above || !blockAt(source, above.page)) return at;
    used += heightAt(source, above, heights);
    if (used > height) return at;
    at = above;
  }
}

function heightAt(source: PageSource, top: Top, heights: LineHeights): number {
  const line = blockAt(source, top.page)?.lines[top.line];
  return line ? heights[line.kind] : 0;
}

/** Moves up so far that the end of the space does not leave the pane half empty. */
export function keptFull(source: PageSource, top: Top, height: number, heights: LineHeights): Top {
  const placed = placedLines(source, top, height, heights);
  const last = placed.at(-1);
  if (!last || last.block.first + last.block.count < source.pageCount || last.index < last.block.lines.length - 1) return top;
  if (last.y + heights[last.line.kind] > height) return top;
  return topWhoseLastIs(source, { page: last.block.first, line: last.index }, height, heights);
}

/** The line of a block that holds a byte; the line of all for blocks without bytes. */
export function lineOfByte(block: Block, offset: number): number {
  const index = block.lines.findIndex((line) => line.length > 0 && offset >= line.offset && offset < line.offset + line.length);
  return Math.max(0, index);
}

/** Where the thumb of the scrollbar stands: 0 at the first page, 1 at the last. */
export function thumbAt(top: Top, lineCount: number, pageCount: number): number {
  if (pageCount <= 1) return 0;
  return clamp((top.page + Math.min(1, top.line / Math.max(1, lineCount))) / (pageCount - 1), 0, 1);
}

export function pageAtThumb(fraction: number, pageCount: number): number {
  return Math.round(clamp(fraction, 0, 1) * (pageCount - 1));
}
