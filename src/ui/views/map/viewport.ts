/** The part of a space that the detail shows: pages [firstPage, firstPage + pageCount). Exact up to 2^45. */
export interface MapWindow {
  readonly firstPage: number;
  readonly pageCount: number;
}

/** A page needs a line of text to say its frame: nobody needs less than this on screen. */
export const SMALLEST_WINDOW = 16;
/** Up to 1 GB rows are to scale; above, regions are rows and holes fold. */
export const SCALED_BELOW = 2 ** 18;
/** From 2 MB down the space is shown page by page as soon as lines fit. */
export const LENS_PAGES = 512;

export const wholeSpace = (spacePages: number): MapWindow => ({ firstPage: 0, pageCount: spacePages });
export const isWhole = (window: MapWindow, spacePages: number): boolean => window.pageCount >= spacePages;
export const holds = (window: MapWindow, page: number): boolean => page >= window.firstPage && page < window.firstPage + window.pageCount;

/** The window moved and cut so that it lies in the space and is neither too small nor broken (a link may hold anything). */
export function clampWindow(window: MapWindow, spacePages: number): MapWindow {
  const smallest = Math.min(SMALLEST_WINDOW, spacePages);
  const pages = Number.isFinite(window.pageCount) ? Math.round(window.pageCount) : spacePages;
  const pageCount = Math.min(spacePages, Math.max(smallest, pages));
  const first = Number.isFinite(window.firstPage) ? Math.round(window.firstPage) : 0;
  return { firstPage: Math.min(spacePages - pageCount, Math.max(0, first)), pageCount };
}

/** Zooms by `factor` (below 1: in) and keeps `page` where it is on screen. */
export function zoomAround(window: MapWindow, page: number, factor: number, spacePages: number): MapWindow {
  const smallest = Math.min(SMALLEST_WINDOW, spacePages);
  const pageCount = Math.min(spacePages, Math.max(smallest, Math.round(window.pageCount * factor)));
  const share = window.pageCount === 0 ? 0 : (page - window.firstPage) / window.pageCount;
  return clampWindow({ firstPage: page - share * pageCount, pageCount }, spacePages);
}

/** Moves by a share of what is shown: 0.25 is a quarter upwards. */
export function panBy(window: MapWindow, share: number, spacePages: number): MapWindow {
  return clampWindow({ firstPage: window.firstPage + share * window.pageCount, pageCount: window.pageCount }, spacePages);
}

/** A window that shows [firstPage, firstPage + pageCount) with a little of what is around it. */
export function fitAround(firstPage: number, pageCount: number, spacePages: number): MapWindow {
  const margin = Math.ceil(pageCount / 16);
  return clampWindow({ firstPage: firstPage - margin, pageCount: pageCount + 2 * margin }, spacePages);
}

/** The window moved as little as needed to hold the page, which then lies in its middle. */
export function bringIn(window: MapWindow, page: number, spacePages: number): MapWindow {
  if (holds(window, page)) return window;
  return clampWindow({ firstPage: page - window.pageCount / 2, pageCount: window.pageCount }, spacePages);
}

/**
 * What F does next, seen from the window of now: first the region, then 2 MB around the page, then single pages, then the region again.
 */
export function nextFit(window: MapWindow, region: MapWindow | undefined, page: number, spacePages: number): MapWindow {
  const lens = clampWindow({ firstPage: page - (page % LENS_PAGES), pageCount: LENS_PAGES }, spacePages);
  const single = clampWindow({ firstPage: page - SMALLEST_WINDOW / 2, pageCount: SMALLEST_WINDOW }, spacePages);
  const around = region && fitAround(region.firstPage, region.pageCount, spacePages);
  const steps = [around, lens, single]
    .filter((step) => step !== undefined)
    .filter((step, i, all) => i === 0 || step.pageCount < (all[0]?.pageCount ?? 0));
  const smaller = steps.find((step) => step.pageCount < window.pageCount);
  return smaller ?? steps[0] ?? lens;
}

/** Pages between two marks of the axis: a power of two, so that addresses end in zeros. */
export function tickStep(pageCount: number, height: number, leastPixels: number): number {
  let step = 1;
  while ((step / pageCount) * height < leastPixels && step < pageCount) step *= 2;
  return step;
}

/** Multiples of the axis' step inside the window, low to high. */
export function ticks(window: MapWindow, height: number, leastPixels: number): readonly number[] {
  const step = tickStep(window.pageCount, height, leastPixels);
  const found: number[] = [];
  for (let page = Math.ceil(window.firstPage / step) * step; page < window.firstPage + window.pageCount; page += step) found.push(page);
  return found;
}
