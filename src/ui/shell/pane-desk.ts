import { type RefObject, useEffect, useState } from 'react';
import type { Desk, DeskStore } from '#ui/state/desk.ts';
import { queueTurn } from '#ui/state/turns.ts';

/**
 * The desk as one pane sees it. The pane under the pointer or with the focus follows the app's desk at once; the others follow a moment
 * later, each in a task of its own: drawing six panes anew in one task would keep the page from hearing the next key.
 */
export function usePaneDesk(desk: DeskStore, pane: RefObject<Element | null>): DeskStore {
  const [follower] = useState(() => followerOf(desk, () => pane.current?.matches(':hover, :focus-within') ?? false));
  useEffect(() => follower.follow(), [follower]);
  return follower.store;
}

interface Follower {
  readonly store: DeskStore;
  /** Begins to follow; returns what ends it. */
  follow(): () => void;
}

function followerOf(desk: DeskStore, isActive: () => boolean): Follower {
  const listeners = new Set<(now: Desk, before: Desk) => void>();
  let seen = desk.getState();
  let cancelTurn: (() => void) | undefined;
  const take = () => {
    cancelTurn?.();
    cancelTurn = undefined;
    const before = seen;
    seen = desk.getState();
    if (seen !== before) for (const listener of [...listeners]) listener(seen, before);
  };
  const changed = () => {
    if (isActive()) take();
    else cancelTurn ??= queueTurn(take);
  };
  return {
    store: {
      ...desk,
      getState: () => seen,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    follow: () => {
      take();
      const leave = desk.subscribe(changed);
      return () => {
        leave();
        cancelTurn?.();
        cancelTurn = undefined;
      };
    },
  };
}
