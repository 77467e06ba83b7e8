import { FRAME_BYTES, virtualPage } from '#core/memory/address.ts';
import type { FramePassport, Questions, Target } from '#core/session/contract.ts';
import type { HexPane, Place } from './place.ts';

/** Where a target leads, as a change of the place. Asks the session what only it knows: who maps a frame, what a slot covers. */
export async function resolveTarget(questions: Questions | undefined, place: Place, target: Target): Promise<Partial<Place>> {
  const { root } = place;
  if (target.kind === 'virtual') return { address: target.address };
  if (target.kind === 'file') return { panes: pinFile(place.panes, target.offset) };
  if (!questions || !root) return target.kind === 'frame' ? { machine: target.frame * FRAME_BYTES + target.offset } : {};
  if (target.kind === 'frame') return frameChange(await questions.passport(root, target.frame), place, target.offset);
  const table = await questions.table(root, target.path);
  return table ? { address: { page: virtualPage(table.firstPage + target.slot * table.pagesPerEntry), offset: 0 } } : {};
}

/** A frame is looked at where the space shows it: here if it is here, else at its lowest place; else as a machine address. */
function frameChange(passport: FramePassport, place: Place, offset: number): Partial<Place> {
  const pages = passport.places.map((one) => one.firstPage);
  const page = pages.find((one) => one === place.address.page) ?? pages.at(-1);
  if (page === undefined) return { machine: passport.frame * FRAME_BYTES + offset };
  return { address: { page: virtualPage(page), offset } };
}

/** The last pane shows the place in the file and stays there. */
function pinFile(panes: readonly HexPane[], offset: number): readonly HexPane[] {
  const pinned = { page: Math.floor(offset / FRAME_BYTES), offset: offset % FRAME_BYTES };
  const last = panes.at(-1);
  return [...panes.slice(0, -1), { id: last?.id ?? 1, space: 'file', pinned }];
}
