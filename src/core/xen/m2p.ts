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

/** What the word of a frame says, or which nothing is there. */
export function m2pKindAt(m2p: M2p, mfn: number): M2pWordKind {
  const word = m2pWord(m2p, mfn);
  if (word === undefined && m2p.held[Math.floor(mfn / m2p.wordsPerPage)] === PAGE_UNMAPPED) return 'unmapped';
  return kindOfM2pWord(word);
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

/** Neighbouring words that go on by a constant step. */
export interface M2pRun {
  readonly firstMfn: number;
  readonly lastMfn: number;
  readonly value: number;
  /** 1, -1 or 0. */
  readonly step: number;
  readonly kind: M2pWordKind;
}

/** Runs of words, ascending by MFN; words that cannot be read are runs too. Fills and valid words are never joined. */
export function* m2pRuns(m2p: M2p): Generator<M2pRun, void> {
  for (let first = 0; first < m2p.words.length; ) {
    const run = m2pRunAt(m2p, first);
    yield run;
    first = run.lastMfn + 1;
  }
}

/** The run that begins with a word. */
export function m2pRunAt(m2p: M2p, firstMfn: number): M2pRun {
  const lastMfn = m2pRunEnd(m2p, firstMfn);
  const kind = m2pKindAt(m2p, firstMfn);
  const isRead = kind !== 'unknown' && kind !== 'unmapped';
  const step = isRead && lastMfn > firstMfn ? stepAt(m2p.words, firstMfn) : 0;
  return { firstMfn, lastMfn, value: isRead ? (m2p.words[firstMfn] ?? 0) : 0, step, kind };
}

/** Last MFN of the run that begins with a word: without an object, for passes over the whole table. */
export function m2pRunEnd(m2p: M2p, first: number): number {
  const kind = m2pKindAt(m2p, first);
  return kind === 'unknown' || kind === 'unmapped' ? gapEnd(m2p, first, kind) : wordsEnd(m2p, first, kind);
}

/** Whole pages at a time where none of a page is held. */
function gapEnd(m2p: M2p, first: number, kind: M2pWordKind): number {
  const { words, held, wordsPerPage } = m2p;
  let next = first;
  while (next < words.length && m2pKindAt(m2p, next) === kind) {
    const page = Math.floor(next / wordsPerPage);
    next = held[page] === PAGE_PARTLY ? next + 1 : (page + 1) * wordsPerPage;
  }
  return Math.min(next, words.length) - 1;
}

const stepAt = (words: Uint32Array, at: number): number => (words[at + 1] ?? 0) - (words[at] ?? 0);

function wordsEnd(m2p: M2p, first: number, kind: M2pWordKind): number {
  const { words } = m2p;
  const step = stepAt(words, first);
  const joins = (at: number): boolean => {
    const word = at < words.length ? m2pWord(m2p, at) : undefined;
    return word !== undefined && stepAt(words, at - 1) === step && kindOfM2pWord(word) === kind;
  };
  if (Math.abs(step) > 1 || (step !== 0 && kind !== 'valid')) return first;
  let last = first;
  while (joins(last + 1)) last++;
  return last;
}
