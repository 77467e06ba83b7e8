import { type CSSProperties, type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import type { HexPane } from '#ui/state/place.ts';
import { useFrameWord } from '#ui/state/selection.ts';
import { entryFacts, isTable, slotAt } from './entry-facts.ts';
import { HexCard } from './HexCard.tsx';
import { HexInspector, HexNote } from './HexFoot.tsx';
import { HexGrid } from './HexGrid.tsx';
import { useSpaceNames } from './HexHead.tsx';
import { HexScrollbar } from './HexScrollbar.tsx';
import { addressCharacters, addressString } from './hex-address.ts';
import { type Block, blockAt } from './hex-blocks.ts';
import type { Cursor } from './hex-cursor.ts';
import { lineOfByte } from './hex-scroll.ts';
import type { PaneTarget } from './hex-target.ts';
import { nextWithBytes } from './neighbours.ts';
import { PaneHead } from './PaneHead.tsx';
import { cursorSentence } from './pane-words.ts';
import { useDelayed } from './use-delayed.ts';
import { useFollowing } from './use-following.ts';
import type { HexDump } from './use-hex-dump.ts';
import { PROBE, useMetrics } from './use-metrics.ts';
import { usePaneActions } from './use-pane-actions.ts';
import { usePaneCursor } from './use-pane-cursor.ts';
import { foldKey, isNarrow, type PaneView, usePanePages, useWants } from './use-pane-pages.ts';
import { usePanePointer } from './use-pane-pointer.ts';
import { type PaneScroll, usePaneScroll } from './use-pane-scroll.ts';
import { useWheel } from './use-wheel.ts';

interface PaneProps {
  readonly dump: HexDump;
  readonly pane: HexPane;
  readonly target: PaneTarget;
}

/** A pane over one space: head, rows, scrollbar, note and the word under the keyboard. */
export function PaneInSpace({ dump, pane, target }: PaneProps) {
  const model = usePaneModel(dump, pane, target);
  const { id, body, probe, grid, source, scroll, cursor, pointer } = model;
  const frameWord = useFrameWord();
  const names = useSpaceNames();
  const note = scroll.placed[0]?.block.page?.note;
  const sentence = cursorSentence(source, cursor.at, dump.paging);
  const card = useCard(model);
  return (
    <>
      <PaneHead {...model} dump={dump} pane={pane} />
      <div className={isNarrow(model.view.metrics) ? 'hex-body hex-narrow' : 'hex-body'} ref={body} style={widths(model)}>
        <span className="hex-probe n" ref={probe} aria-hidden="true">
          {PROBE}
        </span>
        <HexGrid
          gridRef={grid}
          id={id}
          title={`Bytes by ${names[target.space]}`}
          caption={target.space === 'machine' && frameWord !== 'MFN' ? frameWord : names[target.space]}
          source={source}
          placed={scroll.placed}
          cursor={cursor.at}
          range={cursor.range}
          hoverIn={pointer.hoverIn}
          onOpen={model.open}
          onStep={model.step}
          handlers={{ ...pointer.handlers, onKeyDown: (event) => onKey(event, model, card.close), onFocus: card.focus, onBlur: card.blur }}
        />
        {scroll.placed.length === 0 && <Waiting dump={dump} view={model.view} page={scroll.awaited ?? 0} />}
        <HexScrollbar
          thumb={scroll.thumb}
          pageCount={source.pageCount}
          gridId={id}
          valueText={addressString(source.face, scroll.top.page, 0)}
          onPage={scroll.toPage}
        />
        {card.at && <CardOf model={model} dump={dump} at={card.at} />}
      </div>
      <HexNote note={note} />
      <HexInspector page={source.page(cursor.at.page)} offset={cursor.at.offset} face={source.face} paging={dump.paging} otherwise={sentence} />
      <p id={`${id}-word`} className="visually-hidden" aria-live="polite">
        {sentence}
      </p>
    </>
  );
}

/** The address column is as wide as the widest number of the space. */
function widths({ source, view }: PaneModel): CSSProperties & Record<'--address' | '--digit', string> {
  const { character } = view.metrics;
  return { '--digit': `${character}px`, '--address': `${addressCharacters(source.face) * character}px` };
}

export type PaneModel = ReturnType<typeof usePaneModel>;

function usePaneModel(dump: HexDump, pane: HexPane, target: PaneTarget) {
  const id = useId();
  const body = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLSpanElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const metrics = useMetrics(body, probe);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const view: PaneView = useMemo(() => ({ pane, space: target.space, shown: target.page, metrics, opened }), [pane, target, metrics, opened]);
  const source = usePanePages(dump, view);
  const scroll = usePaneScroll(source, target, metrics);
  const wordSize = (block: Block) => (block.page ? source.lay(block.page).shape.wordBytes : 1);
  const cursor = usePaneCursor(target, {
    source,
    wordSize,
    screen: Math.max(1, scroll.placed.length - 2),
    reveal: scroll.reveal,
    sight: (at) => sightOf(scroll, at),
  });
  const actions = usePaneActions(dump, pane, source);
  const pointer = usePanePointer(source, cursor, grid, actions.pick);
  useFollowing(pane, target, { scroll, cursor, pin: actions.pin });
  useWants(dump, view, source, wantedPages(scroll, cursor.at.page));
  useWheel(body, metrics.heights.row, scroll.scroll);
  const reach = (page: number | undefined) => {
    if (page === undefined) return;
    cursor.put({ page, offset: 0 });
    scroll.reveal({ page, offset: 0 });
  };
  return {
    id,
    body,
    probe,
    grid,
    view,
    source,
    scroll,
    cursor,
    actions,
    pointer,
    wordSize,
    open: (page: number, offset: number) => setOpened((before) => new Set(before).add(foldKey(page, offset))),
    step: (direction: 1 | -1) => void nextWithBytes(dump, source, cursor.at.page, direction).then(reach),
  };
}

function sightOf({ placed }: PaneScroll, at: Cursor): Cursor {
  const isSeen = placed.some(
    ({ block, line }) => block.first === at.page && at.offset >= line.offset && at.offset < line.offset + Math.max(1, line.length),
  );
  const first = placed.find(({ line }) => line.kind !== 'edge');
  return isSeen || !first ? at : { page: first.block.first, offset: first.line.offset };
}

/** What is waited for first, then what is seen, then what comes next below. */
function wantedPages({ awaited, placed }: PaneScroll, cursorPage: number): readonly number[] {
  const seen = placed.filter((p, i) => p.block !== placed[i - 1]?.block).map((p) => p.block.first);
  const last = placed.at(-1)?.block;
  return [...new Set([...(awaited === undefined ? [] : [awaited]), ...seen, ...(last ? [last.first + last.count] : []), cursorPage])];
}

function onKey(event: KeyboardEvent, model: PaneModel, closeCard: () => boolean): void {
  if (cursorKey(event, model) || otherKey(event, model, closeCard)) {
    event.preventDefault();
    event.stopPropagation();
  }
}

const cursorKey = (event: KeyboardEvent, { cursor }: PaneModel): boolean => cursor.key(event);

function otherKey(event: KeyboardEvent, model: PaneModel, closeCard: () => boolean): boolean {
  const { cursor, actions, source, wordSize } = model;
  if (event.key === 'Escape') return closeCard();
  if (event.ctrlKey && event.key === 'c') {
    const block = blockAt(source, cursor.at.page);
    void actions.copy('hex', cursor.range ?? { ...cursor.at, length: block ? wordSize(block) : 1 });
    return true;
  }
  if (event.ctrlKey || event.altKey || event.metaKey) return false;
  const act = { Enter: () => enter(model), ' ': () => actions.pick(cursor.at), n: () => model.step(1), p: () => model.step(-1) }[event.key];
  act?.();
  return act !== undefined;
}

/** A fold is opened, a word followed. */
function enter({ source, cursor, open, actions }: PaneModel): void {
  const block = blockAt(source, cursor.at.page);
  const line = block?.lines[lineOfByte(block, cursor.at.offset)];
  if (block && line?.kind === 'fold') open(block.first, line.offset);
  else actions.follow(cursor.at);
}

/** Ms that a word must be pointed at before its card opens. */
const CARD_DELAY = 140;

/** Which entry's card is open: the one pointed at, else the one the keyboard went to. */
function useCard({ pointer, cursor }: PaneModel) {
  const [focused, setFocused] = useState(false);
  const [closed, setClosed] = useState<Cursor>();
  const wanted = pointer.over ?? (focused && cursor.byKeyboard ? cursor.at : undefined);
  const settled = useDelayed(wanted, CARD_DELAY);
  const at = settled === closed ? undefined : settled;
  return {
    at,
    focus: () => setFocused(true),
    blur: () => setFocused(false),
    close: () => {
      setClosed(settled);
      return at !== undefined;
    },
  };
}

function CardOf({ model, dump, at }: { readonly model: PaneModel; readonly dump: HexDump; readonly at: Cursor }) {
  const page = model.source.page(at.page);
  const slot = page && isTable(page) ? slotAt(page, at.offset) : undefined;
  if (!page || !isTable(page) || slot === undefined) return null;
  const size = model.source.lay(page).shape.wordBytes;
  const wordId = `${model.id}-${at.page}-${at.offset - (at.offset % size)}`;
  return <HexCard dump={dump} facts={entryFacts(page, slot, dump.paging)} wordId={wordId} />;
}

function Waiting({ dump, view, page }: { readonly dump: HexDump; readonly view: PaneView; readonly page: number }) {
  const failure = dump.cache.failure(view.space, page);
  return <p className="hex-waiting">{failure ? `These bytes could not be read: ${failure.message}` : 'Reading…'}</p>;
}
