import { type KeyboardEvent, useState } from 'react';
import { blockAt, type PageSource } from './hex-blocks.ts';
import { type ByteRange, type Cursor, rangeOf, type Step, stepCursor, type WordSize } from './hex-cursor.ts';

export interface PaneCursor {
  readonly at: Cursor;
  /** The bytes chosen by Shift and arrows, or by dragging; undefined if only the word. */
  readonly range: ByteRange | undefined;
  /** Whether the keyboard put it there: then the card opens for it. */
  readonly byKeyboard: boolean;
  put(at: Cursor): void;
  /** Chooses from where the cursor was first put to here. */
  stretch(at: Cursor): void;
  /** True where the key was one of the cursor's. */
  key(event: KeyboardEvent): boolean;
}

const STEPS: Readonly<Record<string, Step>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'row-start',
  End: 'row-end',
  'ctrl Home': 'page-start',
  'ctrl End': 'page-end',
};

interface State {
  readonly at: Cursor;
  readonly anchor: Cursor | undefined;
  readonly byKeyboard: boolean;
}

interface Surroundings {
  readonly source: PageSource;
  readonly wordSize: WordSize;
  /** Rows of a screen, for the Page keys. */
  readonly screen: number;
  reveal(at: Cursor): void;
  /** The cursor if it is in sight, else the first byte that is: where the Page keys begin. */
  sight(at: Cursor): Cursor;
}

/** The keyboard's place in a pane. */
export function usePaneCursor(first: Cursor, { source, wordSize, screen, reveal, sight }: Surroundings): PaneCursor {
  const [{ at, anchor, byKeyboard }, setState] = useState<State>({ at: first, anchor: undefined, byKeyboard: false });
  const sizeAt = (cursor: Cursor): number => {
    const block = blockAt(source, cursor.page);
    return block ? wordSize(block) : 1;
  };
  const go = (to: Cursor, extend: boolean) => {
    setState({ at: to, anchor: extend ? (anchor ?? at) : undefined, byKeyboard: true });
    reveal(to);
  };
  return {
    at,
    byKeyboard,
    range: anchor && rangeOf(anchor, at, sizeAt(at)),
    put: (to) => setState({ at: to, anchor: undefined, byKeyboard: false }),
    stretch: (to) => setState({ at: to, anchor: anchor ?? at, byKeyboard: false }),
    key: (event) => {
      const to = destination(event, at, { source, wordSize, screen, sight });
      if (to === 'not mine') return false;
      if (to) go(to, event.shiftKey);
      return true;
    },
  };
}

function destination(
  event: KeyboardEvent,
  at: Cursor,
  { source, wordSize, screen, sight }: Omit<Surroundings, 'reveal'>,
): Cursor | undefined | 'not mine' {
  if (event.altKey || event.metaKey) return 'not mine';
  if (event.key === 'PageDown' || event.key === 'PageUp')
    return manySteps(source, sight(at), { step: event.key === 'PageDown' ? 'down' : 'up', count: screen }, wordSize);
  const step = STEPS[event.ctrlKey ? `ctrl ${event.key}` : event.key];
  return step ? stepCursor(source, at, step, wordSize) : 'not mine';
}

/** As many lines as are known, at most `count`. */
function manySteps(source: PageSource, from: Cursor, { step, count }: { step: Step; count: number }, wordSize: WordSize): Cursor {
  let at = from;
  for (let left = count; left > 0; left--) at = stepCursor(source, at, step, wordSize) ?? at;
  return at;
}
