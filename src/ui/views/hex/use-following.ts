import { useEffect, useRef } from 'react';
import type { HexPane } from '#ui/state/place.ts';
import type { Block } from './hex-blocks.ts';
import type { Cursor } from './hex-cursor.ts';
import type { Line } from './hex-rows.ts';
import type { PaneTarget } from './hex-target.ts';
import type { PaneCursor } from './use-pane-cursor.ts';
import type { PaneScroll } from './use-pane-scroll.ts';

interface Followed {
  readonly scroll: PaneScroll;
  readonly cursor: PaneCursor;
  pin(at: Cursor): void;
}

/** Ms that a pinned pane must rest before its new place is written down. */
const REST = 400;

/**
 * Goes where the target goes; the first is where the pane began. A pinned pane that was scrolled away takes its pin along, so that a
 * link shows the same rows; that target is its own doing and moves nothing.
 */
export function useFollowing(pane: HexPane, target: PaneTarget, { scroll, cursor, pin }: Followed): void {
  const followed = useRef(target);
  const own = useRef<Cursor>(undefined);
  useEffect(() => {
    if (followed.current === target) return;
    followed.current = target;
    if (own.current?.page === target.page && own.current.offset === target.offset) return;
    cursor.put(target);
    scroll.reveal(target);
  });
  const place = pane.pinned && wanderedTo(pane.pinned, scroll);
  const latest = useRef(pin);
  useEffect(() => {
    latest.current = pin;
  });
  const page = place?.page;
  const offset = place?.offset;
  useEffect(() => {
    if (page === undefined || offset === undefined) return undefined;
    const timer = setTimeout(() => {
      own.current = { page, offset };
      latest.current({ page, offset });
    }, REST);
    return () => clearTimeout(timer);
  }, [page, offset]);
}

/** The first byte in sight, where the pinned one is not; undefined where it is. */
function wanderedTo(pinned: Cursor, { placed, awaited }: PaneScroll): Cursor | undefined {
  const first = placed.find(({ line }) => line.length > 0);
  if (!first || awaited !== undefined || placed.some(({ block, line }) => holdsByte(block, line, pinned))) return undefined;
  return { page: first.block.first, offset: first.line.offset };
}

const holdsByte = ({ first, count }: Block, line: Line, at: Cursor): boolean =>
  at.page >= first && at.page < first + count && (line.length === 0 || (at.offset >= line.offset && at.offset < line.offset + line.length));
