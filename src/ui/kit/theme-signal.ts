import { useSyncExternalStore } from 'react';

/** Counts changes of theme or contrast, so that what is painted on a canvas can be painted anew. */
let changes = 0;
const listeners = new Set<() => void>();
/** Values of tokens as they are until the next change; reading one off the page may cost a whole restyle. */
const tokens = new Map<string, string>();

function watch(): void {
  const changed = (): void => {
    changes++;
    tokens.clear();
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

/** Value of a token of the root, such as "--rw"; empty if there is none. Right only in what is painted anew by `useThemeSignal`. */
export function tokenValue(name: string): string {
  const known = tokens.get(name);
  if (known !== undefined) return known;
  const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  tokens.set(name, value);
  return value;
}

/** A number that differs after each change of theme, contrast or token sizes. */
export const useThemeSignal = (): number => useSyncExternalStore(subscribe, () => changes);
