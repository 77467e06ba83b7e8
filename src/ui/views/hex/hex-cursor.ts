import { type Block, blockAt, type PageSource } from './hex-blocks.ts';
import type { Line } from './hex-rows.ts';
import { PAGE_BYTES } from './hex-rows.ts';
import { clamp, lineOfByte, neighbour, type Top } from './hex-scroll.ts';

/** A byte of the pane's space: where the keyboard is. On a line without words it is the line's first byte. */
export interface Cursor {
  readonly page: number;
  readonly offset: number;
}

export type Step = 'left' | 'right' | 'up' | 'down' | 'row-start' | 'row-end' | 'page-start' | 'page-end';

/** Bytes of a word on a block: its own, as a table may stand beside plain bytes. */
export type WordSize = (block: Block) => number;

/** One step of the keyboard: by word along a row, by line up and down, over folds and bars as over a row. Undefined where nothing is known yet. */
export function stepCursor(source: PageSource, cursor: Cursor, step: Step, wordSize: WordSize): Cursor | undefined {
  const block = blockAt(source, cursor.page);
  const line = block?.lines[lineOfByte(block, cursor.offset)];
  if (!block || !line) return undefined;
  if (step === 'page-start' || step === 'page-end') return pageEnd(source, block, cursor, step);
  const size = wordSize(block);
  return withinRow(cursor, line, step, size) ?? leaveRow(source, block, cursor, step, wordSize);
}

/** The word beside, or at the end of the row; undefined where the step leaves the line. */
function withinRow(cursor: Cursor, line: Line, step: Step, size: number): Cursor | undefined {
  if (line.kind !== 'row') return step === 'row-start' || step === 'row-end' ? cursor : undefined;
  const word = cursor.offset - (cursor.offset % size);
  const last = line.offset + line.length - size;
  const offsets: Partial<Record<Step, number>> = { left: word - size, right: word + size, 'row-start': line.offset, 'row-end': last };
  const offset = offsets[step];
  return offset === undefined || offset < line.offset || offset > last ? undefined : { page: cursor.page, offset };
}

function leaveRow(source: PageSource, block: Block, cursor: Cursor, step: Step, wordSize: WordSize): Cursor | undefined {
  const at: Top = { page: block.first, line: lineOfByte(block, cursor.offset) };
  const line = block.lines[at.line];
  const inRow = line?.kind === 'row' ? cursor.offset - line.offset : 0;
  if (step === 'left') return land(source, at, -1, Number.MAX_SAFE_INTEGER, wordSize);
  if (step === 'right') return land(source, at, 1, 0, wordSize);
  return land(source, at, step === 'up' ? -1 : 1, inRow, wordSize);
}

/** The nearest line in a direction that is no page boundary, at `inRow` bytes into it if it has words. */
function land(source: PageSource, from: Top, direction: 1 | -1, inRow: number, wordSize: WordSize): Cursor | undefined {
  let at = neighbour(source, from, direction);
  for (; at; at = neighbour(source, at, direction)) {
    const block = blockAt(source, at.page);
    const line = block?.lines[at.line];
    if (!block || !line) return undefined;
    if (line.kind !== 'edge') return { page: block.first, offset: byteIn(line, inRow, wordSize(block)) };
  }
  return undefined;
}

function byteIn(line: Line, inRow: number, size: number): number {
  if (line.kind !== 'row') return line.offset;
  const within = clamp(inRow, 0, line.length - size);
  return line.offset + within - (within % size);
}

/** First or last word of the page; pressed again there, of the next page in that direction. */
function pageEnd(source: PageSource, block: Block, cursor: Cursor, step: 'page-start' | 'page-end'): Cursor | undefined {
  const end = edgeOf(block, step);
  if (end.offset !== cursor.offset || end.page !== cursor.page) return end;
  const page = step === 'page-start' ? block.first - 1 : block.first + block.count;
  const next = page >= 0 && page < source.pageCount ? blockAt(source, page) : undefined;
  return next && edgeOf(next, step);
}

function edgeOf(block: Block, step: 'page-start' | 'page-end'): Cursor {
  const line = step === 'page-start' ? block.lines.find((l) => l.kind !== 'edge') : block.lines.at(-1);
  return { page: block.first, offset: line?.offset ?? 0 };
}

/** Bytes from one cursor to another, both included with their word. */
export interface ByteRange {
  readonly page: number;
  readonly offset: number;
  readonly length: number;
}

export function rangeOf(a: Cursor, b: Cursor, size: number): ByteRange {
  const [first, last] = a.page < b.page || (a.page === b.page && a.offset <= b.offset) ? [a, b] : [b, a];
  return { ...first, length: (last.page - first.page) * PAGE_BYTES + last.offset - first.offset + size };
}

/** The part of a page that a range covers, as bytes of the page; undefined if none. */
export function rangeInPage(range: ByteRange | undefined, page: number): { readonly from: number; readonly to: number } | undefined {
  if (!range) return undefined;
  const from = range.offset - (page - range.page) * PAGE_BYTES;
  const to = from + range.length;
  if (to <= 0 || from >= PAGE_BYTES) return undefined;
  return { from: Math.max(0, from), to: Math.min(PAGE_BYTES, to) };
}
