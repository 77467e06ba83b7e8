import { useSyncExternalStore } from 'react';

/** Counts changes of theme or contrast, so that what is painted on a canvas can be painted anew. */
let changes = 0;
const listeners = new Set<() => void>();

function watch(): void {
  const changed = (): void => {
    changes++;
    for (const listener of listeners) listener();
  };
  new MutationObserver(changed).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'data-contrast'] });
  for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(min-width: 1900px)']) {
    globalThis.matchMedia?.(query).addEventListener('change', changed);
  }
}

let isWatching = false;

function subscribe(listener: () => void): () => void {
  if (!isWatching) watch();
  isWatching = true;
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A number that differs after each change of theme, contrast or token sizes. */
export const useThemeSignal = (): number => useSyncExternalStore(subscribe, () => changes);
