import type { LayoutSpan } from './layout.ts';

/** Pages of 1 MB. */
export const MB = 256;
/** Pages of 1 GB. */
export const GB = 1024 * MB;
/** Pages of one slot of a PML4: 512 GB. */
export const PML4_SLOT = 512 * GB;

/** Page of an address of 48 bits, sign extension left out: `pageOf(0xffff_8280_0000_0000)` would not be exact, `pageOf(0x8280_0000_0000)` is. */
export const pageOf = (address: number): number => Math.floor(address / 4096);

type Window = readonly [firstPage: number, pageCount: number, name: string, shortName: string, more?: Partial<LayoutSpan>];

/** Spans of one source and side. Whole windows are rows of the map also where they are empty, if `reserved`. */
export function windows(source: string, side: string, reserved: boolean, rows: readonly Window[]): readonly LayoutSpan[] {
  return rows.map(([firstPage, pageCount, name, shortName, more]) => ({
    firstPage,
    pageCount,
    name,
    shortName,
    source,
    side,
    ...(reserved && { reserved }),
    ...more,
  }));
}

/** Where an M2P lies by its span; undefined for a span of anything else. */
export function m2pSpanOf({ role, firstPage, pageCount, bytesPerFrame, reserved }: LayoutSpan) {
  if (role !== 'm2p') return undefined;
  const bytesPerWord: 4 | 8 = bytesPerFrame === 8 ? 8 : 4;
  // A 64-bit Xen places a dom0's compat window by the size of RAM: then the span only names what is mapped in it (reference 1.4).
  return { firstPage, pageCount, bytesPerWord, startsWithSpan: reserved === true };
}

/** Both marks, where each is found, as reasons; the score is the sum of the points of those found. */
export function scored(...marks: readonly (readonly [reason: string | undefined, points: number])[]): { score: number; reasons: readonly string[] } {
  const found = marks.filter(([reason]) => reason !== undefined);
  return { score: found.reduce((sum, [, points]) => sum + points, 0), reasons: found.flatMap(([reason]) => reason ?? []) };
}
