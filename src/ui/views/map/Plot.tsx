import { type CSSProperties, type Dispatch, type SetStateAction, useRef } from 'react';
import { useDesk } from '#ui/state/desk.ts';
import { Detail } from './Detail.tsx';
import { holesToTurn } from './holes-beside.ts';
import { pressKey } from './keys.ts';
import { Leaders } from './Leaders.tsx';
import type { MapModel } from './map-model.ts';
import type { HoleRow } from './rows.ts';
import { Strip } from './Strip.tsx';
import { useFocusSelected } from './use-focus-selected.ts';
import type { MapActions } from './use-map-actions.ts';
import { usePlotAnswers } from './use-plot-answers.ts';
import { usePlotPointer } from './use-plot-pointer.ts';
import { bringIn, holds, isWhole } from './viewport.ts';

interface PlotProps {
  readonly model: MapModel;
  readonly actions: MapActions;
  readonly setToggled: Dispatch<SetStateAction<ReadonlySet<number>>>;
}

/** Strip, leaders and detail, and all that pointer and keys do on them. */
export function Plot({ model, actions, setToggled }: PlotProps) {
  const plot = useRef<HTMLDivElement>(null);
  const answers = usePlotAnswers(model);
  const hover = useDesk((desk) => desk.hover);
  const pointer = usePlotPointer(plot, model, actions, answers.coverages);
  const focus = useFocusSelected(plot, model);
  const { mode, window, address } = model;
  const toggleHoles = (holes: readonly HoleRow[]) =>
    setToggled((open) => {
      const next = new Set(open);
      for (const { firstPage } of holes) if (!next.delete(firstPage)) next.add(firstPage);
      return next;
    });
  const turnHoles = () => toggleHoles(holesToTurn(model.rows, address.page));
  const reach = (page: number) => {
    if (isWhole(window, mode.pageCount)) actions.selectFirstMapped(page, Math.ceil(mode.pageCount / model.height));
    else actions.show(bringIn({ firstPage: -window.pageCount * 2, pageCount: window.pageCount }, page, mode.pageCount));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys bubble from the rows; the plot itself is only the ground for wheel and drag.
    <div
      ref={plot}
      className={`map-plot map-plot-${model.scale}`}
      style={{ height: model.height, '--map-digits': Math.ceil(mode.virtualBits / 4) } as CSSProperties}
      onKeyDown={(event) => {
        if (pressKey(event, { ...actions, turnHoles }, holds(window, address.page) ? address.page : window.firstPage + window.pageCount / 2))
          event.preventDefault();
      }}
      {...pointer}
      {...focus}
    >
      <Strip model={model} coverage={answers.strip} onReach={reach} />
      <Leaders model={model} />
      <Detail
        model={model}
        coverages={answers.coverages}
        pages={answers.pages}
        hoverPage={hover?.address.page}
        onHole={(row) => toggleHoles([row])}
      />
    </div>
  );
}
