import type { M2pCells, M2pKind } from '#core/session/contract.ts';
import { M2P_KINDS } from '#core/session/contract.ts';
import { tokenValue } from '#ui/kit/theme-signal.ts';
import { KIND_LOOKS, type KindLook, kindsOfCell } from './kinds.ts';

/** Tiles of four by four; a # is inked. The masks of the legend (m2p.css) look alike. */
const TILES: Readonly<Partial<Record<KindLook['shape'], readonly string[]>>> = {
  dots: ['#...', '....', '..#.', '....'],
  uprights: ['##..', '##..', '##..', '##..'],
  lines: ['####', '....', '####', '....'],
  hatch: ['#...', '...#', '..#.', '.#..'],
  cross: ['#..#', '.##.', '.##.', '#..#'],
};

/** By shape, colour and scale: a pattern made on one canvas fills any. */
const patterns = new Map<string, CanvasPattern>();

/** Part of a cell's height, from below, that shows its most telling other kind. */
const OTHER_PART = 0.45;

export interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/** Fills the canvas: a cell of the answer a box, edges on whole device pixels. */
export function paintCells(context: CanvasRenderingContext2D, canvas: HTMLCanvasElement, scale: number, grid: Grid, cells: M2pCells): void {
  const inks = new Map<M2pKind, string | CanvasPattern | undefined>(M2P_KINDS.map((kind) => [kind, inkOf(KIND_LOOKS[kind], scale)]));
  const count = cells.counts.length / M2P_KINDS.length;
  for (let cell = 0; cell < count; cell++) {
    const kinds = kindsOfCell(cells.counts, cell);
    if (!kinds) continue;
    const [x, y, width, height] = boxOf(canvas, grid, cell);
    const low = kinds.other ? Math.round(height * OTHER_PART) : 0;
    fill(context, inks.get(kinds.most), [x, y, width, height - low]);
    if (kinds.other) fill(context, inks.get(kinds.other), [x, y + height - low, width, low]);
  }
}

type Box = readonly [x: number, y: number, width: number, height: number];

/** A device pixel is left between cells. */
function boxOf({ width, height }: HTMLCanvasElement, { columns, rows }: Grid, cell: number): Box {
  const [column, row] = [cell % columns, Math.floor(cell / columns)];
  const x = Math.round((column * width) / columns);
  const y = Math.round((row * height) / rows);
  return [x, y, Math.round(((column + 1) * width) / columns) - x - 1, Math.round(((row + 1) * height) / rows) - y - 1];
}

function fill(context: CanvasRenderingContext2D, ink: string | CanvasPattern | undefined, [x, y, width, height]: Box): void {
  if (!ink || width <= 0 || height <= 0) return;
  context.fillStyle = ink;
  context.fillRect(x, y, width, height);
}

function inkOf({ token, shape }: KindLook, scale: number): string | CanvasPattern | undefined {
  if (!token) return undefined;
  const colour = tokenValue(token);
  const tile = TILES[shape];
  if (!tile) return colour;
  const key = `${shape} ${colour} ${scale}`;
  const made = patterns.get(key) ?? newPattern(tile, colour, scale);
  if (made) patterns.set(key, made);
  return made ?? colour;
}

function newPattern(tile: readonly string[], colour: string, scale: number): CanvasPattern | null {
  const dot = Math.max(1, Math.round(scale));
  const canvas = document.createElement('canvas');
  canvas.width = tile.length * dot;
  canvas.height = tile.length * dot;
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.fillStyle = colour;
  for (const [y, line] of tile.entries()) for (const [x, ink] of [...line].entries()) if (ink === '#') context.fillRect(x * dot, y * dot, dot, dot);
  return context.createPattern(canvas, 'repeat');
}
