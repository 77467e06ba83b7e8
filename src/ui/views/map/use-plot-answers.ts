import { virtualPage } from '#core/memory/address.ts';
import type { AtlasSummary, Coverage, Translation } from '#core/session/contract.ts';
import { useQuestion } from '#ui/state/question.ts';
import { byWindow, holesOf, type MapModel, rowWindows, windowKey } from './map-model.ts';

/** What the plot asks of the session: a slice a pixel row for each row, the strip, and page by page what is mapped. */
export interface PlotAnswers {
  readonly coverages: ReadonlyMap<string, Coverage>;
  readonly strip: Coverage | undefined;
  readonly pages: ReadonlyMap<number, Translation>;
}

export function usePlotAnswers(model: MapModel): PlotAnswers {
  const { atlas, rows, height, mode } = model;
  const root = atlas.root;
  const rootKey = `${root.mode} ${root.address}`;
  const windows = rowWindows(rows);
  const rowsKey = windows.map((window) => `${windowKey(window)}/${window.bins}`).join(' ');
  const detail = useQuestion(`map ${rootKey} ${rowsKey}`, (questions) => questions.coverage(root, windows));
  const bins = Math.max(1, Math.min(Math.round(height), mode.pageCount));
  const strip = useQuestion(`strip ${rootKey} ${bins}`, (questions) => questions.coverage(root, [{ firstPage: 0, pageCount: mode.pageCount, bins }]));
  const shown = rows.flatMap((row) => (row.kind === 'page' ? [row.firstPage] : []));
  const pages = useQuestion(`pages ${rootKey} ${shown[0] ?? ''} ${shown.length}`, (questions) =>
    shown.length === 0 ? undefined : Promise.all(shown.map((page) => questions.translate(root, { page: virtualPage(page), offset: 0 }))),
  );
  return { coverages: byWindow(detail.value), strip: strip.value?.[0], pages: new Map(pages.value?.map((one) => [one.address.page, one])) };
}

/** First pages of the holes that are mostly a text's "…": that nothing differs from a zero, so they are written out. */
export function useElidedHoles(atlas: AtlasSummary): ReadonlySet<number> {
  const { root } = atlas;
  const holes = atlas.counts.elided > 0 ? holesOf(atlas) : [];
  const answer = useQuestion(`holes ${root.mode} ${root.address} ${atlas.layout.id} ${holes.length}`, (questions) =>
    holes.length === 0
      ? undefined
      : questions.coverage(
          root,
          holes.map((hole) => ({ ...hole, bins: 1 })),
        ),
  );
  const elided = (answer.value ?? []).filter((coverage) => (coverage.counts[5] ?? 0) > coverage.pageCount / 2);
  return new Set(elided.map((coverage) => coverage.firstPage));
}
