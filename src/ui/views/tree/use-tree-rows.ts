import { defaultRangeExtractor, type Range, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import { useThemeSignal } from '#ui/kit/theme-signal.ts';
import type { TreeLine } from './lines.ts';
import type { TreeState } from './use-tree.ts';

const ROW_HEIGHT = 20;
/** The names of the columns stay above the rows: 24 px and a hairline (tree.css). */
const HEAD_HEIGHT = 25;

export interface TreeRows {
  readonly virtual: Virtualizer<HTMLDivElement, Element>;
  /** Whole rows in view, at least 1: what a Page key moves by. */
  pageRows(): number;
  /** Scrolls as little as brings a line into view; `center` where it was out of view. */
  show(at: number, align: 'auto' | 'center'): void;
}

/** Only rows in view exist; the active one always does, because the focus may be on it. */
export function useTreeRows(body: RefObject<HTMLDivElement | null>, lines: readonly TreeLine[], active: number): TreeRows {
  const height = useRowHeight();
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => body.current,
    estimateSize: () => height,
    overscan: 4,
    initialRect: { width: 600, height: 600 },
    getItemKey: (at) => lines[at]?.key ?? at,
    rangeExtractor: useCallback((range: Range) => withActive(defaultRangeExtractor(range), active, range.count), [active]),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height are measured anew.
  useEffect(() => virtual.measure(), [height]);
  const viewHeight = (): number => (body.current?.clientHeight ?? 0) - HEAD_HEIGHT;
  const show = (at: number, align: 'auto' | 'center'): void => {
    const element = body.current;
    if (element) element.scrollTop = scrolledTo({ top: at * height, height }, { top: element.scrollTop, height: viewHeight() }, align);
  };
  return { virtual, pageRows: () => Math.max(1, Math.floor(viewHeight() / height) - 1), show };
}

interface Stretch {
  readonly top: number;
  readonly height: number;
}

/** Where the view must begin so that the row is in it; where it is now if it already is. */
function scrolledTo(row: Stretch, view: Stretch, align: 'auto' | 'center'): number {
  const isAbove = row.top < view.top;
  if (!isAbove && row.top + row.height <= view.top + view.height) return view.top;
  if (align === 'center') return Math.max(0, row.top - (view.height - row.height) / 2);
  return isAbove ? row.top : row.top + row.height - view.height;
}

function withActive(indexes: number[], active: number, count: number): number[] {
  if (active >= count || indexes.includes(active)) return indexes;
  return [...indexes, active].sort((one, other) => one - other);
}

/** The token `--row`, which differs by the window's width. */
function useRowHeight(): number {
  const signal = useThemeSignal();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `signal` stands for what the tokens depend on.
  return useMemo(() => Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row')) || ROW_HEIGHT, [signal]);
}

/** Shows the selected line when the selection has changed, once the answers for it are there; never at any other time. */
export function useSelectionInView({ tree, isSettled, isOwn }: TreeState, page: number, show: (at: number, align: 'auto' | 'center') => void): void {
  const shown = useRef<number>(undefined);
  useEffect(() => {
    const at = tree.path.at(-1);
    if (!isSettled || at === undefined || shown.current === page) return;
    shown.current = page;
    show(at, isOwn ? 'auto' : 'center');
  });
}
