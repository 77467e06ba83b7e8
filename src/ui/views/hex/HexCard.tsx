import { useLayoutEffect, useRef, useState } from 'react';
import { virtualPage } from '#core/memory/address.ts';
import type { BitField, Translation } from '#core/session/contract.ts';
import { KIND_CLASS } from '#ui/kit/kind-class.ts';
import { useQuestion } from '#ui/state/question.ts';
import type { EntryFacts } from './entry-facts.ts';
import type { HexDump } from './use-hex-dump.ts';

interface HexCardProps {
  readonly dump: HexDump;
  readonly facts: EntryFacts;
  /** Id of the word it belongs to. */
  readonly wordId: string;
}

/** What an entry says, beside its word. Never takes the focus; the foot of the pane says the same without a mouse. */
export function HexCard({ dump, facts, wordId }: HexCardProps) {
  const card = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place>();
  const rights = useRights(dump, facts);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the card's size changes with its words.
  useLayoutEffect(() => setPlace(placeOf(wordId, card.current)), [wordId, rights]);
  return (
    <div className="hex-card" ref={card} style={place ?? { visibility: 'hidden' }} role="tooltip">
      <p className="hex-card-title">
        <i className={`sw ${KIND_CLASS[facts.kind === 'table' ? 'zero' : facts.kind]}`} />
        <span>slot {facts.slot} maps</span>
        <span className="n">{facts.mapsText}</span>
        <span className="spring" />
        <span className="n">{facts.known ? facts.wordText : ''}</span>
      </p>
      {facts.bits.length > 0 && <Bits bits={facts.bits} />}
      <p>{[facts.what, rights].filter(Boolean).join(', ')}.</p>
      {facts.alias && (
        <p>
          Alias of slot {facts.alias.slot} (<span className="n s">{facts.alias.mapsText}</span>): same frames, there{' '}
          {facts.alias.writable ? 'writable' : 'read-only'}.
        </p>
      )}
    </div>
  );
}

function Bits({ bits }: { readonly bits: readonly BitField[] }) {
  return (
    <div className="bits">
      {bits.map((bit) => (
        <span key={bit.name} className={bit.value ? 'on' : 'off'}>
          <b>{bit.value}</b>
          {bit.name}
        </span>
      ))}
    </div>
  );
}

/** Rights over all levels, from the walk of the entry's own address: an entry alone does not tell. */
function useRights(dump: HexDump, facts: EntryFacts): string {
  const { root } = dump;
  const address = { page: virtualPage(facts.firstPage), offset: 0 };
  const key = `card ${root?.mode} ${root?.address} ${facts.firstPage}`;
  const walk = useQuestion(key, (questions) => (root && facts.isLeaf ? questions.translate(root, address) : undefined));
  return walk.stale || !walk.value ? '' : rightsText(walk.value);
}

function rightsText({ outcome, rights, steps }: Translation): string {
  if (outcome.kind !== 'mapped') return '';
  const global = steps.at(-1)?.bits.some((bit) => bit.name === 'G' && bit.value === 1);
  const user = rights.user ? 'user' : 'supervisor';
  return `r${rights.write ? 'w' : '-'}${rights.fetch ? 'x' : '-'} ${user}${global ? ', global' : ''}`;
}

interface Place {
  readonly left: number;
  readonly top: number;
}

/** Px between the word and the card, and from the card to the pane's edge. */
const GAP = 6;
const EDGE = 4;

/** Below the word; above where there is no room below; never out of the pane at the sides. */
function placeOf(wordId: string, card: HTMLElement | null): Place | undefined {
  const word = document.getElementById(wordId)?.getBoundingClientRect();
  const body = card?.parentElement?.getBoundingClientRect();
  if (!word || !body || !card) return undefined;
  const size = card.getBoundingClientRect();
  const below = word.bottom - body.top + GAP;
  const above = word.top - body.top - GAP - size.height;
  const left = Math.max(EDGE, Math.min(word.left - body.left - 12, body.width - size.width - EDGE));
  return { left, top: below + size.height <= body.height || above < 0 ? below : above };
}
