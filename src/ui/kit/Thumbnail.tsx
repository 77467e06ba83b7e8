import './thumbnail.css';
import { type PointerEvent, useEffect, useRef } from 'react';
import { useThemeSignal } from './theme-signal.ts';
import { LINE, linesOf, paintThumbnail } from './thumbnail-painter.ts';

interface ThumbnailProps {
  /** One a slot: index into COVERAGE_COLUMNS, or TABLE_CELL. */
  readonly cells: Uint8Array;
  /** What it shows, in words: "PD[3]: 36 of 512 slots present". */
  readonly label: string;
  /** Slot with the yellow edge. */
  readonly selectedSlot?: number | undefined;
  /** Kinds that the legend dims. */
  readonly dimmed?: ReadonlySet<string> | undefined;
  /** The slot under the pointer; undefined when it leaves. */
  readonly onHoverSlot?: ((slot: number | undefined) => void) | undefined;
  readonly onSelectSlot?: ((slot: number) => void) | undefined;
}

/** A table at a glance: one cell a slot, 64 a line, in the kind of what the slot leads to. Its slots are reached by keyboard in the tree. */
export function Thumbnail({ cells, label, selectedSlot, dimmed, onHoverSlot, onSelectSlot }: ThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useThemeSignal();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `theme` stands for the colours read from the page.
  useEffect(() => {
    if (canvas.current) paintThumbnail(canvas.current, cells, { selectedSlot, dimmed });
  }, [cells, selectedSlot, dimmed, theme]);
  const hover = (event: PointerEvent<HTMLCanvasElement>): void => onHoverSlot?.(slotAt(event, cells.length));
  return (
    <canvas
      ref={canvas}
      className="thumb"
      role="img"
      aria-label={label}
      onPointerMove={hover}
      onPointerLeave={() => onHoverSlot?.(undefined)}
      onClick={(event) => {
        const slot = slotAt(event, cells.length);
        if (slot === undefined || !onSelectSlot) return;
        event.stopPropagation();
        onSelectSlot(slot);
      }}
    />
  );
}

function slotAt(
  event: { readonly clientX: number; readonly clientY: number; readonly currentTarget: HTMLCanvasElement },
  entries: number,
): number | undefined {
  const box = event.currentTarget.getBoundingClientRect();
  const perLine = Math.min(LINE, entries);
  const column = Math.floor(((event.clientX - box.left) / box.width) * perLine);
  const line = Math.floor(((event.clientY - box.top) / box.height) * linesOf(entries));
  const slot = line * perLine + column;
  return column >= 0 && column < perLine && line >= 0 && slot < entries ? slot : undefined;
}
