import { COVERAGE_COLUMNS, type CoverageColumn, TABLE_CELL } from '#core/session/contract.ts';
import { paintSoon } from './paint-soon.ts';
import { tokenValue } from './theme-signal.ts';

/** Cells in a line: 512 make 8 lines, 1,024 make 16. */
export const LINE = 64;

export const linesOf = (entries: number): number => Math.max(1, Math.ceil(entries / LINE));

/** Token that colours a kind; kinds without one are left as ground. */
const TOKENS: Readonly<Partial<Record<CoverageColumn, string>>> = {
  writable: '--rw',
  'read-only': '--ro',
  loop: '--table',
  absent: '--absent',
  'not-zero': '--empty',
  elided: '--line',
};
/** A table with nothing in it: a mark, no kind. */
const TABLE_TOKEN = '--line-strong';

export interface ThumbnailMarks {
  /** Slot with the yellow ring. */
  readonly selectedSlot: number | undefined;
  /** Kinds that the legend dims. */
  readonly dimmed: ReadonlySet<string> | undefined;
}

/** Paints it soon. Cells end on whole device pixels: one page in two must look like it at any size. */
export function paintThumbnail(canvas: HTMLCanvasElement, cells: Uint8Array, { selectedSlot, dimmed }: ThumbnailMarks): void {
  paintSoon(canvas, (context, _, scale) => {
    for (const value of new Set(cells)) {
      const ink = inkOf(value, scale);
      if (!ink) continue;
      context.fillStyle = ink;
      context.globalAlpha = dimmed?.has(COVERAGE_COLUMNS[value] ?? '') ? 0.2 : 1;
      fillCells(context, canvas, cells, value);
    }
    context.globalAlpha = 1;
    if (selectedSlot !== undefined) ring(context, cellBox(canvas, selectedSlot, cells.length), tokenValue('--sel'), scale);
  });
}

/** Colour or hatch of a cell's kind; undefined for kinds that stay ground. */
function inkOf(value: number, scale: number): string | CanvasPattern | undefined {
  const name = COVERAGE_COLUMNS[value];
  const token = value === TABLE_CELL ? TABLE_TOKEN : name && TOKENS[name];
  if (!token) return undefined;
  const colour = tokenValue(token);
  return name === 'absent' ? (hatch(colour, scale) ?? colour) : colour;
}

function fillCells(context: CanvasRenderingContext2D, canvas: HTMLCanvasElement, cells: Uint8Array, value: number): void {
  for (let slot = 0; slot < cells.length; slot++) if (cells[slot] === value) context.fillRect(...cellBox(canvas, slot, cells.length));
}

/** By colour and scale: a pattern made on one canvas fills any. */
const hatches = new Map<string, CanvasPattern>();

/** Diagonals over the whole picture, so that neighbouring cells make one hatch: the sign of what the dump lacks. */
function hatch(colour: string, scale: number): CanvasPattern | null {
  const key = `${colour} ${scale}`;
  const made = hatches.get(key) ?? newHatch(colour, scale);
  if (made) hatches.set(key, made);
  return made;
}

function newHatch(colour: string, scale: number): CanvasPattern | null {
  const period = Math.round(4 * scale);
  const tile = document.createElement('canvas');
  tile.width = period;
  tile.height = period;
  const context = tile.getContext('2d');
  if (!context) return null;
  context.fillStyle = colour;
  const width = Math.max(1, Math.round(1.5 * scale));
  for (let y = 0; y < period; y++) for (let x = 0; x < width; x++) context.fillRect((x + period - y) % period, y, 1, 1);
  return context.createPattern(tile, 'repeat');
}

type Box = [x: number, y: number, width: number, height: number];

function cellBox(canvas: HTMLCanvasElement, slot: number, entries: number): Box {
  const perLine = Math.min(LINE, entries);
  const x = (column: number): number => Math.round((column * canvas.width) / perLine);
  const y = (line: number): number => Math.round((line * canvas.height) / linesOf(entries));
  const [column, line] = [slot % perLine, Math.floor(slot / perLine)];
  return [x(column), y(line), x(column + 1) - x(column), y(line + 1) - y(line)];
}

/** Just outside the cell, kept inside the picture. */
function ring(context: CanvasRenderingContext2D, [x, y, width, height]: Box, colour: string, scale: number): void {
  const left = Math.max(0, x - scale);
  const top = Math.max(0, y - scale);
  context.strokeStyle = colour;
  context.lineWidth = scale;
  context.strokeRect(left + scale / 2, top + scale / 2, width + scale, height + scale);
}
