import { commas, hex } from '#core/base/hex.ts';
import type { Root } from '#core/paging/mode.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { COVERAGE_COLUMNS, type Coverage, guessText, processText, type RootChoice } from '#core/session/contract.ts';
import { useQuestion } from '#ui/state/question.ts';
import { RootStrip, STRIP_BINS } from './RootStrip.tsx';
import { useSeen } from './use-seen.ts';

interface RootRowProps {
  readonly root: RootChoice;
  readonly rank: number;
  readonly inUse: boolean;
  onUse(root: Root): void;
}

/** One root: its place, its origin, its space as a strip, and the reasons for it. A click uses it. */
export function RootRow({ root, rank, inUse, onUse }: RootRowProps) {
  const { address, mode, origin, reason, held, process } = root;
  const { label, pageCount } = pagingMode(mode);
  const window = { firstPage: 0, pageCount, bins: STRIP_BINS };
  const [row, seen] = useSeen();
  const { value, error } = useQuestion(`${address} ${mode} ${seen}`, (questions) =>
    held && seen ? questions.coverage({ address, mode }, [window]) : undefined,
  );
  const coverage = value?.[0];
  return (
    <button
      ref={row}
      type="button"
      className={inUse ? 'roots-row roots-in-use ring-in' : 'roots-row ring-in'}
      aria-current={inUse}
      onClick={() => onUse(root)}
    >
      <span className="n r">{rank}</span>
      <span className="n">{hex(address)}</span>
      <span className="roots-two">
        <b>{root.verified === false ? `${origin}, unsure` : origin}</b>
        <span className="c">
          {label}, frame <span className="n s">{hex(Math.floor(address / 4096))}</span>
          {address % 4096 === 0 ? '' : ` offset ${hex(address % 4096)}`}
        </span>
        {process && (
          <span title={guessText(process)}>
            probably <b className="guess">{processText(process)}</b>
          </span>
        )}
      </span>
      {held ? <RootStrip coverage={coverage} /> : <span className="sw k-absent roots-absent" title="not in this dump" />}
      <span className="n r">{coverage ? commas(userPages(coverage)) : ''}</span>
      <span className="roots-two">
        <span className={root.verified === undefined ? 'roots-reason' : 'roots-reason roots-clamp'} title={reason}>
          {error ? error.message : reason}
        </span>
        {process && (
          <span className="c roots-clamp" title={guessText(process)}>
            {guessText(process)}
          </span>
        )}
        <span className="c">{held ? featuresText(root) : 'The table itself is not in this dump.'}</span>
      </span>
    </button>
  );
}

function userPages({ counts, bins }: Coverage): number {
  const column = COVERAGE_COLUMNS.indexOf('user');
  let sum = 0;
  for (let bin = 0; bin < bins; bin++) sum += counts[bin * COVERAGE_COLUMNS.length + column] ?? 0;
  return sum;
}

function featuresText({ features }: RootChoice): string {
  const on = [features.nxe && 'NX', features.pse && 'PSE', features.wp && 'WP', features.smep && 'SMEP', features.smap && 'SMAP'].filter(Boolean);
  return `${features.known ? 'from its registers' : 'assumed'}: ${on.join(', ') || 'none'} on`;
}
