import { useEffect, useState } from 'react';

/** Device pixels per CSS pixel; changes when the window moves to another screen or the page is zoomed. */
export function usePixelRatio(): number {
  const [ratio, setRatio] = useState(() => globalThis.devicePixelRatio || 1);
  useEffect(() => {
    const query = globalThis.matchMedia?.(`(resolution: ${ratio}dppx)`);
    const changed = () => setRatio(globalThis.devicePixelRatio || 1);
    query?.addEventListener('change', changed);
    return () => query?.removeEventListener('change', changed);
  }, [ratio]);
  return ratio;
}
