import './map.css';
import { useMemo, useRef, useState } from 'react';
import { virtualHex } from '#core/base/hex.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { AtlasSummary } from '#core/session/contract.ts';
import { Icon } from '#ui/kit/Icon.tsx';
import { RootWanted } from '#ui/kit/RootWanted.tsx';
import { useThemeSignal } from '#ui/kit/theme-signal.ts';
import { useDesk } from '#ui/state/desk.ts';
import { useOpenSheet } from '#ui/state/sheet.ts';
import { Legend } from './Legend.tsx';
import { Lens } from './Lens.tsx';
import { type MapModel, mapModel } from './map-model.ts';
import { nameRoom } from './name-room.ts';
import { Plot } from './Plot.tsx';
import { useFollowSelection } from './use-follow-selection.ts';
import { type MapActions, useMapActions } from './use-map-actions.ts';
import { useElidedHoles } from './use-plot-answers.ts';
import { type Size, useSize } from './use-size.ts';
import { isWhole } from './viewport.ts';
import { captionText, pagesBytes } from './words.ts';

/** The address space, high at the top: strip, detail, lens and legend. */
export function AddressMap() {
  const atlas = useDesk((desk) => desk.atlas);
  return atlas ? <DrawnMap atlas={atlas} /> : <NoMap />;
}

function NoMap() {
  const reading = useDesk((desk) => desk.atlasProgress);
  return (
    <div className="map">
      <div className="ph">
        <h2>Address map</h2>
      </div>
      <p className="map-none">{reading ? `Reading page tables: ${reading.step}.` : 'No page tables to draw.'}</p>
      <RootWanted what="This dump names no root. Its bytes can be read all the same." />
    </div>
  );
}

const NO_HOLES: ReadonlySet<number> = new Set();
const MARGIN = 16;
const NARROW = 300;

function DrawnMap({ atlas }: { readonly atlas: AtlasSummary }) {
  const body = useRef<HTMLDivElement>(null);
  const size: Size = useSize(body);
  const [toggled, setToggled] = useState<ReadonlySet<number>>(NO_HOLES);
  const openHoles = difference(useElidedHoles(atlas), toggled);
  const window = useDesk((desk) => desk.place.window);
  const address = useDesk((desk) => desk.place.address);
  const theme = useThemeSignal();
  const { virtualBits } = pagingMode(atlas.root.mode);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `theme` stands for the sizes read from the page.
  const room = useMemo(() => nameRoom(body.current, size.width, virtualBits), [size.width, virtualBits, theme]);
  const model = mapModel({ atlas, window, address, height: Math.max(0, size.height - MARGIN), width: size.width, room, openHoles });
  const actions = useMapActions(model);
  useFollowSelection(model);
  const narrow = size.width > 0 && size.width < NARROW;
  return (
    <div className="map">
      <MapHead model={model} actions={actions} narrow={narrow} />
      <div ref={body} className="map-body">
        {size.height > 0 && <Plot model={model} actions={actions} setToggled={setToggled} />}
      </div>
      <Lens model={model} />
      <Legend atlas={atlas} narrow={narrow} />
    </div>
  );
}

/** In one set or the other: a hole is open by itself, or because the user opened it, and folded again by a second click. */
function difference(one: ReadonlySet<number>, other: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([...one, ...other].filter((page) => one.has(page) !== other.has(page)));
}

function MapHead({ model, actions, narrow }: { readonly model: MapModel; readonly actions: MapActions; readonly narrow: boolean }) {
  const { atlas, mode, window } = model;
  const open = useOpenSheet();
  const whole = isWhole(window, mode.pageCount);
  const caption = whole ? captionText(atlas, narrow) : `${pagesBytes(window.pageCount)} from ${virtualHex(window.firstPage, 0, mode.virtualBits)}`;
  return (
    <div className="ph">
      <h2>Address map</h2>
      <span className="c" title={`${atlas.layout.label}: ${atlas.layout.reasons.join('; ')}`}>
        {caption}
      </span>
      {open && (
        <button
          type="button"
          className="ctl sq ghost map-list"
          aria-label="Regions as a list"
          title="Regions as a list (L)"
          onClick={() => open('regions')}
        >
          <Icon name="menu" />
        </button>
      )}
      <button
        type="button"
        className="ctl sq ghost map-whole"
        aria-label="Whole space"
        title="Whole space (0)"
        disabled={whole}
        onClick={actions.whole}
      >
        <svg className="ic" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />
        </svg>
      </button>
    </div>
  );
}
