import type { PointerEvent } from 'react';
import { pageAtThumb } from './hex-scroll.ts';

interface HexScrollbarProps {
  /** 0 … 1: where in the space the pane looks. */
  readonly thumb: number;
  readonly pageCount: number;
  readonly gridId: string;
  readonly valueText: string;
  onPage(page: number): void;
}

/** Px of the thumb: a place, not a share, for no share of 2^45 pages could be seen. */
const THUMB = 24;

/** Our own scrollbar over the pages of a space. The keys of the grid do all it does. */
export function HexScrollbar({ thumb, pageCount, gridId, valueText, onPage }: HexScrollbarProps) {
  const drag = (event: PointerEvent<HTMLElement>) => {
    const track = event.currentTarget.getBoundingClientRect();
    onPage(pageAtThumb((event.clientY - track.top - THUMB / 2) / Math.max(1, track.height - THUMB), pageCount));
  };
  return (
    <div
      role="scrollbar"
      className="hex-scrollbar"
      aria-controls={gridId}
      aria-orientation="vertical"
      aria-label="Place in the whole space"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(thumb * 100)}
      aria-valuetext={valueText}
      tabIndex={-1}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture?.(event.pointerId);
        drag(event);
      }}
      onPointerMove={(event) => event.buttons & 1 && drag(event)}
    >
      <i style={{ top: `calc(${thumb} * (100% - ${THUMB}px))`, height: THUMB }} />
    </div>
  );
}
