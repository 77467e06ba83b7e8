import { bytesText, virtualShort } from '#core/base/hex.ts';
import type { Coverage, PageCounts, Translation } from '#core/session/contract.ts';
import { Digits } from '#ui/kit/Digits.tsx';
import { sumsOf } from './coverage-sums.ts';
import { type MapModel, windowKey } from './map-model.ts';
import { PageRowView } from './PageRowView.tsx';
import { pageScale } from './page-scale.ts';
import { RegionRowView } from './RegionRowView.tsx';
import type { BorderRow, HoleRow, MapRow } from './rows.ts';
import { rowAt } from './scaled-rows.ts';
import { bracketsOf } from './sides.ts';
import { ticks } from './viewport.ts';
import { holeText } from './words.ts';

const TICK_PIXELS = 44;

interface DetailProps {
  readonly model: MapModel;
  readonly coverages: ReadonlyMap<string, Coverage>;
  readonly pages: ReadonlyMap<number, Translation>;
  readonly hoverPage: number | undefined;
  readonly onHole: (row: HoleRow) => void;
}

/** The rows with what stands between and beside them. */
export function Detail({ model, coverages, pages, hoverPage, onHole }: DetailProps) {
  const { rows, mode } = model;
  const selected = rowAt(rows, model.address.page);
  const options = rows.filter((row) => row.kind === 'region' || row.kind === 'page');
  const reachable = options.find((row) => row === selected) ?? options[0];
  const coverage = (row: MapRow) => coverages.get(windowKey(row));
  return (
    <>
      <div className="map-rows" role="listbox" aria-label="Regions, high addresses first">
        {options.map((row) =>
          row.kind === 'region' ? (
            <RegionRowView
              key={row.firstPage}
              row={row}
              coverage={coverage(row)}
              selected={row === selected}
              reachable={row === reachable}
              virtualBits={mode.virtualBits}
              width={model.width}
              room={model.room}
              here={model.address.page}
              hover={hoverPage}
            />
          ) : (
            <PageRowView
              key={row.firstPage}
              row={row}
              coverage={coverage(row)}
              translation={pages.get(row.firstPage)}
              selected={row === selected}
              reachable={row === reachable}
              virtualBits={mode.virtualBits}
            />
          ),
        )}
      </div>
      {rows.map((row) =>
        row.kind === 'hole' ? (
          <Hole key={`h${row.firstPage}`} row={row} model={model} coverage={coverage(row)} selected={row === selected} onHole={onHole} />
        ) : null,
      )}
      {rows.map((row) => (row.kind === 'border' ? <BorderLine key={`b${row.firstPage}`} row={row} /> : null))}
      {model.scale === 'scaled' && <Axis model={model} />}
      <Brackets model={model} />
    </>
  );
}

interface HoleProps {
  readonly row: HoleRow;
  readonly model: MapModel;
  readonly coverage: Coverage | undefined;
  readonly selected: boolean;
  readonly onHole: (row: HoleRow) => void;
}

/** Nothing mapped: a dotted gap that opens, or its address and size in words. */
function Hole({ row, model, coverage, selected, onHole }: HoleProps) {
  const counts: PageCounts | undefined = coverage && sumsOf(coverage);
  const text = holeText(row.pageCount, counts);
  const elided = (counts?.elided ?? 0) > 0;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`map-hole${row.open ? ' map-hole-open' : ''}${selected ? ' map-row-sel' : ''}`}
      style={{ top: row.top, height: row.height }}
      aria-label={
        row.open ? undefined : `hole of ${bytesText(row.pageCount * 4096)} from ${virtualShort(row.firstPage, model.mode.virtualBits)}: open`
      }
      onClick={() => onHole(row)}
    >
      {row.open ? (
        <>
          <span className="map-address">
            <Digits text={virtualShort(row.firstPage, model.mode.virtualBits)} small />
          </span>{' '}
          <i className={elided ? 'map-hole-box k-elided' : 'map-hole-box'} />
          <span className="map-nothing">{text}</span>
          <span className="visually-hidden">: fold</span>
        </>
      ) : (
        <i className="map-hole-dots" />
      )}
    </button>
  );
}

/** A segment limit is a dashed line with words; the canonical hole a torn edge; an owner's border is told by the brackets. */
function BorderLine({ row }: { readonly row: BorderRow }) {
  const { kind, label } = row.border;
  return (
    <div className={`map-border map-border-${kind}`} style={{ top: row.top, height: row.height }}>
      {kind === 'owner' ? <span className="visually-hidden">{label}</span> : <span>{label}</span>}
    </div>
  );
}

/** Round addresses beside a plot to scale. */
function Axis({ model }: { readonly model: MapModel }) {
  const { window, height, rows, mode } = model;
  const scale = pageScale(window, height);
  const starts = rows
    .filter((row) => (row.kind === 'region' && row.height >= 12) || (row.kind === 'hole' && row.open))
    .map((row) => row.top + row.height - 7);
  return (
    <>
      {ticks(window, height, TICK_PIXELS).map((page) => {
        const top = scale(page);
        if (starts.some((start) => Math.abs(start - top) < 13) || top < 7 || top > height - 7) return null;
        return (
          <span key={page} className="map-tick" style={{ top }}>
            <Digits text={virtualShort(page, mode.virtualBits)} small />
          </span>
        );
      })}
    </>
  );
}

function Brackets({ model }: { readonly model: MapModel }) {
  return (
    <div aria-hidden="true">
      {bracketsOf(model.rows, model.atlas.borders, model.mode.pageCount).map((bracket) => (
        <span key={bracket.top} className="map-bracket" style={{ top: bracket.top, height: bracket.height }}>
          {bracket.height > 40 && <em>{bracket.label}</em>}
        </span>
      ))}
    </div>
  );
}
