import type { PageKind } from '#core/session/contract.ts';
import { tokenValue } from '#ui/kit/theme-signal.ts';

/** Colours of the canvas, read from the tokens: the canvas knows no CSS. */
export interface Palette {
  readonly kinds: Readonly<Record<PageKind, string>>;
  readonly user: string;
  readonly fetch: string;
  readonly select: string;
  readonly ink: string;
  /** Device pixels per CSS pixel. */
  readonly scale: number;
}

const TOKENS: Readonly<Record<PageKind, string>> = {
  writable: '--rw',
  'read-only': '--ro',
  loop: '--table',
  absent: '--absent',
  'not-zero': '--ink-3',
  elided: '--empty',
  zero: '--pane',
};

const KINDS = Object.keys(TOKENS) as readonly PageKind[];

/** The tokens as they are now. */
export function readPalette(scale: number): Palette {
  const token = (name: string) => tokenValue(name) || 'gray';
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, token(TOKENS[kind])])) as Record<PageKind, string>;
  return {
    kinds,
    user: token('--user'),
    fetch: token('--ink-2'),
    select: token('--sel'),
    ink: token('--ink'),
    scale,
  };
}

/** A kind's fill: solid, or its pattern, so that shape says the kind even in grey. */
export type Fills = Readonly<Record<PageKind, string | CanvasPattern>>;

export function makeFills(context: CanvasRenderingContext2D, palette: Palette): Fills {
  const fill = (kind: PageKind) => patternOf(context, kind, palette) ?? palette.kinds[kind];
  return Object.fromEntries(KINDS.map((kind) => [kind, fill(kind)])) as Record<PageKind, string | CanvasPattern>;
}

type Draw = (tile: CanvasRenderingContext2D) => void;

/** Tiles in CSS pixels; the same shapes as the --pat-… tokens. */
const TILES: Partial<Record<PageKind, { readonly size: number; readonly draw: Draw }>> = {
  'read-only': { size: 4, draw: (tile) => tile.fillRect(0, 1, 4, 2) },
  loop: {
    size: 6,
    draw(tile) {
      tile.beginPath();
      for (const [x, y] of [
        [0, 3],
        [3, 0],
        [6, 3],
        [3, 6],
      ] as const)
        tile.lineTo(x, y);
      tile.fill();
    },
  },
  absent: {
    size: 6,
    draw(tile) {
      tile.lineWidth = 1.1;
      tile.beginPath();
      for (const [x, y, dx] of [
        [-1.5, 1.5, 3],
        [0, 6, 6],
        [4.5, 7.5, 3],
      ] as const) {
        tile.moveTo(x, y);
        tile.lineTo(x + dx, y - dx);
      }
      tile.stroke();
    },
  },
  'not-zero': { size: 6, draw: dots },
  elided: { size: 6, draw: dots },
};

function dots(tile: CanvasRenderingContext2D): void {
  tile.fillRect(1, 1, 1.4, 1.4);
  tile.fillRect(4, 4, 1.4, 1.4);
}

/** By kind, colour and scale: a pattern made on one canvas fills any. */
const patterns = new Map<string, CanvasPattern>();

function patternOf(context: CanvasRenderingContext2D, kind: PageKind, palette: Palette): CanvasPattern | undefined {
  const key = `${kind} ${palette.kinds[kind]} ${palette.scale}`;
  const known = patterns.get(key);
  if (known) return known;
  const made = newPattern(context, kind, palette);
  if (made) patterns.set(key, made);
  return made;
}

function newPattern(context: CanvasRenderingContext2D, kind: PageKind, palette: Palette): CanvasPattern | undefined {
  const tile = TILES[kind];
  if (!tile) return undefined;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.max(2, Math.round(tile.size * palette.scale));
  const pen = canvas.getContext('2d');
  if (!pen) return undefined;
  pen.scale(canvas.width / tile.size, canvas.height / tile.size);
  pen.fillStyle = pen.strokeStyle = palette.kinds[kind];
  tile.draw(pen);
  return context.createPattern(canvas, 'repeat') ?? undefined;
}
