import { type PointerEvent, type RefObject, useRef, useState } from 'react';
import { virtualPage } from '#core/memory/address.ts';
import type { BytePage } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import { entryOffset, isTable, slotOfPage } from './entry-facts.ts';
import type { Cursor } from './hex-cursor.ts';
import { hoverOf } from './pane-words.ts';
import type { PaneCursor } from './use-pane-cursor.ts';
import type { PanePages } from './use-pane-pages.ts';

export interface PanePointer {
  /** The word under the pointer in this pane. */
  readonly over: Cursor | undefined;
  /** Byte of a page to outline: under the pointer here, or meant by what is pointed at elsewhere; -1 if none. */
  hoverIn(page: BytePage): number;
  readonly handlers: {
    onPointerDown(event: PointerEvent<HTMLElement>): void;
    onPointerMove(event: PointerEvent<HTMLElement>): void;
    onPointerUp(event: PointerEvent<HTMLElement>): void;
    onPointerLeave(): void;
  };
}

/** Pointing lights, pressing puts the cursor, dragging chooses, a click picks. */
export function usePanePointer(source: PanePages, cursor: PaneCursor, grid: RefObject<HTMLElement | null>, pick: (at: Cursor) => void): PanePointer {
  const [over, setOver] = useState<Cursor>();
  const pressed = useRef<Cursor>(undefined);
  const hover = useDesk((desk) => desk.hover);
  const setHover = useDesk((desk) => desk.setHover);
  const point = (at: Cursor | undefined) => {
    if (sameByte(at, over)) return;
    setOver(at);
    const meant = at && hoverOf(source, at);
    setHover(meant && { address: { page: virtualPage(meant.page), offset: meant.offset }, pageCount: meant.pageCount, words: meant.words });
  };
  const move = (event: PointerEvent<HTMLElement>) => {
    const at = byteUnder(event.target);
    point(at);
    if (event.buttons & 1 && pressed.current && at && !sameByte(at, cursor.at)) cursor.stretch(at);
  };
  return {
    over,
    hoverIn: (page) => (over ? (over.page === page.page ? over.offset : -1) : linkedByte(page, hover)),
    handlers: {
      onPointerDown: (event) => {
        const at = byteUnder(event.target);
        if (!at || event.button !== 0 || isButton(event.target)) return;
        event.preventDefault();
        grid.current?.focus({ preventScroll: true });
        pressed.current = at;
        if (event.shiftKey) cursor.stretch(at);
        else cursor.put(at);
      },
      onPointerMove: move,
      onPointerUp: (event) => {
        const at = byteUnder(event.target);
        if (at && sameByte(at, pressed.current) && !event.shiftKey && isWord(event.target)) pick(at);
        pressed.current = undefined;
      },
      onPointerLeave: () => point(undefined),
    },
  };
}

const sameByte = (a: Cursor | undefined, b: Cursor | undefined): boolean => a?.page === b?.page && a?.offset === b?.offset;

const isButton = (target: EventTarget): boolean => target instanceof Element && target.closest('button') !== null;
/** Bars and folds tell nothing to select. */
const isWord = (target: EventTarget): boolean => target instanceof Element && target.closest('.hex-row') !== null;

/** The byte that an element of a row stands for. */
function byteUnder(target: EventTarget): Cursor | undefined {
  if (!(target instanceof Element)) return undefined;
  const offset = target.closest('[data-o]')?.getAttribute('data-o');
  const page = target.closest('[data-page]')?.getAttribute('data-page');
  return offset == null || page == null ? undefined : { page: Number(page), offset: Number(offset) };
}

/** The entry whose span is pointed at in map or tree; the byte itself where its page is here. */
function linkedByte(page: BytePage, hover: { address: { page: number; offset: number }; pageCount: number } | undefined): number {
  if (!hover) return -1;
  if (isTable(page)) {
    const slot = slotOfPage(page, hover.address.page);
    return slot === undefined || hover.pageCount > page.table.pagesPerEntry ? -1 : entryOffset(page, slot);
  }
  return page.virtualPage === hover.address.page && hover.pageCount === 1 ? hover.address.offset : -1;
}
