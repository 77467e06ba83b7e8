import { commas } from '#core/base/hex.ts';
import type { AtlasSummary, CoverageColumn } from '#core/session/contract.ts';
import { KIND_CLASS } from '#ui/kit/kind-class.ts';
import { useDesk } from '#ui/state/desk.ts';
import { KIND_WORDS, legendBytes } from './words.ts';

/** Shown always; the others only where there is some. The seven kinds add up to the space, user and fetch lie over them. */
const ALWAYS: ReadonlySet<CoverageColumn> = new Set(['writable', 'read-only', 'zero', 'user', 'fetch']);
const ORDER: readonly CoverageColumn[] = ['writable', 'read-only', 'user', 'fetch', 'loop', 'absent', 'not-zero', 'elided', 'zero'];

/** One kind a row with its bytes; each dims its kind everywhere. */
export function Legend({ atlas, narrow }: { readonly atlas: AtlasSummary; readonly narrow: boolean }) {
  const shown = ORDER.filter((kind) => ALWAYS.has(kind) || atlas.counts[kind] > 0);
  return (
    <fieldset className="map-legend">
      <legend className="visually-hidden">Kinds of page. Each button dims its kind.</legend>
      {shown.map((kind) => (
        <LegendButton key={kind} kind={kind} pages={atlas.counts[kind]} spacePages={atlas.pageCount} narrow={narrow} />
      ))}
    </fieldset>
  );
}

interface LegendButtonProps {
  readonly kind: CoverageColumn;
  readonly pages: number;
  readonly spacePages: number;
  readonly narrow: boolean;
}

function LegendButton({ kind, pages, spacePages, narrow }: LegendButtonProps) {
  const dimmed = useDesk((desk) => desk.dimmed.has(kind));
  const toggle = useDesk((desk) => desk.toggleKind);
  const overlay = kind === 'user' || kind === 'fetch';
  return (
    <button
      type="button"
      className="map-kind ring-in"
      aria-pressed={!dimmed}
      title={`${commas(pages)} pages${overlay ? ', an overlay: not part of the sum' : ''}`}
      onClick={() => toggle(kind)}
    >
      <i className={`sw ${KIND_CLASS[kind]}`} />
      <span className="map-kind-name">{KIND_WORDS[kind]}</span>{' '}
      <span className={narrow ? 'visually-hidden' : 'n s'}>{legendBytes(pages, spacePages)}</span>
    </button>
  );
}
