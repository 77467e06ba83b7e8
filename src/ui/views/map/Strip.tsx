import { type PointerEvent, useRef } from 'react';
import type { Coverage } from '#core/session/contract.ts';
import type { MapModel } from './map-model.ts';
import { Painted } from './Painted.tsx';
import { pageScale } from './page-scale.ts';
import { paintStrip } from './painter.ts';
import { isWhole, wholeSpace } from './viewport.ts';

interface StripProps {
  readonly model: MapModel;
  readonly coverage: Coverage | undefined;
  /** A page of the strip was clicked or dragged to. */
  readonly onReach: (page: number) => void;
}

/** The whole space, linear, high at the top: marks, the window of the detail, the selection as a bar that sticks out. */
export function Strip({ model, coverage, onReach }: StripProps) {
  const box = useRef<HTMLDivElement>(null);
  const { atlas, height, mode, window, address } = model;
  const place = pageScale(wholeSpace(mode.pageCount), height);
  const reach = (event: PointerEvent) => {
    const rect = box.current?.getBoundingClientRect();
    if (!rect || rect.height === 0) return;
    const page = Math.floor(place.invert(event.clientY - rect.top));
    onReach(Math.min(mode.pageCount - 1, Math.max(0, page)));
  };
  return (
    <div
      ref={box}
      className="map-strip"
      style={{ height }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture?.(event.pointerId);
        reach(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) reach(event);
      }}
    >
      <Painted className="map-strip-marks" coverage={coverage} paint={paintStrip} height={height} />
      {!isWhole(window, mode.pageCount) && (
        <i
          className="map-strip-window"
          style={{
            top: place(window.firstPage + window.pageCount),
            height: Math.max(4, place(window.firstPage) - place(window.firstPage + window.pageCount)),
          }}
        />
      )}
      {atlas.borders.map((border) => (border.kind === 'canonical' ? <Tear key={border.page} top={place(border.page)} /> : null))}
      <i className="map-strip-here" style={{ top: place(address.page) }} />
    </div>
  );
}

/** The torn edge where the addresses end and begin again: nothing on the strip's scale lies between. */
function Tear({ top }: { readonly top: number }) {
  return (
    <svg className="map-tear" style={{ top }} width="20" height="10" aria-hidden="true">
      <path className="map-tear-gap" d="M0 3l5 4 5-4 5 4 5-4V7l-5 4-5-4-5 4-5-4z" />
      <path className="map-tear-edge" d="M0 3l5 4 5-4 5 4 5-4M0 7l5 4 5-4 5 4 5-4" />
    </svg>
  );
}
