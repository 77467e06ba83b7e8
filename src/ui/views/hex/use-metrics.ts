import { type RefObject, useLayoutEffect, useState } from 'react';
import type { LineHeights } from './hex-scroll.ts';

/** Sizes of a pane's body in px, read off the page: the style sheet and the window decide them. */
export interface Metrics {
  readonly width: number;
  readonly height: number;
  /** Width of a digit. */
  readonly character: number;
  readonly heights: LineHeights;
}

/** What is assumed where nothing is laid out (a test without a layout engine). */
const UNSEEN: Metrics = { width: 536, height: 360, character: 6.5, heights: { edge: 15, row: 18, fold: 15, bar: 24, void: 24 } };

/** Digits in the probe, whose width is measured. */
export const PROBE = '0000000000';

export function useMetrics(body: RefObject<HTMLElement | null>, probe: RefObject<HTMLElement | null>): Metrics {
  const [metrics, setMetrics] = useState(UNSEEN);
  useLayoutEffect(() => {
    const element = body.current;
    if (!element) return undefined;
    const measure = () => {
      const now = measured(element, probe.current);
      setMetrics((before) => settle(before, now));
    };
    if (typeof ResizeObserver === 'undefined') return measure();
    // It tells the first sizes too, once the page is laid out; to ask now would lay it out in the midst of drawing.
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    if (probe.current) observer.observe(probe.current);
    return () => observer.disconnect();
  }, [body, probe]);
  return metrics;
}

function measured(body: HTMLElement, probe: HTMLElement | null): Metrics {
  const style = getComputedStyle(body);
  const px = (name: string, fallback: number) => Number.parseFloat(style.getPropertyValue(name)) || fallback;
  const row = px('--row-hex', UNSEEN.heights.row);
  const fold = px('--row-fold', UNSEEN.heights.fold);
  return {
    width: body.clientWidth || UNSEEN.width,
    height: (body.clientHeight || UNSEEN.height) - px('--columns', 0),
    character: (probe?.getBoundingClientRect().width || UNSEEN.character * PROBE.length) / PROBE.length,
    heights: { edge: fold, row, fold, bar: row + 6, void: row + 6 },
  };
}

/** Keeps the object where nothing changed, so that nothing is drawn again. */
function settle(before: Metrics, now: Metrics): Metrics {
  const same = before.width === now.width && before.height === now.height && before.character === now.character;
  return same && before.heights.row === now.heights.row && before.heights.fold === now.heights.fold ? before : now;
}
