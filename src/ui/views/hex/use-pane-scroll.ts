import { useEffect, useRef, useState } from 'react';
import { blockAt, type PageSource } from './hex-blocks.ts';
import type { Cursor } from './hex-cursor.ts';
import { clamp, keptFull, lineOfByte, type PlacedLine, placedLines, settled, stepped, type Top, thumbAt, topWhoseLastIs } from './hex-scroll.ts';
import type { Metrics } from './use-metrics.ts';

/** Where the pane is to go once that is known: a byte to be seen, or a line to be first. */
type Aim = { readonly kind: 'byte'; readonly at: Cursor } | { readonly kind: 'line'; readonly at: Top };

export interface PaneScroll {
  readonly top: Top;
  readonly placed: readonly PlacedLine[];
  /** The page that is waited for; what was shown stays until it is there. */
  readonly awaited: number | undefined;
  /** 0 … 1 */
  readonly thumb: number;
  /** By lines, down or up. */
  scroll(lines: number): void;
  /** To a page of the space, its first line first. */
  toPage(page: number): void;
  /** Brings a byte into sight; moves nothing if it is. */
  reveal(at: Cursor): void;
}

export function usePaneScroll(source: PageSource, first: Cursor, metrics: Metrics): PaneScroll {
  const [top, setTop] = useState<Top>({ page: first.page, line: AFTER_EDGE });
  const [aim, setAim] = useState<Aim | undefined>({ kind: 'byte', at: first });
  const { height, heights } = metrics;
  const resting = settled(source, top) ?? top;
  const placed = placedLines(source, resting, height, heights);
  const landed = aim && landing(source, aim, placed, metrics);
  const current = useRef({ source, top: resting, metrics });
  current.current = { source, top: resting, metrics };
  useEffect(() => {
    if (!landed) return;
    setTop((before) => (before.page === landed.page && before.line === landed.line ? before : landed));
    setAim(undefined);
  }, [landed]);
  const block = blockAt(source, resting.page);
  return {
    top: resting,
    placed,
    awaited: aim ? aim.at.page : block ? undefined : resting.page,
    thumb: thumbAt(resting, block?.lines.length ?? 1, source.pageCount),
    scroll: (lines) => {
      const now = current.current;
      const next = stepped(now.source, now.top, lines);
      if (blockAt(now.source, next.page)) setTop(keptFull(now.source, next, height, heights));
      else setAim({ kind: 'line', at: next });
    },
    toPage: (page) => setAim({ kind: 'line', at: { page: clamp(page, 0, source.pageCount - 1), line: AFTER_EDGE } }),
    reveal: (at) => setAim({ kind: 'byte', at }),
  };
}

/** Where an aim comes to rest; undefined while its page is not known. */
function landing(source: PageSource, aim: Aim, placed: readonly PlacedLine[], { height, heights }: Metrics): Top | undefined {
  if (aim.kind === 'line') {
    const at = settled(source, aim.at);
    return at && keptFull(source, at, height, heights);
  }
  const block = blockAt(source, aim.at.page);
  if (!block) return undefined;
  const target: Top = { page: block.first, line: lineOfByte(block, aim.at.offset) };
  return placeFor(source, target, placed, { height, heights });
}

/** Nothing moves for a line in full sight; one just outside comes in at the edge; else its page from the start, or the line a third down. */
function placeFor(source: PageSource, target: Top, placed: readonly PlacedLine[], { height, heights }: Pick<Metrics, 'height' | 'heights'>): Top {
  const first = placed[0];
  const here = first && { page: first.block.first, line: first.index };
  if (here && isSeen(placed, target, height, heights)) return here;
  if (here && isNext(placed, target)) return topWhoseLastIs(source, target, height, heights);
  if (here && isBefore(source, here, target)) return target;
  const start: Top = { page: target.page, line: firstAfterEdge(source, target.page) };
  if (isSeen(placedLines(source, start, height, heights), target, height, heights)) return keptFull(source, start, height, heights);
  return keptFull(source, topWhoseLastIs(source, target, height / 3, heights), height, heights);
}

/** The page boundary is drawn between pages, not above the first: the line after it. */
const AFTER_EDGE = 1;

function firstAfterEdge(source: PageSource, page: number): number {
  const lines = blockAt(source, page)?.lines ?? [];
  return lines[0]?.kind === 'edge' && lines.length > 1 ? AFTER_EDGE : 0;
}

function isSeen(placed: readonly PlacedLine[], target: Top, height: number, heights: Metrics['heights']): boolean {
  const found = placed.find((p) => p.block.first === target.page && p.index === target.line);
  return found !== undefined && found.y + heights[found.line.kind] <= height;
}

/** The line cut by the lower edge, or the one below it. */
function isNext(placed: readonly PlacedLine[], target: Top): boolean {
  const last = placed.at(-1);
  if (!last) return false;
  const sameBlock = last.block.first === target.page && (target.line === last.index || target.line === last.index + 1);
  const nextBlock = last.index === last.block.lines.length - 1 && target.page === last.block.first + last.block.count && target.line <= 1;
  return sameBlock || nextBlock;
}

/** A line or two above the first. */
function isBefore(source: PageSource, here: Top, target: Top): boolean {
  const one = stepped(source, here, -1);
  const two = stepped(source, here, -2);
  return [one, two].some((at) => at.page === target.page && at.line === target.line && !(at.page === here.page && at.line === here.line));
}
