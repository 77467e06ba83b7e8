import { NO_FRAME, type P2m } from './frame-numbers.ts';
import { kindOfM2pWord, type M2p, type M2pWordKind, m2pWord } from './m2p.ts';
import { countCodes, m2pCodes } from './m2p-kinds.ts';

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

/** Compares both tables over the whole image, both ways. `codes`: what the M2P's words are to this P2M, where that is known already. */
export function crossCheck(p2m: P2m, m2p: M2p, codes = m2pCodes(m2p, p2m.mfns)): CrossCheck {
  const counts = countM2p(codes);
  // Each word that is the guest's leads to another PFN, so as many words as PFNs with a frame leave none to look for.
  if (counts.ours === p2m.count) return { m2p: counts, p2m: allAgree(p2m), disagreements: [] };
  return { m2p: counts, ...checkP2m(p2m, m2p, codes) };
}

function countM2p(codes: Uint8Array): M2pCounts {
  const [ours = 0, foreign = 0, stale = 0, invalid = 0, debugFill = 0, chunkFill = 0, shared = 0, unknown = 0, unmapped = 0] = countCodes(codes);
  return { ours, foreign, stale, invalid, debugFill, chunkFill, shared, unknown, unmapped };
}

const allAgree = ({ mfns, count }: P2m): CrossCheck['p2m'] => ({ agree: count, unknown: 0, disagree: 0, noFrame: mfns.length - count });

function checkP2m({ mfns }: P2m, m2p: M2p, codes: Uint8Array): Pick<CrossCheck, 'p2m' | 'disagreements'> {
  const leadsBack = pfnsLedTo(mfns.length, m2p.words, codes);
  let [agree, unknown, noFrame] = [0, 0, 0];
  const disagreements: P2mDisagreement[] = [];
  for (let pfn = 0; pfn < mfns.length; pfn++) {
    if (leadsBack[pfn] === 1) {
      agree++;
      continue;
    }
    const mfn = mfns[pfn] ?? NO_FRAME;
    const word = mfn === NO_FRAME ? undefined : m2pWord(m2p, mfn);
    if (mfn === NO_FRAME) noFrame++;
    else if (word === undefined) unknown++;
    else if (disagreements.length < MOST_LISTED) disagreements.push({ pfn, mfn, m2p: word, kind: kindOfM2pWord(word) });
  }
  return { p2m: { agree, unknown, disagree: mfns.length - agree - unknown - noFrame, noFrame }, disagreements };
}

/** 1 for each PFN that a word leads to which it leads to itself: found by going through the M2P in order, not the P2M out of order. */
function pfnsLedTo(pfns: number, words: Uint32Array, codes: Uint8Array): Uint8Array {
  const led = new Uint8Array(pfns);
  for (let mfn = 0; mfn < codes.length; mfn++) if (codes[mfn] === 0) led[words[mfn] ?? 0] = 1;
  return led;
}
