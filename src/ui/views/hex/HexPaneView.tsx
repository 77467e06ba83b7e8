import { useEffect, useState } from 'react';
import { useDesk } from '#ui/state/desk.ts';
import type { HexPane } from '#ui/state/place.ts';
import { type PaneTarget, targetOf, targetWithoutRoot } from './hex-target.ts';
import { PaneInSpace } from './PaneInSpace.tsx';
import type { HexDump } from './use-hex-dump.ts';

/** One pane: finds where it looks, and keeps the last place until the next is known. */
export function HexPaneView({ dump, pane }: { readonly dump: HexDump; readonly pane: HexPane }) {
  const place = useDesk((desk) => desk.place);
  const target = dump.root ? targetOf(pane, place, dump.translation) : targetWithoutRoot(pane, place, dump.image.extents[0]?.start ?? 0);
  const [last, setLast] = useState<PaneTarget>();
  const known = target && last && sameTarget(target, last) ? last : (target ?? last);
  useEffect(() => {
    if (known) setLast(known);
  }, [known]);
  return (
    <section className="hex-pane" aria-label={paneTitle(pane)}>
      {known ? <PaneInSpace key={known.space} dump={dump} pane={pane} target={known} /> : <div className="ph hex-head" />}
    </section>
  );
}

const sameTarget = (a: PaneTarget, b: PaneTarget): boolean => a.space === b.space && a.page === b.page && a.offset === b.offset;

export function paneTitle(pane: HexPane): string {
  if (pane.pinned) return `Bytes, pane ${pane.id}, pinned`;
  return `Bytes, pane ${pane.id}, ${pane.follows === 'table' ? 'follows the table' : 'follows the selection'}`;
}
