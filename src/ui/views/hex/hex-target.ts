import type { BytePage, HexSpace, Translation } from '#core/session/contract.ts';
import type { HexPane, Place } from '#ui/state/place.ts';
import type { Cursor } from './hex-cursor.ts';
import { PAGE_BYTES } from './hex-rows.ts';

/** Where a pane looks: a byte of a space. The space may differ from the one chosen, where the place has no address in that. */
export interface PaneTarget extends Cursor {
  readonly space: HexSpace;
}

/** What a pane follows leads here; undefined until the walk is known, where the place depends on it. */
export function targetOf(pane: HexPane, place: Place, translation: Translation | undefined): PaneTarget | undefined {
  if (pane.pinned) return { space: pane.space, ...pane.pinned };
  const known = translation && isOf(translation, place) ? translation : undefined;
  const followed = pane.follows === 'table' ? lastEntry(known) : selectedByte(place, known);
  const waits = known === undefined && pane.space !== 'virtual' && place.machine === undefined;
  if (!followed || waits) return undefined;
  return placeIn(pane.space, followed) ?? placeIn('machine', followed) ?? placeIn('virtual', followed);
}

/** Without a root nothing can be followed: the machine byte of the place, else the first that the dump holds; the first pane may show the file. */
export function targetWithoutRoot(pane: HexPane, place: Place, firstByte: number): PaneTarget {
  const space = pane.space === 'file' ? 'file' : 'machine';
  if (pane.pinned && pane.space === space) return { space, ...pane.pinned };
  const at = space === 'file' ? 0 : (place.machine ?? firstByte);
  return { space, page: Math.floor(at / PAGE_BYTES), offset: at % PAGE_BYTES };
}

/** One byte, as far as it has an address in each space. */
interface Byte {
  readonly virtual?: Cursor | undefined;
  readonly machine?: number | undefined;
  readonly file?: number | undefined;
}

function placeIn(space: HexSpace, byte: Byte): PaneTarget | undefined {
  if (space === 'virtual') return byte.virtual && { space, page: byte.virtual.page, offset: byte.virtual.offset };
  const at = byte[space];
  return at === undefined ? undefined : { space, page: Math.floor(at / PAGE_BYTES), offset: at % PAGE_BYTES };
}

function selectedByte(place: Place, translation: Translation | undefined): Byte {
  if (place.machine !== undefined) return { machine: place.machine };
  const outcome = translation?.outcome;
  if (outcome?.kind !== 'mapped') return { virtual: place.address };
  return { virtual: place.address, machine: outcome.machineAddress, file: outcome.fileOffset };
}

/** An older answer stays until the new one is there; its numbers are not those of the place. */
function isOf(translation: Translation, { address }: Place): boolean {
  return translation.address.page === address.page && translation.address.offset === address.offset;
}

/** The entry at which the walk ended. */
function lastEntry(translation: Translation | undefined): Byte | undefined {
  const step = translation?.steps.at(-1);
  return step && { virtual: step.seenAt, machine: step.entryAddress, file: step.fileOffset };
}

/** The same byte in another space, as far as its page tells; undefined where it has no address there. */
export function byteIn(space: HexSpace, page: BytePage, offset: number): Cursor | undefined {
  if (space === page.space) return { page: page.page, offset };
  if (space === 'file') return fileByte(page, offset);
  if (space === 'machine' && page.machineBase !== undefined) return cursorAt(page.machineBase + offset);
  const number = space === 'machine' ? page.frame : page.virtualPage;
  return number === undefined ? undefined : { page: number, offset };
}

function fileByte(page: BytePage, offset: number): Cursor | undefined {
  const run = page.presence.find((r) => offset >= r.offset && offset < r.offset + r.length);
  if (run?.fileOffset === undefined) return undefined;
  return cursorAt(run.fileOffset + offset - run.offset);
}

const cursorAt = (byte: number): Cursor => ({ page: Math.floor(byte / PAGE_BYTES), offset: byte % PAGE_BYTES });
