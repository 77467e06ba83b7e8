import { commas, hex, virtualHex } from '#core/base/hex.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { type FramePassport, type FramePlace, fileFact, type ImageSummary, type PageKind } from '#core/session/contract.ts';
import { KIND_CLASS } from '#ui/kit/kind-class.ts';

/** "2 places, 2 sets of rights". */
export function placesWords(passport: FramePassport): string {
  if (passport.placeCount === 0) return 'no page of this root maps it';
  const rights = new Set(passport.places.map((place) => place.rights)).size;
  const places = passport.placeCount === 1 ? '1 place' : `${commas(passport.placeCount)} places`;
  return rights > 1 ? `${places}, ${rights} sets of rights` : places;
}

export interface FrameName {
  readonly name: string;
  /** Undefined where the dump has nothing to tell: shown hatched. */
  readonly value?: string;
  readonly aside?: string;
  /** A PFN that follows from a rule; no byte of the dump says it. */
  readonly expected?: number;
  /** Shown on hover; the aside if left out. */
  readonly title?: string;
}

/** The names one frame goes by besides its number, which the head says. */
export function frameNames(passport: FramePassport, frameWord: ImageSummary['frameWord']): readonly FrameName[] {
  return [
    { name: frameWord === 'MFN' ? 'machine' : 'physical', value: hex(passport.frame * FRAME_BYTES) },
    ...guestName(passport),
    fileName(passport),
  ];
}

/** The guest's own number of the frame; under Xen also that there is none, or that the dump cannot say. */
function guestName({ guestFrame, expectedGuestFrame, noGuestFrame, m2p, p2m }: FramePassport): readonly FrameName[] {
  if (guestFrame !== undefined) return [{ name: 'PFN', value: hex(guestFrame), ...(p2m?.meaning && { title: p2m.meaning }) }];
  if (expectedGuestFrame !== undefined) return [{ name: 'PFN', expected: expectedGuestFrame }];
  if (noGuestFrame !== undefined) return [{ name: 'PFN', value: 'none', title: m2p?.value === undefined ? noGuestFrame : m2p.meaning }];
  if (!m2p) return [];
  // The word itself is not in the dump: then nothing says whether the frame has a PFN. Only a word that was read can say "none".
  return m2p.value === undefined ? [{ name: 'PFN', title: m2p.reason ?? m2p.meaning }] : [{ name: 'PFN', value: 'none', title: m2p.meaning }];
}

function fileName(passport: FramePassport): FrameName {
  switch (passport.presence) {
    case 'held':
      return { value: 'held', ...fileFact(passport) };
    case 'zero':
      return { name: 'in file', value: 'zero', aside: 'not stored' };
    case 'assumed-zero':
      return { name: 'in file', value: 'zero', aside: 'elided, assumed' };
    case 'absent':
      return { name: 'in file', aside: passport.reason ?? 'not in this dump' };
  }
}

export const swatchClass = (kind: PageKind): string => `sw ${KIND_CLASS[kind]}`;

export function placeAddress(place: FramePlace, mode: PagingMode): string {
  return virtualHex(place.firstPage, 0, mode.virtualBits);
}

/** The row that stands for the selected page: its own, or the folded one of its 2 MB with the same place in it. */
export function isThisPlace(place: FramePlace, page: number): boolean {
  if (place.firstPage === page) return true;
  return place.times > 1 && place.firstPage <= page && Math.floor(place.firstPage / 512) === Math.floor(page / 512);
}
