import { virtualShort } from '#core/base/hex.ts';
import type { Coverage } from '#core/session/contract.ts';
import { Digits } from '#ui/kit/Digits.tsx';
import { sumsOf } from './coverage-sums.ts';
import type { NameRoom } from './name-room.ts';
import { Painted } from './Painted.tsx';
import { paintBar } from './painter.ts';
import type { RegionRow } from './rows.ts';
import { nameText, regionLabel, rightsOfRow, sizeText } from './words.ts';

/** Rows this high have two lines where the names are long. */
const TWO_LINES = 25;
/** The same in a narrow pane, where the type is smaller and one line holds no name beside "4 MB not in dump". */
const TWO_SMALL_LINES = 22;
/** Below this height a row is a mark without words, and below the next without an address. */
const ONE_LINE = 12;

interface RegionRowViewProps {
  readonly row: RegionRow;
  readonly coverage: Coverage | undefined;
  readonly selected: boolean;
  /** May be reached by Tab: exactly one row of the list may. */
  readonly reachable: boolean;
  readonly virtualBits: number;
  readonly width: number;
  readonly room: NameRoom;
  /** Pages to mark in the bar. */
  readonly here: number;
  readonly hover: number | undefined;
}

/** One region: start address, density bar, name, rights, bytes. */
export function RegionRowView({ row, coverage, selected, reachable, virtualBits, width, room, here, hover }: RegionRowViewProps) {
  const counts = coverage && sumsOf(coverage);
  const tall = row.height >= (room === 'short-without-rights' ? TWO_SMALL_LINES : TWO_LINES) && (row.regions[0]?.reserved ?? false);
  const worded = row.height >= ONE_LINE;
  return (
    <div
      role="option"
      aria-selected={selected}
      aria-label={worded ? undefined : regionLabel(row.regions, counts, virtualBits)}
      tabIndex={reachable ? 0 : -1}
      className={`map-row ring-in${selected ? ' map-row-sel' : ''}${tall ? ' map-row-tall' : ''}`}
      style={{ top: row.top, height: row.height }}
      data-page={row.firstPage}
    >
      <span className="map-address">{worded && <Digits text={virtualShort(row.firstPage, virtualBits)} small />}</span>{' '}
      <span className="map-bar">
        <Painted className="map-bar-fill" coverage={coverage} paint={paintBar} height={row.height} width={width} />
        <BarMark row={row} page={here} className="map-here" />
        {hover !== undefined && <BarMark row={row} page={hover} className="map-hover" />}
      </span>
      {worded && <RowWords row={row} tall={tall} room={room} size={sizeText(row.regions, counts)} />}
    </div>
  );
}

/** A mark across the bar at a page of the row. */
function BarMark({ row, page, className }: { readonly row: RegionRow; readonly page: number; readonly className: string }) {
  const fromEnd = row.firstPage + row.pageCount - 1 - page;
  if (fromEnd < 0 || fromEnd >= row.pageCount) return null;
  return <i className={className} style={{ top: `${(fromEnd / row.pageCount) * 100}%` }} />;
}

function RowWords({ row, tall, room, size }: { readonly row: RegionRow; readonly tall: boolean; readonly room: NameRoom; readonly size: string }) {
  const rights = rightsOfRow(row.regions);
  const lettered = tall ? rights !== '---' : room !== 'short-without-rights';
  return (
    <>
      <span className="map-name">{nameText(row.regions, !tall && room !== 'full')}</span>{' '}
      <span className={lettered ? 'map-rights' : 'visually-hidden'}>{rights}</span> <span className="map-bytes">{size}</span>
    </>
  );
}
