import { NO_FRAME, type P2m } from './frame-numbers.ts';
import {
  CHUNK_FILL,
  DEBUG_FILL,
  kindOfM2pWord,
  type M2p,
  type M2pWordKind,
  m2pWord,
  PAGE_HELD,
  PAGE_PARTLY,
  PAGE_UNMAPPED,
  SHARED_M2P,
} from './m2p.ts';

/** Words of the M2P by what they say, compared with the guest's P2M. */
export interface M2pCounts {
  /** M2P[m] = p and P2M[p] = m. */
  readonly ours: number;
  /** A guest frame number, but this guest has another frame there, or no such number: another domain's. */
  readonly foreign: number;
  /** A number at which this guest has no frame any more. */
  readonly stale: number;
  readonly invalid: number;
  readonly debugFill: number;
  readonly chunkFill: number;
  readonly shared: number;
  /** Not in the dump. */
  readonly unknown: number;
  /** In holes of the table, which no entry maps. */
  readonly unmapped: number;
}

/** A guest frame whose machine frame's M2P word does not lead back to it. */
export interface P2mDisagreement {
  readonly pfn: number;
  readonly mfn: number;
  readonly m2p: number;
  readonly kind: M2pWordKind;
}

export interface CrossCheck {
  readonly m2p: M2pCounts;
  /** Guest frames: those that agree, those whose M2P word the dump lacks, those that disagree, and numbers without a frame. */
  readonly p2m: { readonly agree: number; readonly unknown: number; readonly disagree: number; readonly noFrame: number };
  /** The first of those that disagree, ascending by PFN. */
  readonly disagreements: readonly P2mDisagreement[];
}

/** Disagreements listed at most; all are counted. */
const MOST_LISTED = 200;

/** Compares both tables over the whole image, both ways. */
export function crossCheck(p2m: P2m, m2p: M2p): CrossCheck {
  return { m2p: countM2p(p2m.mfns, m2p), ...checkP2m(p2m, m2p) };
}

/** Order of the tallies: numbers, as four million property look-ups by name would take longer than the memory does. */
const KINDS = ['ours', 'foreign', 'stale', 'invalid', 'debugFill', 'chunkFill', 'shared'] as const;
const [OURS, FOREIGN, STALE, INVALID, DEBUG, CHUNK, SHARED] = [0, 1, 2, 3, 4, 5, 6];

function countM2p(mfns: Uint32Array, m2p: M2p): M2pCounts {
  const { words, held, wordsPerPage } = m2p;
  const tally = new Float64Array(KINDS.length);
  const outside = { unknown: 0, unmapped: 0 };
  for (let page = 0; page < held.length; page++) {
    const from = page * wordsPerPage;
    const to = Math.min(from + wordsPerPage, words.length);
    if (held[page] === PAGE_HELD) countPage(mfns, words, from, to, tally);
    else if (held[page] === PAGE_PARTLY) outside.unknown += countPart(mfns, m2p, from, to, tally);
    else outside[held[page] === PAGE_UNMAPPED ? 'unmapped' : 'unknown'] += to - from;
  }
  const [ours = 0, foreign = 0, stale = 0, invalid = 0, debugFill = 0, chunkFill = 0, shared = 0] = tally;
  return { ours, foreign, stale, invalid, debugFill, chunkFill, shared, ...outside };
}

/** Tallies the words that the dump has of a page and returns how many it lacks. */
function countPart(mfns: Uint32Array, m2p: M2p, from: number, to: number, tally: Float64Array): number {
  let lacking = 0;
  for (let mfn = from; mfn < to; mfn++) {
    if (m2pWord(m2p, mfn) === undefined) lacking++;
    else countPage(mfns, m2p.words, mfn, mfn + 1, tally);
  }
  return lacking;
}

function countPage(mfns: Uint32Array, words: Uint32Array, from: number, to: number, tally: Float64Array): void {
  for (let mfn = from; mfn < to; mfn++) {
    const kind = kindOf(mfns, words[mfn] ?? NO_FRAME, mfn);
    tally[kind] = (tally[kind] ?? 0) + 1;
  }
}

/** Most words are fills, so these are looked at first. */
function kindOf(mfns: Uint32Array, word: number, mfn: number): number {
  if (word >= 0x8000_0000) return word === SHARED_M2P ? SHARED : INVALID;
  if (word === DEBUG_FILL) return DEBUG;
  if (word === CHUNK_FILL) return CHUNK;
  const back = word < mfns.length ? mfns[word] : 0;
  if (back === mfn && word < mfns.length) return OURS;
  return back === NO_FRAME ? STALE : FOREIGN;
}

function checkP2m({ mfns }: P2m, m2p: M2p): Pick<CrossCheck, 'p2m' | 'disagreements'> {
  let [agree, unknown, noFrame] = [0, 0, 0];
  const disagreements: P2mDisagreement[] = [];
  for (let pfn = 0; pfn < mfns.length; pfn++) {
    const mfn = mfns[pfn] ?? NO_FRAME;
    const word = mfn === NO_FRAME ? undefined : m2pWord(m2p, mfn);
    if (mfn === NO_FRAME) noFrame++;
    else if (word === undefined) unknown++;
    else if (word === pfn) agree++;
    else if (disagreements.length < MOST_LISTED) disagreements.push({ pfn, mfn, m2p: word, kind: kindOfM2pWord(word) });
  }
  return { p2m: { agree, unknown, disagree: mfns.length - agree - unknown - noFrame, noFrame }, disagreements };
}
