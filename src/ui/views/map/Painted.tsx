import { useLayoutEffect, useRef } from 'react';
import type { Coverage } from '#core/session/contract.ts';
import { paintSoon } from '#ui/kit/paint-soon.ts';
import { useThemeSignal } from '#ui/kit/theme-signal.ts';
import { useDesk } from '#ui/state/desk.ts';
import type { Ground } from './painter.ts';
import { makeFills, readPalette } from './palette.ts';
import { usePixelRatio } from './use-pixel-ratio.ts';

interface PaintedProps {
  readonly className: string;
  readonly coverage: Coverage | undefined;
  readonly paint: (ground: Ground, coverage: Coverage) => void;
  /** CSS pixels; the canvas fills its box, these say when to paint again. */
  readonly width?: number;
  readonly height: number;
}

/** A canvas that paints one coverage and paints it again when the theme, the legend, the size or the screen changes. Says nothing to a screen reader. */
export function Painted({ className, coverage, paint, width, height }: PaintedProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dimmed = useDesk((desk) => desk.dimmed);
  const theme = useThemeSignal();
  const ratio = usePixelRatio();
  // biome-ignore lint/correctness/useExhaustiveDependencies: theme, ratio and sizes stand for what is read from the page.
  useLayoutEffect(() => {
    if (!canvas.current) return;
    paintSoon(canvas.current, (context, { width: across, height: down }, scale) => {
      const palette = readPalette(scale);
      if (coverage) paint({ context, width: across, height: down, palette, fills: makeFills(context, palette), dimmed }, coverage);
    });
  }, [coverage, paint, dimmed, theme, ratio, width, height]);
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas without tabIndex takes no focus; its rows say in words what it shows.
  return <canvas ref={canvas} className={className} aria-hidden="true" />;
}
