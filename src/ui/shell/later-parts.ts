import { preloadViews } from '#ui/views/index.ts';
import { keepSpareWorker } from '#worker/client.ts';
import { partOf } from './later.tsx';

/** Parts that the first screen does without. */
export const explorerPart = partOf(async () => (await import('./Explorer.tsx')).Explorer);
export const topBarPart = partOf(async () => (await import('./TopBar.tsx')).TopBar);

/** Signs that somebody is about to do something. */
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'dragenter', 'focusin'] as const;
const WITHOUT_SIGN_MS = 3000;

/** Fetches them, and starts the worker, at the first sign of a user or soon after: a dropped file then finds them there. */
export function fetchLaterParts(): void {
  const waiting = new AbortController();
  const fetch = () => {
    if (waiting.signal.aborted) return;
    waiting.abort();
    keepSpareWorker();
    void Promise.allSettled([explorerPart.load(), topBarPart.load()]);
    preloadViews();
  };
  for (const sign of SIGNS) window.addEventListener(sign, fetch, { signal: waiting.signal, passive: true });
  setTimeout(fetch, WITHOUT_SIGN_MS);
}
