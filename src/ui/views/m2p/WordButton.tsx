import type { ReactNode } from 'react';
import { hex } from '#core/base/hex.ts';
import type { M2pKind } from '#core/session/contract.ts';
import { useM2p } from './use-m2p.ts';

interface WordButtonProps {
  readonly mfn: number;
  /** Undefined where it is not in the dump. */
  readonly word: number | undefined;
  readonly kind: M2pKind;
  /** True for the one of its list that Tab reaches. */
  readonly first: boolean;
  readonly title?: string;
  readonly children: ReactNode;
}

/** A frame, its word and what it is, in a row; a click selects the word. */
export function WordButton({ mfn, word, kind, first, title, children }: WordButtonProps) {
  const { pick, mfn: selected, digits } = useM2p();
  return (
    <button
      type="button"
      className="m2p-name ring-in"
      tabIndex={first ? 0 : -1}
      aria-current={mfn === selected || undefined}
      title={title}
      onClick={() => pick(mfn)}
    >
      <i className={`sw m2p-k m2p-${kind}`} />
      <span className="n">{hex(mfn, digits)}</span>
      {word === undefined ? <i className="gap k-absent" role="img" aria-label="word not in this dump" /> : <span className="n">{hex(word, 8)}</span>}
      <span className="c">{children}</span>
    </button>
  );
}
