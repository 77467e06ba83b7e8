import { type RefObject, useEffect, useRef } from 'react';

/** Whole lines from a wheel or a pad: what is left of a line is kept for the next turn. */
export function useWheel(element: RefObject<HTMLElement | null>, lineHeight: number, scroll: (lines: number) => void): void {
  const latest = useRef({ lineHeight, scroll });
  useEffect(() => {
    latest.current = { lineHeight, scroll };
  });
  useEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    let rest = 0;
    // Not passive: the page behind must not scroll along.
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey) return;
      event.preventDefault();
      rest += event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY : event.deltaY / latest.current.lineHeight;
      const lines = Math.trunc(rest);
      rest -= lines;
      if (lines !== 0) latest.current.scroll(lines);
    };
    target.addEventListener('wheel', onWheel, { passive: false });
    return () => target.removeEventListener('wheel', onWheel);
  }, [element]);
}
