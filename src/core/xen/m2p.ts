import { NO_FRAME } from './frame-numbers.ts';

/** What a word of the machine-to-physical table says (reference: public/xen.h, xen/arch/x86/mm.c). */
export type M2pWordKind = 'valid' | 'invalid' | 'debug-fill' | 'chunk-fill' | 'shared' | 'unknown';

export const SHARED_M2P = 0xffff_fffe;
/** "Obvious debug pattern" of Xen 3.0 to 4.1: never handed to a domain builder. */
export const DEBUG_FILL = 0x5555_5555;
/** Xen 3.4 to 4.12 fill a piece mapped with 1 GB pages by bytes of 77. */
export const CHUNK_FILL = 0x7777_7777;

/** The machine-to-physical table, as far as the dump holds it, as one flat column: PFN by MFN of whatever domain owns the frame. */
export interface M2p {
  /** Low 32 bits of a word; 64-bit words that are no PFN and no fill become NO_FRAME. Only where `held` of its page is 1. */
  readonly words: Uint32Array;
  /** One per page of the table: 1 if the dump holds it whole. */
  readonly held: Uint8Array;
  /** Words on a page: 1024, or 512 of 64 bits. */
  readonly wordsPerPage: number;
  readonly source: string;
}

/** Undefined where the table, or this page of it, is not in the dump. */
export function m2pWord({ words, held, wordsPerPage }: M2p, mfn: number): number | undefined {
  return held[Math.floor(mfn / wordsPerPage)] === 1 ? words[mfn] : undefined;
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
};

/** A 64-bit word in 32 bits: a PFN as it is, the special values as their 32-bit counterparts, all else as invalid. */
export function narrowM2pWord(low: number, high: number): number {
  if (high === 0) return low;
  return high === low || (high === NO_FRAME && low === SHARED_M2P) ? low : NO_FRAME;
}

/** Neighbouring words that go on by a constant step. */
export interface M2pRun {
  readonly firstMfn: number;
  readonly lastMfn: number;
  readonly value: number;
  /** 1, -1 or 0. */
  readonly step: number;
  readonly kind: M2pWordKind;
}

/** Runs of words, ascending by MFN; words not held are runs of kind `unknown`. Fills and valid words are never joined. */
export function* m2pRuns(m2p: M2p): Generator<M2pRun, void> {
  const { words, held, wordsPerPage } = m2p;
  for (let first = 0; first < words.length; ) {
    if (held[Math.floor(first / wordsPerPage)] !== 1) {
      const from = first;
      while (first < words.length && held[Math.floor(first / wordsPerPage)] !== 1) first = (Math.floor(first / wordsPerPage) + 1) * wordsPerPage;
      yield { firstMfn: from, lastMfn: Math.min(first, words.length) - 1, value: 0, step: 0, kind: 'unknown' };
      continue;
    }
    const last = runEnd(m2p, first);
    yield {
      firstMfn: first,
      lastMfn: last,
      value: words[first] ?? 0,
      step: last > first ? stepAt(words, first) : 0,
      kind: kindOfM2pWord(words[first]),
    };
    first = last + 1;
  }
}

const stepAt = (words: Uint32Array, at: number): number => (words[at + 1] ?? 0) - (words[at] ?? 0);

function runEnd(m2p: M2p, first: number): number {
  const { words } = m2p;
  const kind = kindOfM2pWord(words[first]);
  const step = stepAt(words, first);
  const joins = (at: number): boolean =>
    at < words.length && m2pWord(m2p, at) !== undefined && stepAt(words, at - 1) === step && kindOfM2pWord(words[at]) === kind;
  if (Math.abs(step) > 1 || (step !== 0 && kind !== 'valid')) return first;
  let last = first;
  while (joins(last + 1)) last++;
  return last;
}
