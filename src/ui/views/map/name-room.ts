/** How much of its name a row can show. */
export type NameRoom = 'full' | 'short' | 'short-without-rights';

/** What a row needs beside bar, address and name, pixels at the design's type: margins, gaps, rights, bytes. */
const BESIDE_NAME = 150;
/** Names and short names need about so much, pixels at the design's type. */
const FULL_NAME = 84;
const SHORT_NAME = 52;
/** The design's sizes, where the tokens cannot be read. */
const DESIGN = { bar: 34, number: 13, body: 12.5 };

/** Room for names in a pane this wide, by the type sizes that hold at `element`. */
export function nameRoom(element: Element | null, width: number, virtualBits: number): NameRoom {
  const style = element && getComputedStyle(element);
  const size = (token: string, design: number) => Number.parseFloat(style?.getPropertyValue(token) ?? '') || design;
  const digit = (size('--fs-num', DESIGN.number) - 1) / 2;
  const type = size('--fs-body', DESIGN.body) / DESIGN.body;
  const room = width - size('--map-bar', DESIGN.bar) - digit * Math.ceil(virtualBits / 4) - BESIDE_NAME * type;
  if (room >= FULL_NAME * type) return 'full';
  return room >= SHORT_NAME * type ? 'short' : 'short-without-rights';
}
