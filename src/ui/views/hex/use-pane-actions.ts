import { useContext } from 'react';
import { parseVirtual } from '#core/base/hex.ts';
import { FRAME_END, MACHINE_END, virtualPage } from '#core/memory/address.ts';
import type { BytePage } from '#core/session/contract.ts';
import { type Desk, DeskContext } from '#ui/state/desk.ts';
import { linkOf } from '#ui/state/history.ts';
import { formatLink } from '#ui/state/permalink.ts';
import type { HexPane, Place } from '#ui/state/place.ts';
import { resolveTarget } from '#ui/state/targets.ts';
import { isTable, pageOfSlot, slotAt } from './entry-facts.ts';
import { addressString } from './hex-address.ts';
import { bytesOfRange, COPY_LIMIT, type CopyForm, copyText } from './hex-copy.ts';
import type { ByteRange, Cursor } from './hex-cursor.ts';
import { PAGE_BYTES } from './hex-rows.ts';
import { type WordBytes, wordAt, wordText } from './hex-words.ts';
import { following, pinnedAt, withNewPane, withoutPane, withPane, withWordBytes } from './pane-list.ts';
import type { HexDump } from './use-hex-dump.ts';
import type { PanePages } from './use-pane-pages.ts';

export interface PaneActions {
  /** A click: an entry selects what it maps, any other byte itself. */
  pick(at: Cursor): void;
  /** Enter: an entry or an address is followed, as a jump that Back undoes. */
  follow(at: Cursor): void;
  goToValue(at: Cursor, reading: 'virtual' | 'machine' | 'frame'): void;
  copy(form: CopyForm, range: ByteRange): Promise<void>;
  copyAddress(at: Cursor): Promise<void>;
  copyLink(at: Cursor): Promise<void>;
  change(pane: HexPane): void;
  pin(at: Cursor): void;
  unpin(follows: 'selection' | 'table'): void;
  words(wordBytes: HexPane['wordBytes']): void;
  add(at: Cursor): void;
  close(): void;
}

export function usePaneActions(dump: HexDump, pane: HexPane, source: PanePages): PaneActions {
  const store = useContext(DeskContext);
  if (!store) throw new Error('a hex pane stands outside a DeskContext');
  const desk = () => store.getState();
  const look = (panes: Place['panes']) => desk().look({ panes });
  const change = (changed: HexPane) => look(withPane(desk().place.panes, changed));
  const placeOf = (at: Cursor) => placeOfByte(at, source, desk(), dump);
  return {
    pick: (at) => {
      const place = placeOf(at);
      if (place) void lookAt(place, desk);
    },
    follow: (at) => followWord(at, desk(), dump, source),
    goToValue: (at, reading) => goTo(valueAt(at, source, dump), reading, desk(), dump),
    copy: async (form, range) => toClipboard(await rangeText(form, range, dump, source), desk()),
    copyAddress: (at) => toClipboard(addressString(source.face, at.page, at.offset), desk()),
    copyLink: (at) => toClipboard(linkTo(placeOf(at), desk()), desk()),
    change,
    pin: (at) => change(pinnedAt({ ...pane, space: source.face.space }, at)),
    unpin: (follows) => change(following(pane, follows)),
    words: (wordBytes) => change(withWordBytes(pane, wordBytes)),
    add: (at) => look(withNewPane(desk().place.panes, { ...pane, space: source.face.space }, at)),
    close: () => look(withoutPane(desk().place.panes, pane.id)),
  };
}

/** A machine byte is looked at where the space shows it, if it does. */
async function lookAt(place: Partial<Place>, desk: () => Desk): Promise<void> {
  const { machine } = place;
  if (machine === undefined) return desk().look(place);
  const target = { kind: 'frame', frame: Math.floor(machine / PAGE_BYTES), offset: machine % PAGE_BYTES } as const;
  desk().look(await resolveTarget(desk().questions, desk().place, target));
}

