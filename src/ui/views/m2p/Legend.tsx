import { commas } from '#core/base/hex.ts';
import { M2P_KINDS } from '#core/session/contract.ts';
import { KIND_LOOKS } from './kinds.ts';
import { useM2p } from './use-m2p.ts';

/** Every kind with its mark and how many words are of it; they add up to the table. A click leads to the next. */
export function Legend() {
  const { summary, toNext } = useM2p();
  const { counts, words } = summary;
  return (
    <dl className="m2p-legend">
      {M2P_KINDS.filter((kind) => counts[kind] > 0 || kind === 'valid' || kind === 'unknown').map((kind) => (
        <div key={kind} title={`${KIND_LOOKS[kind].title}. Click: the next of them`}>
          <dt>
            <button type="button" className="m2p-kind ring-in" disabled={counts[kind] === 0} onClick={() => toNext(kind)}>
              <i className={`sw m2p-k m2p-${kind}`} /> {KIND_LOOKS[kind].name}
            </button>
          </dt>
          <dd className="n">{commas(counts[kind])}</dd>
        </div>
      ))}
      <div className="m2p-total">
        <dt>words in all</dt>
        <dd className="n">{commas(words)}</dd>
      </div>
    </dl>
  );
}
