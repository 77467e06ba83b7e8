import { type RefObject, useEffect } from 'react';
import type { MapModel } from './map-model.ts';
import { rowAt } from './scaled-rows.ts';

/** Keeps the focus on the selected row while the focus is among the rows: the keys move both. */
export function useFocusSelected(plot: RefObject<HTMLElement | null>, model: MapModel): void {
  const row = rowAt(model.rows, model.address.page)?.firstPage;
  useEffect(() => {
    const focused = document.activeElement;
    if (row === undefined || !(focused instanceof HTMLElement) || focused.getAttribute('role') !== 'option' || !plot.current?.contains(focused))
      return;
    plot.current.querySelector<HTMLElement>(`[role="option"][data-page="${row}"]`)?.focus({ preventScroll: true });
  }, [plot, row]);
}