/** What a click on a byte selects; undefined where the byte is no memory. */
function placeOfByte(at: Cursor, source: PanePages, desk: Desk, dump: HexDump): Partial<Place> | undefined {
  const page = source.page(at.page);
  if (!page) return source.face.space === 'virtual' ? { address: { page: virtualPage(at.page), offset: at.offset } } : undefined;
  const slot = isTable(page) ? slotAt(page, at.offset) : undefined;
  if (isTable(page) && slot !== undefined) return { address: { page: virtualPage(pageOfSlot(page, slot)), offset: 0 } };
  if (page.space === 'virtual') return { address: { page: virtualPage(page.page), offset: at.offset } };
  const machine = page.frame === undefined ? page.machineBase : page.frame * PAGE_BYTES;
  const seen = selectedAlias(page, desk, dump) ?? page.virtualPage;
  if (seen !== undefined) return { address: { page: virtualPage(seen), offset: at.offset } };
  return machine === undefined ? undefined : { machine: machine + at.offset };
}

/** Of the many virtual pages a frame may be seen at, the one that is selected already. */
function selectedAlias(page: BytePage, { place }: Desk, { translation }: HexDump): number | undefined {
  const outcome = translation?.outcome;
  const isHere = outcome?.kind === 'mapped' && outcome.frame === page.frame && translation?.address.page === place.address.page;
  return isHere ? place.address.page : undefined;
}

interface Value {
  /** Lower-case hex of the word. */
  readonly text: string;
  /** As a number, exact below 2^53. */
  readonly number: number;
}

/** The word at the cursor; where single bytes are shown, as many as an address of this mode has. */
function valueAt(at: Cursor, source: PanePages, { paging }: HexDump): Value | undefined {
  const page = source.page(at.page);
  if (!page) return undefined;
  const shown = source.lay(page).shape.wordBytes;
  const size: WordBytes = shown > 1 ? shown : paging.mode.virtualBits > 32 ? 8 : 4;
  const word = wordAt(page.bytes, at.offset, size);
  return { text: wordText(word, size), number: word.high * 2 ** 32 + word.low };
}

function followWord(at: Cursor, desk: Desk, dump: HexDump, source: PanePages): void {
  const page = source.page(at.page);
  const slot = page && isTable(page) ? slotAt(page, at.offset) : undefined;
  if (page && isTable(page) && slot !== undefined) {
    desk.jump({ kind: 'virtual', address: { page: virtualPage(pageOfSlot(page, slot)), offset: 0 } });
    return;
  }
  goTo(valueAt(at, source, dump), 'virtual', desk, dump);
}

function goTo(value: Value | undefined, reading: 'virtual' | 'machine' | 'frame', desk: Desk, { paging }: HexDump): void {
  if (!value) return;
  const address = reading === 'virtual' ? parseVirtual(value.text, paging.mode.virtualBits) : undefined;
  if (address) desk.jump({ kind: 'virtual', address: { page: virtualPage(address.page), offset: address.offset } });
  else if (reading === 'machine' && value.number < MACHINE_END)
    desk.jump({ kind: 'frame', frame: Math.floor(value.number / PAGE_BYTES), offset: value.number % PAGE_BYTES });
  else if (reading === 'frame' && value.number < FRAME_END) desk.jump({ kind: 'frame', frame: value.number, offset: 0 });
  else desk.tell('This value leads nowhere', `${value.text} is no ${READINGS[reading]} of ${paging.mode.label}.`);
}

const READINGS = { virtual: 'virtual address', machine: 'machine address', frame: 'frame number' } as const;

async function rangeText(form: CopyForm, range: ByteRange, { questions, root }: HexDump, source: PanePages): Promise<string> {
  const cut = { ...range, length: Math.min(range.length, COPY_LIMIT) };
  const pageCount = Math.ceil((cut.offset + cut.length) / PAGE_BYTES);
  const pages = await questions.readPages(root, source.face.space, cut.page, Math.min(pageCount, COPY_LIMIT / PAGE_BYTES));
  const first = pages[0];
  const wordBytes = first ? source.lay(first).shape.wordBytes : 1;
  return copyText(form, bytesOfRange(cut, pages), { face: source.face, range: cut, wordBytes });
}

function linkTo(place: Partial<Place> | undefined, desk: Desk): string {
  const link = linkOf({ ...desk, place: { ...desk.place, ...place } });
  return `${location.origin}${location.pathname}${link ? formatLink(link) : ''}`;
}

async function toClipboard(text: string, desk: Desk): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    desk.tell('Nothing was copied', 'The browser did not give access to the clipboard.');
  }
}
