import { type ComponentType, lazy, useState } from 'react';

/** Something fetched at most once; `now` holds it as soon as it is there. */
export interface Part<T> {
  now: T | undefined;
  load(): Promise<T>;
}

export function partOf<T>(fetch: () => Promise<T>): Part<T> {
  const part: Part<T> = {
    now: undefined,
    load: async () => {
      part.now ??= await fetch();
      return part.now;
    },
  };
  return part;
}

/**
 * A component fetched when first shown. Unlike React's `lazy` alone, one that is there already is drawn at once: `lazy` shows the fallback
 * first in any case, and React then holds back what follows for 300 ms.
 */
export function later<P extends object>(part: Part<ComponentType<P>>): ComponentType<P> {
  const Fetched = lazy(async () => ({ default: await part.load() }));
  return function Later(props: P) {
    const [Shown] = useState<ComponentType<P>>(() => part.now ?? Fetched);
    return <Shown {...props} />;
  };
}
