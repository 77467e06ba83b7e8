import { eachRowOfFrame } from '#core/atlas/frame-index.ts';
import { isMapped, kindOf, levelOfRun, rightsOf } from '#core/atlas/run-attrs.ts';
import { bytesText } from '#core/base/hex.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { slotOf } from '#core/tables/walk.ts';
import { COVERAGE_COLUMNS, type FramePassport, type FramePlace, type PageKind, type Region } from './contract.ts';
import type { OpenedRoot } from './opened-root.ts';
import { presenceOf } from './presence-of.ts';
import { regionAt } from './region-at.ts';

/** Rows listed at most; the count goes on. */
const MOST_PLACES = 200;
/** Rows of one frame looked at: a page aliased more often than this by distinct entries is counted, not searched to the end. */
const MOST_ROWS = 100_000;

/** Everything that leads to one frame from the open root. */
export function passport(image: MemoryImage, root: OpenedRoot, regions: readonly Region[], frame: number): FramePassport {
  const places: FramePlace[] = [];
  let placeCount = 0;
  let rows = 0;
  eachRowOfFrame(root.atlas, root.frames, frame, (row, page) => {
    const attrs = root.atlas.runs.attrs[row] ?? 0;
    if (!isMapped(attrs)) return true;
    const times = timesSeen(root, page);
    placeCount += times;
    if (!foldInto(places, page, times, attrs) && places.length < MOST_PLACES) places.push(place(root, regions, page, times, attrs));
    return ++rows < MOST_ROWS;
  });
  places.sort((a, b) => b.firstPage - a.firstPage);
  return { frame, ...presenceOf(image, frame * 4096), places, placeCount, asTable: asTable(root, frame) };
}

/** Another entry of the same table, mapping the same frame with the same rights, is the same row once more. */
function foldInto(places: FramePlace[], page: number, times: number, attrs: number): boolean {
  const at = places.findIndex(
    (known) => Math.floor(known.firstPage / 512) === Math.floor(page / 512) && known.rights === rightsOf(attrs) && known.kind === kindName(attrs),
  );
  const known = places[at];
  if (!known) return false;
  places[at] = { ...known, firstPage: Math.min(known.firstPage, page), times: known.times + times };
  return true;
}

const kindName = (attrs: number): PageKind => COVERAGE_COLUMNS[kindOf(attrs)] as PageKind;

function place(root: OpenedRoot, regions: readonly Region[], page: number, times: number, attrs: number): FramePlace {
  const level = root.mode.levels[levelOfRun(attrs)];
  const size = (level?.pagesPerEntry ?? 1) * 4096;
  return {
    firstPage: page,
    times,
    rights: rightsOf(attrs),
    kind: kindName(attrs),
    what: regionAt(regions, page)?.name ?? '',
    decidedBy: `${level?.entryName ?? 'entry'}${size > 4096 ? `, ${bytesText(size)}` : ''}`,
  };
}

/** Virtual places that the entry mapping `page` is seen at: paths from the root to the table that holds it. */
export function timesSeen(root: OpenedRoot, page: number): number {
  const { forest, nodes } = root.atlas;
  const path: number[] = [];
  let node = 0;
  let place = root.names.resolve(path);
  while (place && place.level < forest.shapes.length) {
    node = nodes.find(place.table, place.level, place.lostAt, place.inLoop) ?? node;
    path.push(slotOf(forest, place.level, page));
    place = root.names.resolve(path);
  }
  return nodes.times[node] ?? 1;
}

function asTable(root: OpenedRoot, frame: number): FramePassport['asTable'] {
  const path = root.names.pathOfFrame(frame);
  return path ? [{ path, name: root.names.nameOf(path) }] : [];
}
