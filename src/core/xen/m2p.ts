import { NO_FRAME } from './frame-numbers.ts';

/** What a word of the machine-to-physical table says (reference: public/xen.h, xen/arch/x86/mm.c). */
export type M2pWordKind = 'valid' | 'invalid' | 'debug-fill' | 'chunk-fill' | 'shared' | 'unknown' | 'unmapped';

export const SHARED_M2P = 0xffff_fffe;
/** "Obvious debug pattern" of Xen 3.0 to 4.1: never handed to a domain builder. */
export const DEBUG_FILL = 0x5555_5555;
/** Xen 3.4 to 4.12 fill a piece mapped with 1 GB pages by bytes of 77. */
export const CHUNK_FILL = 0x7777_7777;

/** What the dump holds of a page of the table. */
export const PAGE_ABSENT = 0;
export const PAGE_HELD = 1;
/** No entry of the root maps it: the table has a hole there, as where the machine has no memory. */
export const PAGE_UNMAPPED = 2;
/** Some of its words, as where a text printed a few rows. */
export const PAGE_PARTLY = 3;

/** The machine-to-physical table, as far as the dump holds it, as one flat column: PFN by MFN of whatever domain owns the frame. */
export interface M2p {
  /** Low 32 bits of a word; 64-bit words that are no PFN and no fill become NO_FRAME. Only where the word is held. */
  readonly words: Uint32Array;
  /** One per page of the table: PAGE_ABSENT, PAGE_HELD, PAGE_UNMAPPED or PAGE_PARTLY. */
  readonly held: Uint8Array;
  /** By page of those held partly: 1 for each word that is. */
  readonly parts?: ReadonlyMap<number, Uint8Array>;
  /** Words on a page: 1024, or 512 of 64 bits. */
  readonly wordsPerPage: number;
  readonly source: string;
}

/** Undefined where the table, or this word of it, is not in the dump. */
export function m2pWord({ words, held, parts, wordsPerPage }: M2p, mfn: number): number | undefined {
  const page = Math.floor(mfn / wordsPerPage);
  if (held[page] === PAGE_HELD) return words[mfn];
  return held[page] === PAGE_PARTLY && parts?.get(page)?.[mfn - page * wordsPerPage] === 1 ? words[mfn] : undefined;
}

export function kindOfM2pWord(word: number | undefined): M2pWordKind {
  switch (word) {
    case undefined:
      return 'unknown';
    case NO_FRAME:
      return 'invalid';
    case SHARED_M2P:
      return 'shared';
    case DEBUG_FILL:
      return 'debug-fill';
    case CHUNK_FILL:
      return 'chunk-fill';
    default:
      // VALID_M2P: the top bit is clear.
      return word < 0x8000_0000 ? 'valid' : 'invalid';
  }
}

export const M2P_MEANING: Readonly<Record<M2pWordKind, string>> = {
  valid: 'guest frame of the domain that owns it',
  invalid: 'INVALID_M2P_ENTRY: no guest’s memory (Xen’s own, shared_info, a device, or no RAM)',
  'debug-fill': 'debug fill of Xen 3.0–4.1: never given to a domain',
  'chunk-fill': 'fill of bytes 77 (Xen 3.4–4.12): never given to a domain',
  shared: 'SHARED_M2P_ENTRY: shared between domains',
  unknown: 'this word is not in the dump',
  unmapped: 'the table is not mapped there',
};

/** A 64-bit word in 32 bits: a PFN as it is, the special values as their 32-bit counterparts, all else as invalid. */
export function narrowM2pWord(low: number, high: number): number {
  if (high === 0) return low;
  return high === low || (high === NO_FRAME && low === SHARED_M2P) ? low : NO_FRAME;
}
