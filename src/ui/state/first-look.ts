/** Where to stand when nobody said where: the root, the address, and how a place fits a mode. */
import { type VirtualAddress, virtualPage } from '#core/memory/address.ts';
import type { Root } from '#core/paging/mode.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { AtlasSummary, ImageSummary, RootChoice } from '#core/session/contract.ts';
import type { Place } from './place.ts';

export const sameRoot = (one: Root | undefined, other: Root | undefined): boolean => one?.address === other?.address && one?.mode === other?.mode;

/** The root a link asks for, else the best known: held in the dump, of a CPU, in user mode (it sees both halves). */
export function firstRoot(image: ImageSummary, wanted: Root | undefined): Root | undefined {
  if (wanted) return { address: wanted.address, mode: wanted.mode };
  const best = [...image.roots].sort((one, other) => rank(other) - rank(one))[0];
  return best && { address: best.address, mode: best.mode };
}

const rank = (root: RootChoice): number => (root.held ? 4 : 0) + (root.cpu ? 2 : 0) + (root.cpu?.inUserMode ? 1 : 0);

/** The lowest page that maps memory itself: where a program, else the kernel, begins. */
export function firstAddress(atlas: AtlasSummary): VirtualAddress {
  const region = atlas.regions.find(({ kind }) => kind === 'writable' || kind === 'read-only') ?? atlas.regions[0];
  return { page: virtualPage(region?.firstPage ?? 0), offset: 0 };
}

/** A place made for another mode (or by a stranger) brought inside this one: no page beyond the space, no window outside it. */
export function fitPlace(place: Place): Place {
  const { root, window, ...rest } = place;
  if (!root) return rest;
  const { pageCount } = pagingMode(root.mode);
  const address = { page: virtualPage(place.address.page % pageCount), offset: place.address.offset };
  const fits = window !== undefined && window.firstPage + window.pageCount <= pageCount;
  return { ...rest, root, address, ...(fits ? { window } : {}) };
}
