import { type ScaleLinear, scaleLinear } from 'd3';
import type { MapWindow } from './viewport.ts';

/** Pages to pixels from the top, high addresses first; a page's lower edge is the scale at its number. Inverts to fractions of pages. */
export const pageScale = (window: MapWindow, height: number): ScaleLinear<number, number> =>
  scaleLinear([window.firstPage, window.firstPage + window.pageCount], [height, 0]);
