import type { BytePage, Translation } from '#core/session/contract.ts';
import type { Place } from '#ui/state/place.ts';
import { PAGE_BYTES } from './hex-rows.ts';

/** Bytes of a page that belong to the selection: `selected` filled, `path` an edge only. */
export interface Mark {
  readonly offset: number;
  readonly length: number;
  readonly tone: 'selected' | 'path';
}

export interface Selection {
  readonly place: Place;
  readonly translation: Translation | undefined;
  readonly entryBytes: number;
}

/**
 * The selected byte and the entries that lead to it, by virtual, machine and file address alike. Another virtual page of the same frame
 * is not the selection: there may be thousands.
 */
export function marksOf(page: BytePage, selection: Selection): readonly Mark[] {
  return [...selectedByteIn(page, selection), ...entriesIn(page, selection)];
}

function selectedByteIn(page: BytePage, { place, translation }: Selection): readonly Mark[] {
  const outcome = translation?.outcome;
  const machine = place.machine ?? (outcome?.kind === 'mapped' ? outcome.machineAddress : undefined);
  const file = place.machine === undefined && outcome?.kind === 'mapped' ? outcome.fileOffset : undefined;
  const offset = page.space === 'virtual' && place.machine === undefined ? virtualOffset(page, place) : offsetIn(page, machine, file);
  return offset === undefined ? [] : [{ offset, length: 1, tone: 'selected' }];
}

const virtualOffset = (page: BytePage, { address }: Place): number | undefined => (page.page === address.page ? address.offset : undefined);

function entriesIn(page: BytePage, { translation, entryBytes }: Selection): readonly Mark[] {
  const steps = translation?.steps ?? [];
  return steps.flatMap((step, i) => {
    const offset = offsetIn(page, step.entryAddress, step.fileOffset);
    return offset === undefined ? [] : [{ offset, length: entryBytes, tone: i === steps.length - 1 ? ('selected' as const) : ('path' as const) }];
  });
}

/** A page of the file need not begin where a frame does, so there only the place in the file counts. */
function offsetIn(page: BytePage, machine: number | undefined, file: number | undefined): number | undefined {
  const base = page.space === 'file' ? page.page : page.frame;
  const byte = page.space === 'file' ? file : machine;
  if (base === undefined || byte === undefined || Math.floor(byte / PAGE_BYTES) !== base) return undefined;
  return byte % PAGE_BYTES;
}
