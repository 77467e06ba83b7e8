import { useCallback, useEffect, useRef } from 'react';
import type { HexSpace } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import type { HexPane } from '#ui/state/place.ts';
import { HexHead } from './HexHead.tsx';
import { HexMenu, type MenuAction } from './HexMenu.tsx';
import { blockAt } from './hex-blocks.ts';
import { isCopyForm } from './hex-copy.ts';
import type { ByteRange, Cursor } from './hex-cursor.ts';
import { byteIn } from './hex-target.ts';
import type { PaneModel } from './PaneInSpace.tsx';
import { LEAST_PANES } from './pane-list.ts';
import { headAddress, headCaption } from './pane-words.ts';
import type { HexDump } from './use-hex-dump.ts';

type PaneHeadProps = PaneModel & { readonly dump: HexDump; readonly pane: HexPane };

export function PaneHead(props: PaneHeadProps) {
  const { dump, pane, source, scroll, actions } = props;
  const place = useDesk((desk) => desk.place);
  const canClose = place.panes.length > LEAST_PANES;
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const onAction = useCallback((action: MenuAction) => perform(action, latest.current), []);
  return (
    <HexHead
      pane={pane}
      space={source.face.space}
      name={scroll.placed[0]?.block.page?.table?.name}
      address={headAddress(pane, place, source, dump.paging, scroll.placed)}
      caption={headCaption(pane, source, scroll.placed)}
      spaces={spacesOf(props)}
      menu={<HexMenu canClose={canClose} current={currentOf(pane)} onAction={onAction} />}
      onPin={() => (pane.pinned ? actions.unpin(pane.follows ?? 'selection') : actions.pin(firstInSight(props)))}
      onSpace={(space) => toSpace(space, props)}
    />
  );
}

const SPACES: readonly HexSpace[] = ['virtual', 'machine', 'file'];

/** A pane that follows finds its place in any space; a pinned one can only go where its byte has an address. */
function spacesOf(props: PaneHeadProps): readonly HexSpace[] {
  if (!props.dump.root) return SPACES.filter((space) => space !== 'virtual');
  if (!props.pane.pinned) return SPACES;
  return SPACES.filter((space) => space === props.source.face.space || byteThere(space, props) !== undefined);
}

function byteThere(space: HexSpace, { source, cursor }: PaneHeadProps): Cursor | undefined {
  const page = source.page(cursor.at.page);
  return page && byteIn(space, page, cursor.at.offset);
}

function toSpace(space: HexSpace, props: PaneHeadProps): void {
  const { pane, actions } = props;
  const at = pane.pinned ? byteThere(space, props) : undefined;
  actions.change({ ...pane, space, ...(at && { pinned: at }) });
}

/** The byte a pin holds: the first in sight, so that a link shows the same rows. */
function firstInSight({ scroll, cursor }: PaneHeadProps): Cursor {
  const first = scroll.placed.find((p) => p.line.length > 0);
  return first ? { page: first.block.first, offset: first.line.offset } : cursor.at;
}

function currentOf(pane: HexPane): string {
  const follows: MenuAction = pane.pinned ? 'pin' : pane.follows === 'table' ? 'follow-table' : 'follow-selection';
  return `word-${pane.wordBytes ?? 'auto'} ${follows}`;
}

/** What is copied: the bytes chosen, else the word under the keyboard. */
function chosen({ cursor, source, wordSize }: PaneHeadProps): ByteRange {
  const block = blockAt(source, cursor.at.page);
  return cursor.range ?? { ...cursor.at, length: block ? wordSize(block) : 1 };
}

function perform(action: MenuAction, props: PaneHeadProps): void {
  const { actions, cursor } = props;
  const [verb = '', object = ''] = action.split('-');
  const verbs: Readonly<Record<string, () => void>> = {
    copy: () => copy(object, props),
    go: () => isReading(object) && actions.goToValue(cursor.at, object),
    word: () => actions.words(WORD_SIZES[object]),
    follow: () => actions.unpin(object === 'table' ? 'table' : 'selection'),
    pin: () => actions.pin(firstInSight(props)),
    add: () => actions.add(firstInSight(props)),
    close: () => actions.close(),
    next: () => props.step(1),
    previous: () => props.step(-1),
  };
  verbs[verb]?.();
}

const WORD_SIZES: Readonly<Record<string, HexPane['wordBytes']>> = { '1': 1, '2': 2, '4': 4, '8': 8 };

const isReading = (text: string): text is 'virtual' | 'machine' | 'frame' => text === 'virtual' || text === 'machine' || text === 'frame';

function copy(object: string, props: PaneHeadProps): void {
  const { actions, cursor } = props;
  if (object === 'address') void actions.copyAddress(cursor.at);
  else if (object === 'link') void actions.copyLink(cursor.at);
  else if (isCopyForm(object)) void actions.copy(object, chosen(props));
}
