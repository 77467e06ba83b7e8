import { mfnOf, NO_FRAME, type P2m } from './frame-numbers.ts';
import { CHUNK_FILL, DEBUG_FILL, kindOfM2pWord, type M2p, type M2pWordKind, m2pWord, SHARED_M2P } from './m2p.ts';

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

function countM2p(mfns: Uint32Array, { words, held, wordsPerPage }: M2p): M2pCounts {
  const counts = { ours: 0, foreign: 0, stale: 0, invalid: 0, debugFill: 0, chunkFill: 0, shared: 0, unknown: 0 };
  for (let page = 0; page < held.length; page++) {
    const from = page * wordsPerPage;
    const to = Math.min(from + wordsPerPage, words.length);
    if (held[page] === 1) countPage(mfns, words, from, to, counts);
    else counts.unknown += to - from;
  }
  return counts;
}

type Tally = { -readonly [K in keyof M2pCounts]: number };

function countPage(mfns: Uint32Array, words: Uint32Array, from: number, to: number, counts: Tally): void {
  for (let mfn = from; mfn < to; mfn++) {
    const word = words[mfn] ?? NO_FRAME;
    if (word >= 0x8000_0000 || word === DEBUG_FILL || word === CHUNK_FILL) counts[special(word)]++;
    else if (mfns[word] === mfn) counts.ours++;
    else counts[word < mfns.length && mfns[word] === NO_FRAME ? 'stale' : 'foreign']++;
  }
}

function special(word: number): 'invalid' | 'shared' | 'debugFill' | 'chunkFill' {
  if (word === DEBUG_FILL) return 'debugFill';
  if (word === CHUNK_FILL) return 'chunkFill';
  return word === SHARED_M2P ? 'shared' : 'invalid';
}

function checkP2m(p2m: P2m, m2p: M2p): Pick<CrossCheck, 'p2m' | 'disagreements'> {
  const counts = { agree: 0, unknown: 0, disagree: 0, noFrame: 0 };
  const disagreements: P2mDisagreement[] = [];
  for (let pfn = 0; pfn < p2m.mfns.length; pfn++) {
    const mfn = mfnOf(p2m, pfn);
    const word = mfn === undefined ? undefined : m2pWord(m2p, mfn);
    counts[verdict(pfn, mfn, word)]++;
    if (mfn === undefined || word === undefined || word === pfn || disagreements.length === MOST_LISTED) continue;
    disagreements.push({ pfn, mfn, m2p: word, kind: kindOfM2pWord(word) });
  }
  return { p2m: counts, disagreements };
}

function verdict(pfn: number, mfn: number | undefined, word: number | undefined): keyof CrossCheck['p2m'] {
  if (mfn === undefined) return 'noFrame';
  if (word === undefined) return 'unknown';
  return word === pfn ? 'agree' : 'disagree';
}
