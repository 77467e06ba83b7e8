import { hex, virtualShort } from '#core/base/hex.ts';
import type { Coverage, Translation } from '#core/session/contract.ts';
import { Digits } from '#ui/kit/Digits.tsx';
import { useFrameWord } from '#ui/state/selection.ts';
import { Painted } from './Painted.tsx';
import { pageText, rightsText } from './page-words.ts';
import { paintBar } from './painter.ts';
import type { PageRow } from './rows.ts';

interface PageRowViewProps {
  readonly row: PageRow;
  readonly coverage: Coverage | undefined;
  readonly translation: Translation | undefined;
  readonly selected: boolean;
  /** May be reached by Tab: exactly one row of the list may. */
  readonly reachable: boolean;
  readonly virtualBits: number;
}

/** One page: its address, its mark, the frame it maps, its rights. */
export function PageRowView({ row, coverage, translation, selected, reachable, virtualBits }: PageRowViewProps) {
  const frameWord = useFrameWord();
  const address = virtualShort(row.firstPage, virtualBits);
  const outcome = translation?.outcome;
  const text = translation ? pageText(translation) : '';
  const rights = translation ? rightsText(translation) : '';
  return (
    <div
      role="option"
      aria-selected={selected}
      tabIndex={reachable ? 0 : -1}
      className={`map-row ring-in${selected ? ' map-row-sel' : ''}`}
      style={{ top: row.top, height: row.height }}
      data-page={row.firstPage}
    >
      <span className="map-address">
        <Digits text={address} small />
      </span>{' '}
      <span className="map-bar">
        <Painted className="map-bar-fill" coverage={coverage} paint={paintBar} height={row.height} />
      </span>
      {outcome?.kind === 'mapped' ? (
        <>
          <span className="map-name">
            <em className="map-word">{frameWord} </em>
            <Digits text={hex(outcome.frame)} small />
          </span>{' '}
          <span className="map-rights">{rights}</span>
        </>
      ) : (
        <span className="map-nothing">{text}</span>
      )}
    </div>
  );
}
