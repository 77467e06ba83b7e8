import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { TreeLine } from './lines.ts';

export interface TreeFocus {
  /** Index of the one row that Tab reaches. */
  readonly active: number;
  /** Makes a line the active one and puts the keyboard focus on it. */
  focus(line: TreeLine): void;
  /** Makes it the active one without taking the focus from elsewhere. */
  point(line: TreeLine): void;
}

/** Roving tab stop over rows that come and go: follows its line by key, and puts the focus back where a redraw took it away. */
export function useTreeFocus(body: RefObject<HTMLElement | null>, lines: readonly TreeLine[], fallback: number): TreeFocus {
  const [key, setKey] = useState<string>();
  const wanted = useRef(false);
  const found = key === undefined ? -1 : lines.findIndex((line) => line.key === key);
  const active = found >= 0 ? found : Math.max(0, fallback);
  useLayoutEffect(() => {
    if (!wanted.current) return;
    const row = body.current?.querySelector<HTMLElement>(`[data-line="${active}"]`);
    if (row && row !== document.activeElement) row.focus({ preventScroll: true });
    if (row) wanted.current = false;
  });
  const focus = useCallback((line: TreeLine) => {
    wanted.current = true;
    setKey(line.key);
  }, []);
  const point = useCallback((line: TreeLine) => setKey(line.key), []);
  return { active, focus, point };
}
