import { type MouseEvent, type PointerEvent, type RefObject, useEffect, useRef } from 'react';
import { virtualPage } from '#core/memory/address.ts';
import type { Coverage } from '#core/session/contract.ts';
import { type Hover, useDesk } from '#ui/state/desk.ts';
import { sumsOf } from './coverage-sums.ts';
import { type MapModel, windowKey } from './map-model.ts';
import type { MapRow } from './rows.ts';
import { pageAt, rowAt } from './scaled-rows.ts';
import type { MapActions } from './use-map-actions.ts';
import { isWhole } from './viewport.ts';
import { holeText, regionWords } from './words.ts';

/** Movement below this is a click, pixels. */
const DRAG_FROM = 4;
/** One notch of a wheel halves or doubles what is shown. */
const NOTCH = 100;

interface Drag {
  readonly startY: number;
  lastY: number;
  moved: boolean;
}

interface PlotPointer {
  onPointerDown(event: PointerEvent): void;
  onPointerMove(event: PointerEvent): void;
  onPointerUp(event: PointerEvent): void;
  onPointerLeave(): void;
  onClick(event: MouseEvent): void;
  onDoubleClick(event: MouseEvent): void;
}

/** Hover names, click selects, double click fits, drag pans, the wheel zooms around the page under the pointer. */
export function usePlotPointer(
  plot: RefObject<HTMLElement | null>,
  model: MapModel,
  actions: MapActions,
  coverages: ReadonlyMap<string, Coverage>,
): PlotPointer {
  const setHover = useDesk((desk) => desk.setHover);
  const drag = useRef<Drag | undefined>(undefined);
  const shown = useRef<Hover | undefined>(undefined);
  useWheel(plot, model, actions);
  const pageUnder = (event: { readonly clientY: number }) => pageAt(model.rows, plotY(plot.current, event));
  return {
    onPointerDown(event) {
      if (event.button === 0 && !inStrip(event.target)) drag.current = { startY: event.clientY, lastY: event.clientY, moved: false };
    },
    onPointerMove(event) {
      if (inStrip(event.target)) return;
      if (drag.current && event.buttons === 1) dragTo(drag.current, event, model, actions);
      const hover = hoverAt(pageUnder(event), isBar(event.target), model, coverages);
      if (!isSame(hover, shown.current)) setHover(hover);
      shown.current = hover;
    },
    onPointerUp() {
      if (!drag.current?.moved) drag.current = undefined;
    },
    onPointerLeave() {
      shown.current = undefined;
      setHover(undefined);
    },
    onClick(event) {
      const dragged = drag.current?.moved;
      drag.current = undefined;
      if (dragged || inStrip(event.target)) return;
      const page = pageUnder(event);
      if (page !== undefined) chooseAt(page, isBar(event.target), model, actions);
    },
    onDoubleClick(event) {
      const page = pageUnder(event);
      const row = page === undefined ? undefined : rowAt(model.rows, page);
      if (row && row.kind !== 'page' && !inStrip(event.target)) actions.fit(row.firstPage, row.pageCount);
    },
  };
}

/** The pointer moves by pixels, pages do not: most moves change nothing. */
function isSame(one: Hover | undefined, other: Hover | undefined): boolean {
  return one?.address.page === other?.address.page && one?.words === other?.words;
}

/** What lights up: in the bar the page, beside it the whole region. */
function hoverAt(page: number | undefined, onBar: boolean, model: MapModel, coverages: ReadonlyMap<string, Coverage>): Hover | undefined {
  const row = page === undefined ? undefined : rowAt(model.rows, page);
  if (page === undefined || !row) return undefined;
  const shown = onBar || row.kind !== 'region' ? { page, pages: 1 } : { page: row.firstPage, pages: row.pageCount };
  return { address: { page: virtualPage(shown.page), offset: 0 }, pageCount: shown.pages, words: wordsOf(model, row, page, coverages) };
}

/** In the bar the page under the pointer, or the first mapped one of its pixel row; beside it the region's first mapped page. */
function chooseAt(page: number, onBar: boolean, model: MapModel, actions: MapActions): void {
  const row = rowAt(model.rows, page);
  if (row?.kind === 'page') actions.selectPage(page);
  else if (row?.kind === 'region') {
    const slice = Math.max(1, Math.floor(row.pageCount / Math.max(1, row.height)));
    if (onBar) actions.selectFirstMapped(Math.max(row.firstPage, page - slice + 1), slice);
    else actions.selectFirstMapped(row.firstPage, row.pageCount);
  }
}

function dragTo(drag: Drag, event: PointerEvent, model: MapModel, actions: MapActions): void {
  if (!drag.moved && Math.abs(event.clientY - drag.startY) < DRAG_FROM) return;
  if (isWhole(model.window, model.mode.pageCount)) return;
  if (!drag.moved) event.currentTarget.setPointerCapture?.(event.pointerId);
  drag.moved = true;
  actions.pan((event.clientY - drag.lastY) / Math.max(1, model.height));
  drag.lastY = event.clientY;
}

function wordsOf(model: MapModel, row: MapRow, page: number, coverages: ReadonlyMap<string, Coverage>): string {
  const coverage = coverages.get(windowKey(row));
  const counts = coverage && sumsOf(coverage);
  const bits = model.mode.virtualBits;
  if (row.kind === 'region') return regionWords(row.regions, page, counts, bits);
  if (row.kind === 'hole') return `nothing mapped, ${holeText(row.pageCount, counts)}`;
  return 'one page';
}

const inStrip = (target: EventTarget): boolean => target instanceof Element && target.closest('.map-strip') !== null;
const isBar = (target: EventTarget): boolean => target instanceof Element && target.closest('.map-bar') !== null;

function plotY(plot: HTMLElement | null, event: { readonly clientY: number }): number {
  return event.clientY - (plot?.getBoundingClientRect().top ?? 0);
}

/** React listens to wheels passively; zooming must keep the page from scrolling. */
function useWheel(plot: RefObject<HTMLElement | null>, model: MapModel, actions: MapActions): void {
  const latest = useRef({ model, actions });
  latest.current = { model, actions };
  useEffect(() => {
    const element = plot.current;
    if (!element) return;
    const turn = (event: WheelEvent) => {
      if (event.ctrlKey) return;
      event.preventDefault();
      const { model: now, actions: act } = latest.current;
      const page = pageAt(now.rows, plotY(element, event)) ?? now.address.page;
      act.zoom(page, 2 ** Math.max(-2, Math.min(2, event.deltaY / NOTCH)));
    };
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, [plot]);
}
