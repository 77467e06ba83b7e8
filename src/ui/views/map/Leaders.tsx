import type { MapModel } from './map-model.ts';
import { pageScale } from './page-scale.ts';
import { rowAt } from './scaled-rows.ts';
import { wholeSpace } from './viewport.ts';

const FROM = 0;
const TO = 13;

/** Hairlines from each row's place in the strip to its row; to scale, two lines that spread the window over the detail. */
export function Leaders({ model }: { readonly model: MapModel }) {
  const { rows, mode, height, scale, window } = model;
  const selected = rowAt(rows, model.address.page);
  const place = pageScale(wholeSpace(mode.pageCount), height);
  const line = (from: number, to: number) => `M${FROM} ${from.toFixed(1)}L${TO} ${to.toFixed(1)}`;
  return (
    <svg className="map-leaders" width={TO} height={height} aria-hidden="true">
      {scale === 'folded' ? (
        rows.map((row) =>
          row.kind === 'region' ? (
            <path
              key={row.firstPage}
              className={row === selected ? 'map-lead map-lead-sel' : 'map-lead'}
              d={line(place(row.firstPage + row.pageCount / 2), row.top + row.height / 2)}
            />
          ) : null,
        )
      ) : (
        <path className="map-lead" d={line(place(window.firstPage + window.pageCount), 0) + line(place(window.firstPage), height)} />
      )}
    </svg>
  );
}
