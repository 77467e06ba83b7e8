import { type RefObject, useCallback, useRef } from 'react';
import type { Opening, OpenRequest } from '#ui/state/opening.ts';
import { parseLink } from '#ui/state/permalink.ts';
import type { Recent } from '#ui/state/recents.ts';
import type { Dropped } from './dropped.ts';
import type { Shell } from './shell-context.ts';

type Awaited = ReturnType<Shell['awaited']>;

export interface GivenFiles extends Pick<Shell, 'chooseFile' | 'awaited'> {
  open(dropped: Dropped): void;
  /** Belongs on the page's one file input. */
  readonly input: RefObject<HTMLInputElement | null>;
}

/** Everything the user hands over goes through here: at the place that a link or the list of recent files waits with. */
export function useGivenFiles(opening: Opening): GivenFiles {
  const input = useRef<HTMLInputElement>(null);
  const meant = useRef<Recent>(undefined);
  const awaited = useCallback((): Awaited => {
    const recent = meant.current;
    meant.current = undefined;
    return recent ? placeOfRecent(recent) : opening.awaited();
  }, [opening]);
  const open = useCallback(
    (dropped: Dropped) => {
      const request = requestOf(dropped);
      if (request) void opening.open({ ...awaited(), ...request });
    },
    [opening, awaited],
  );
  const chooseFile = useCallback((recent?: Recent) => {
    meant.current = recent;
    input.current?.click();
  }, []);
  return { open, chooseFile, awaited, input };
}

function requestOf({ file, handle, text }: Dropped): OpenRequest | undefined {
  if (file) return { given: { kind: 'file', file }, ...(handle ? { handle } : {}) };
  return text === undefined ? undefined : { given: { kind: 'text', text, name: 'pasted text' } };
}

function placeOfRecent({ name, size, fingerprint, link }: Recent): Awaited {
  const parsed = parseLink(link)?.link;
  return { wanted: { name, size, fingerprint }, ...(parsed ? { place: parsed.place, options: parsed.options } : {}) };
}
