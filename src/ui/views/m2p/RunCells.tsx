import { commas, hex, virtualHex } from '#core/base/hex.ts';
import { type M2pKind, type M2pRunRow, m2pWordPlace } from '#core/session/contract.ts';
import { KIND_LOOKS } from './kinds.ts';
import { useM2p } from './use-m2p.ts';

/** One run of words: its frames, what they say, where the words are. */
export function RunCells({ run }: { readonly run: M2pRunRow }) {
  const { digits, summary, selection } = useM2p();
  const { firstMfn, lastMfn } = run;
  const count = lastMfn - firstMfn + 1;
  const kind = kindShown(run);
  const words = note(run, summary.p2m !== undefined);
  const at = m2pWordPlace(summary, firstMfn);
  return (
    <>
      <span className="n">{count === 1 ? hex(firstMfn, digits) : `${hex(firstMfn, digits)}–${hex(lastMfn, digits)}`}</span>
      <span className="n">{pfnText(run)}</span>
      <span className="m2p-run-says">
        <i className={`sw m2p-k m2p-${kind}`} /> {KIND_LOOKS[kind].name}
      </span>
      <span className="n r">{commas(count)}</span>
      <span className="n">{virtualHex(at.page, at.offset, selection.mode.virtualBits)}</span>
      <span className="c" title={words}>
        {words}
      </span>
    </>
  );
}

/** Runs are of valid words whosever they are: one of which none leads back is drawn as what it is. */
function kindShown({ kind, foreign, stale, firstMfn, lastMfn }: M2pRunRow): M2pKind {
  if (foreign + stale < lastMfn - firstMfn + 1) return kind;
  return foreign > 0 ? 'foreign' : 'stale';
}

/** "000–116", "118–117" where it goes down. */
function pfnText({ kind, value, step, firstMfn, lastMfn }: M2pRunRow): string {
  if (kind !== 'valid') return '';
  if (firstMfn === lastMfn) return hex(value);
  return step === 0 ? `${hex(value)} each` : `${hex(value)}–${hex(value + step * (lastMfn - firstMfn))}`;
}

function note(run: M2pRunRow, isChecked: boolean): string {
  const { kind, foreign, stale, firstMfn, lastMfn } = run;
  if (kind !== 'valid') return KIND_LOOKS[kind].title;
  return [offsetText(run), isChecked && checkText(foreign, stale, lastMfn - firstMfn + 1)].filter(Boolean).join('; ');
}

function checkText(foreign: number, stale: number, count: number): string {
  if (foreign + stale === 0) return count === 1 ? 'leads back' : 'each leads back';
  if (count === 1) return stale === 1 ? 'stale: no frame there' : 'does not lead back';
  return [foreign > 0 && `${commas(foreign)} do not lead back`, stale > 0 && `${commas(stale)} stale`].filter(Boolean).join(', ');
}

/** What a run that is folded has in common. */
function offsetText({ step, value, firstMfn, lastMfn }: M2pRunRow): string {
  if (firstMfn === lastMfn || step === 0) return '';
  if (step < 0) return `PFN = ${hex(value + firstMfn)} − MFN`;
  return value <= firstMfn ? `PFN = MFN − ${hex(firstMfn - value)}` : `PFN = MFN + ${hex(value - firstMfn)}`;
}
