import type { ImageSummary } from '#core/session/contract.ts';
import { PAGE_BYTES } from './hex-rows.ts';
import type { HexDump } from './use-hex-dump.ts';
import type { PanePages } from './use-pane-pages.ts';

/** The page at which the next (or previous) stretch with bytes begins; undefined if there is none. */
export async function nextWithBytes(dump: HexDump, source: PanePages, page: number, direction: 1 | -1): Promise<number | undefined> {
  const { space } = source.face;
  if (space === 'virtual') return dump.root && dump.questions.nextMapped(dump.root, page, direction);
  if (space === 'machine') return nextExtent(dump.image.extents, page, direction);
  const next = page + direction;
  return next >= 0 && next < source.pageCount ? next : undefined;
}

export function nextExtent(extents: ImageSummary['extents'], page: number, direction: 1 | -1): number | undefined {
  const starts = extents.map((extent) => Math.floor(extent.start / PAGE_BYTES));
  return direction > 0 ? starts.find((start) => start > page) : starts.findLast((start) => start < page);
}
