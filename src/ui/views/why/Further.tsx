import type { Explanation, ExplanationCard } from '#core/session/contract.ts';
import { useOpenSheet } from '#ui/state/sheet.ts';

interface FurtherProps {
  readonly explanation: Explanation;
  readonly isOpen: boolean;
  toggle(): void;
}

/** In the head: the sentences not shown first, and the cards that belong to the place. */
export function Further({ explanation: { more = [], cards = [] }, isOpen, toggle }: FurtherProps) {
  const open = useOpenSheet();
  return (
    <span className="why-further">
      {more.length > 0 && (
        <button type="button" aria-expanded={isOpen} onClick={toggle}>
          {isOpen ? 'fewer' : `${more.length} more`}
        </button>
      )}
      {open &&
        cards.map((card) => (
          <button key={card} type="button" title={CARDS[card].title} onClick={() => open(card)}>
            {CARDS[card].words}
          </button>
        ))}
    </span>
  );
}

const CARDS: Readonly<Record<ExplanationCard, { readonly words: string; readonly title: string }>> = {
  m2p: { words: 'how to read it', title: 'How to read the M2P' },
  plan: { words: 'plan one', title: 'Plan a recursive map' },
};
