import { useState } from 'react';
import { commas, hex, virtualHex } from '#core/base/hex.ts';
import type { M2pDisagreement, M2pKind, M2pSummary, PfnSlip, PfnSlips } from '#core/session/contract.ts';
import { rove } from '#ui/kit/roving.ts';
import { useDeskStore } from '#ui/state/desk.ts';
import { useQuestion } from '#ui/state/question.ts';
import { slipCount, slipHolds, slipWhy } from './slip-words.ts';
import { keyOf, useM2p } from './use-m2p.ts';
import { WordButton } from './WordButton.tsx';

/** What the two tables and the page tables do not agree on: each finding counted, each of its cases a way there. */
export function Findings() {
  const { summary, selection } = useM2p();
  const { value: slips } = useQuestion(keyOf('pfn slips', selection), (questions) => questions.pfnSlips(selection.root, 0, SHOWN));
  if (!summary.p2m)
    return (
      <section aria-label="Check against the P2M">
        <h3>
          P2M <span className="c">not found: the words are believed as they stand</span>
        </h3>
      </section>
    );
  return (
    <>
      <Disagreements />
      <OfKind kind="foreign" title="Another’s, or lies" />
      <OfKind kind="stale" title="Stale" />
      <Slips slips={slips} />
    </>
  );
}

function Disagreements() {
  const { disagreements, disagreementCount, p2m } = useM2p().summary;
  const compared = (p2m?.frames ?? 0) - (p2m?.unknown ?? 0);
  return (
    <section aria-label="Check against the P2M">
      <h3 title={`by ${p2m?.source ?? ''}`}>
        P2M[p] = m, but M2P[m] ≠ p <span className="c">{disagreementWords(disagreementCount, compared, p2m?.unknown ?? 0)}</span>
      </h3>
      <ol onKeyDown={(event) => rove(event, 'vertical')}>
        {disagreements.map((one, index) => (
          <li key={one.pfn}>
            <Disagreement one={one} first={index === 0} />
          </li>
        ))}
      </ol>
      {disagreementCount > disagreements.length && <p className="c">{commas(disagreementCount - disagreements.length)} more, not listed</p>}
    </section>
  );
}

/** What was not compared is said: that none was found there means nothing. */
function disagreementWords(found: number, compared: number, unknown: number): string {
  const lacking = unknown === 0 ? '' : `${commas(unknown)} words not in this dump`;
  if (compared === 0) return `not compared: ${lacking}`;
  const of = `${found === 0 ? 'none' : commas(found)} of ${commas(compared)} frames`;
  return lacking ? `${of}; ${lacking}` : of;
}

function Disagreement({ one: { pfn, mfn, word }, first }: { readonly one: M2pDisagreement; readonly first: boolean }) {
  const title = `P2M[${hex(pfn)}] is ${hex(mfn)}, and M2P[${hex(mfn)}] is ${hex(word, 8)}`;
  return (
    <WordButton mfn={mfn} word={word} kind="foreign" first={first} title={title}>
      PFN <span className="n">{hex(pfn)}</span> expected
    </WordButton>
  );
}

/** Words of a kind, gone through one after the other. */
function OfKind({ kind, title }: { readonly kind: M2pKind; readonly title: string }) {
  const { summary, toNext } = useM2p();
  const count = summary.counts[kind];
  return (
    <section aria-label={title} className="m2p-of-kind">
      <h3>
        {title} <span className="c">{count === 0 ? (hasWords(summary.counts) ? 'none' : 'no word to look at') : commas(count)}</span>
      </h3>
      {count > 0 && (
        <button type="button" className="btn quiet" onClick={() => toNext(kind)}>
          Next
        </button>
      )}
    </section>
  );
}

/** What is shown until the audit is done. */
const NOT_YET: PfnSlips = { checked: 0, counts: { number: 0, neighbour: 0, table: 0, place: 0 }, runs: 0, rows: [] };
/** True where the dump holds any word of the table. */
const hasWords = ({ unknown, unmapped, ...held }: M2pSummary['counts']): boolean => Object.values(held).some((count) => count > 0);

/** Rows asked for. */
const SHOWN = 200;

function Slips({ slips }: { readonly slips: PfnSlips | undefined }) {
  const [all, setAll] = useState(false);
  const { counts, rows, runs, checked } = slips ?? NOT_YET;
  const sure = rows.filter(({ reason }) => reason !== 'number');
  const shown = all ? rows : sure;
  return (
    <section aria-label="Entries with a PFN where an MFN is due">
      <h3 title={`${commas(checked)} entries of the guest’s own page tables looked at`}>
        PFN where an MFN is due <span className="c">{slips ? slipCount(slips) : 'looking …'}</span>
      </h3>
      <ol onKeyDown={(event) => rove(event, 'vertical')}>
        {shown.map((slip, index) => (
          <li key={`${slip.entryAddress} ${slip.page.page}`}>
            <Slip slip={slip} first={index === 0} />
          </li>
        ))}
      </ol>
      {counts.number > 0 && (
        <button type="button" className="btn quiet m2p-more" aria-pressed={all} onClick={() => setAll(!all)}>
          {commas(counts.number)} that may be chance
        </button>
      )}
      {runs > rows.length && <p className="c">{commas(runs - rows.length)} more rows, not listed</p>}
    </section>
  );
}

/** To the entry, seen from the page it maps. */
function Slip({ slip, first }: { readonly slip: PfnSlip; readonly first: boolean }) {
  const desk = useDeskStore();
  const { selection } = useM2p();
  return (
    <button
      type="button"
      className="m2p-slip ring-in"
      tabIndex={first ? 0 : -1}
      title={slipWhy(slip)}
      onClick={() => desk.getState().look({ address: slip.page, view: 'explorer' }, true)}
    >
      <span className="n">{virtualHex(slip.page.page, 0, selection.mode.virtualBits)}</span>
      <span>{slipHolds(slip)}</span>
    </button>
  );
}
