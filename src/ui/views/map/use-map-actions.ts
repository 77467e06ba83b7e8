import { virtualPage } from '#core/memory/address.ts';
import type { Region } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import type { MapModel } from './map-model.ts';
import { firstMapped, nextStretch } from './mapped-pages.ts';
import { bringIn, clampWindow, fitAround, isWhole, type MapWindow, nextFit, panBy, zoomAround } from './viewport.ts';

/** What the user can do on the map, by pointer or key. */
export interface MapActions {
  selectPage(page: number): void;
  /** Selects the first mapped page of [firstPage, firstPage + pageCount), or its first page where nothing is mapped. */
  selectFirstMapped(firstPage: number, pageCount: number): void;
  /** The next region up (1) or down (-1) from the selection, or the outermost. */
  stepRegion(direction: 1 | -1): void;
  outermost(direction: 1 | -1): void;
  /** The next or previous mapped stretch. */
  stepMapped(direction: 1 | -1): void;
  zoom(page: number, factor: number): void;
  pan(share: number): void;
  fit(firstPage: number, pageCount: number): void;
  fitSelection(): void;
  whole(): void;
  show(window: MapWindow): void;
}

export function useMapActions(model: MapModel): MapActions {
  const questions = useDesk((desk) => desk.questions);
  const select = useDesk((desk) => desk.select);
  const look = useDesk((desk) => desk.look);
  const { atlas, mode, window, address } = model;
  const spacePages = mode.pageCount;
  const selectPage = (page: number) => select({ page: virtualPage(page), offset: 0 });
  const show = (next: MapWindow) => look({ window: isWhole(next, spacePages) ? undefined : next });
  const selectFirstMapped = (firstPage: number, pageCount: number) => {
    firstMapped({ questions, root: atlas.root, spacePages }, firstPage, pageCount).then(selectPage);
  };
  const selectRegion = (region: Region | undefined) => {
    if (!region) return;
    if (region.reserved) selectFirstMapped(region.firstPage, region.pageCount);
    else selectPage(region.firstPage);
    if (!isWhole(window, spacePages)) show(bringIn(window, region.firstPage, spacePages));
  };
  const here = () => atlas.regions.find((region) => address.page >= region.firstPage && address.page < region.firstPage + region.pageCount);
  return {
    selectPage,
    selectFirstMapped,
    stepRegion: (direction) => selectRegion(nextRegion(atlas.regions, address.page, direction)),
    outermost: (direction) => selectRegion(direction === 1 ? atlas.regions.at(-1) : atlas.regions[0]),
    stepMapped: (direction) => {
      nextStretch({ questions, root: atlas.root, spacePages }, address.page, direction).then((page) => page !== undefined && selectPage(page));
    },
    zoom: (page, factor) => show(zoomAround(window, page, factor, spacePages)),
    pan: (share) => show(panBy(window, share, spacePages)),
    fit: (firstPage, pageCount) => show(fitAround(firstPage, pageCount, spacePages)),
    fitSelection: () => show(nextFit(window, here(), address.page, spacePages)),
    whole: () => look({ window: undefined }),
    show: (next) => show(clampWindow(next, spacePages)),
  };
}

/** The region above or below a page; from within one, its neighbour. */
export function nextRegion(regions: readonly Region[], page: number, direction: 1 | -1): Region | undefined {
  if (direction === 1) return regions.find((region) => region.firstPage > page);
  return regions.findLast((region) => region.firstPage + region.pageCount <= page);
}
