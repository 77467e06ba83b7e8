import { type RefObject, useCallback, useRef } from 'react';
import { useDeskStore } from '#ui/state/desk.ts';
import type { Opening, OpenRequest } from '#ui/state/opening.ts';
import { parseLink } from '#ui/state/permalink.ts';
import type { Recent } from '#ui/state/recents.ts';
import { askForFile } from './ask-for-file.ts';
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
  const desk = useDeskStore();
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
      const [title, text] = remarkOn(dropped) ?? [];
      if (title && text) desk.getState().tell(title, text);
      if (request) void opening.open({ ...awaited(), ...request });
    },
    [desk, opening, awaited],
  );
  const chooseFile = useCallback(
    (recent?: Recent) => {
      meant.current = recent;
      void askForFile(input.current).then((chosen) => chosen && open(chosen));
    },
    [open],
  );
  return { open, chooseFile, awaited, input };
}

/** What the user should know of what was handed over: title and text. */
function remarkOn({ folder, left = 0, others = [], file }: Dropped): readonly [string, string] | undefined {
  if (folder !== undefined) return ['That is a folder', `“${folder}” holds files; drop the dump itself.`];
  return file && left > 0
    ? ['One dump at a time', `The first ${others.length + 1} files were taken; ${left} more ${left === 1 ? 'was' : 'were'} left aside.`]
    : undefined;
}

function requestOf({ file, others, handle, text }: Dropped): OpenRequest | undefined {
  if (file) return { given: { kind: 'file', file, ...(others ? { others } : {}) }, ...(handle ? { handle } : {}) };
  return text === undefined ? undefined : { given: { kind: 'text', text, name: 'pasted text' } };
}

function placeOfRecent({ name, size, fingerprint, link }: Recent): Awaited {
  const parsed = parseLink(link)?.link;
  return { wanted: { name, size, fingerprint }, ...(parsed ? { place: parsed.place, options: parsed.options } : {}) };
}
