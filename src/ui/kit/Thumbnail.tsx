import './thumbnail.css';
import { type PointerEvent, useEffect, useRef } from 'react';
import { COVERAGE_COLUMNS, type CoverageColumn, TABLE_CELL } from '#core/session/contract.ts';
import { useThemeSignal } from './theme-signal.ts';

/** Cells in a line: 512 make 8 lines, 1,024 make 16. */
const LINE = 64;

/** Token that colours a kind; kinds without one are left as ground. */
const TOKENS: Readonly<Partial<Record<CoverageColumn, string>>> = {
  writable: '--rw',
  'read-only': '--ro',
  loop: '--table',
  absent: '--absent',
  'not-zero': '--empty',
  elided: '--line',
};

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
    if (canvas.current) paint(canvas.current, cells, selectedSlot, dimmed);
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

const linesOf = (entries: number): number => Math.max(1, Math.ceil(entries / LINE));

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

/** Cells end on whole device pixels: one page in two must look like it at any size. */
function paint(canvas: HTMLCanvasElement, cells: Uint8Array, selectedSlot: number | undefined, dimmed: ReadonlySet<string> | undefined): void {
  const scale = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * scale);
  canvas.height = Math.round(canvas.clientHeight * scale);
  const context = canvas.getContext('2d');
  if (!context) return;
  const style = getComputedStyle(canvas);
  const colours = COVERAGE_COLUMNS.map((kind) => (TOKENS[kind] ? style.getPropertyValue(TOKENS[kind]) : ''));
  for (let slot = 0; slot < cells.length; slot++) {
    const kind = cells[slot] ?? 0;
    const colour = kind === TABLE_CELL ? style.getPropertyValue('--line-strong') : colours[kind];
    if (!colour) continue;
    const name = COVERAGE_COLUMNS[kind];
    context.globalAlpha = name && dimmed?.has(name) ? 0.2 : 1;
    context.fillStyle = colour;
    context.fillRect(...cellBox(canvas, slot, cells.length));
  }
  context.globalAlpha = 1;
  if (selectedSlot !== undefined) outline(context, cellBox(canvas, selectedSlot, cells.length), style.getPropertyValue('--sel'), scale);
}

type Box = [x: number, y: number, width: number, height: number];

function cellBox(canvas: HTMLCanvasElement, slot: number, entries: number): Box {
  const perLine = Math.min(LINE, entries);
  const x = (column: number): number => Math.round((column * canvas.width) / perLine);
  const y = (line: number): number => Math.round((line * canvas.height) / linesOf(entries));
  const [column, line] = [slot % perLine, Math.floor(slot / perLine)];
  return [x(column), y(line), x(column + 1) - x(column), y(line + 1) - y(line)];
}

/** A ring just outside the cell, kept inside the picture. */
function outline(context: CanvasRenderingContext2D, [x, y, width, height]: Box, colour: string, scale: number): void {
  const left = Math.max(0, x - scale);
  const top = Math.max(0, y - scale);
  context.strokeStyle = colour;
  context.lineWidth = scale;
  context.strokeRect(left + scale / 2, top + scale / 2, width + scale, height + scale);
}
