import { type FocusEvent, type RefObject, useEffect, useRef } from 'react';
import type { MapModel } from './map-model.ts';
import { rowAt } from './scaled-rows.ts';

interface FocusWatch {
  onFocus(event: FocusEvent): void;
  onBlur(event: FocusEvent): void;
}

/**
 * Keeps the focus on the selected row while the focus is among the rows: the keys move both, and a zoom replaces the row that had it.
 */
export function useFocusSelected(plot: RefObject<HTMLElement | null>, model: MapModel): FocusWatch {
  const within = useRef(false);
  const row = rowAt(model.rows, model.address.page)?.firstPage;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the window stands for the rows, which are new on every render.
  useEffect(() => {
    if (!within.current) return;
    const options = [...(plot.current?.querySelectorAll<HTMLElement>('[role="option"]') ?? [])];
    const wanted = options.find((option) => option.dataset['page'] === String(row)) ?? options.find((option) => option.tabIndex === 0);
    if (wanted !== document.activeElement) wanted?.focus({ preventScroll: true });
  }, [plot, row, model.window.firstPage, model.window.pageCount, model.scale]);
  return {
    onFocus(event) {
      within.current = isOption(event.target);
    },
    onBlur(event) {
      const left = event.target;
      // A row that goes away with the focus takes it along; only a row that stays has lost it.
      queueMicrotask(() => {
        if (left.isConnected && !isOption(document.activeElement)) within.current = false;
      });
    },
  };
}

const isOption = (element: unknown): boolean => element instanceof Element && element.getAttribute('role') === 'option';
