import { virtualShort } from '#core/base/hex.ts';
import type { Coverage } from '#core/session/contract.ts';
import { Digits } from '#ui/kit/Digits.tsx';
import { sumsOf } from './coverage-sums.ts';
import { Painted } from './Painted.tsx';
import { paintBar } from './painter.ts';
import type { RegionRow } from './rows.ts';
import { nameText, regionLabel, rightsOfRow, sizeText } from './words.ts';

/** Rows this high have two lines where the names are long. */
const TWO_LINES = 28;
/** Below this height a row is a mark without words, and below the next without an address. */
const ONE_LINE = 12;
/** Below this width of the pane names are short and the letters go: the rails say the rights. */
const NARROW = 290;

interface RegionRowViewProps {
  readonly row: RegionRow;
  readonly coverage: Coverage | undefined;
  readonly selected: boolean;
  /** May be reached by Tab: exactly one row of the list may. */
  readonly reachable: boolean;
  readonly virtualBits: number;
  readonly width: number;
}

/** One region: start address, density bar, name, rights, bytes. */
export function RegionRowView({ row, coverage, selected, reachable, virtualBits, width }: RegionRowViewProps) {
  const counts = coverage && sumsOf(coverage);
  const tall = row.height >= TWO_LINES && (row.regions[0]?.reserved ?? false);
  const worded = row.height >= ONE_LINE;
  const narrow = width < NARROW;
  return (
    <div
      role="option"
      aria-selected={selected}
      aria-label={regionLabel(row.regions, counts, virtualBits)}
      tabIndex={reachable ? 0 : -1}
      className={`map-row ring-in${selected ? ' map-row-sel' : ''}${tall ? ' map-row-tall' : ''}`}
      style={{ top: row.top, height: row.height }}
      data-page={row.firstPage}
    >
      <span className="map-address">{worded && <Digits text={virtualShort(row.firstPage, virtualBits)} small />}</span>
      <span className="map-bar">
        <Painted className="map-bar-fill" coverage={coverage} paint={paintBar} height={row.height} width={width} />
      </span>
      {worded && <RowWords row={row} tall={tall} narrow={narrow} size={sizeText(row.regions, counts)} />}
    </div>
  );
}

function RowWords({ row, tall, narrow, size }: { readonly row: RegionRow; readonly tall: boolean; readonly narrow: boolean; readonly size: string }) {
  const rights = rightsOfRow(row.regions);
  const empty = rights === '---';
  return (
    <>
      <span className="map-name">{nameText(row.regions, narrow)}</span>
      {(tall || !narrow) && <span className="map-rights">{empty && tall ? '' : rights}</span>}
      <span className="map-bytes">{size}</span>
    </>
  );
}
