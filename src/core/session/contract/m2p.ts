import { M2P_MEANING, type M2pWordKind } from '#core/xen/m2p.ts';
import type { M2pBase } from '#core/xen/m2p-place.ts';

export { m2pWordPlace, mfnOfWordAt } from '#core/xen/m2p-place.ts';

/**
 * Order of the columns of `M2pCells.counts`. `valid`: a PFN, of this guest as far as its P2M tells. `foreign`: a PFN at which the
 * guest has another frame, or a number it has not: another domain's, or a lie. `stale`: a PFN at which it has no frame any more. `unknown`: not in the dump. `unmapped`: a hole of the table.
 */
export const M2P_KINDS = ['valid', 'foreign', 'stale', 'invalid', 'debug-fill', 'chunk-fill', 'shared', 'unknown', 'unmapped'] as const;
export type M2pKind = (typeof M2P_KINDS)[number];

/** What a word of each kind says. */
export const M2P_SAYS: Readonly<Record<M2pKind, string>> = {
  ...M2P_MEANING,
  foreign: 'guest frame whose P2M word does not lead back: another domain’s, or a lie',
  stale: 'guest frame that has no frame any more by the P2M',
};

/** A root's machine-to-physical table as a whole. */
export interface M2pSummary extends M2pBase {
  /** Words from MFN 0 up to the last that can be asked for here. */
  readonly words: number;
  /** Words of the table beyond those, as it is mapped: each can be looked up, but is not counted or drawn. */
  readonly beyond: number;
  /** Words by kind; they add up to `words`. */
  readonly counts: Readonly<Record<M2pKind, number>>;
  /** Runs: rows of `m2pRuns`. */
  readonly runs: number;
  /** Undefined where no P2M was found: then a valid word is believed. */
  readonly p2m?: {
    readonly source: string;
    readonly frames: number;
    readonly highestPfn: number;
    /** Frames whose word is not in the dump: they were not compared. */
    readonly unknown: number;
  };
  /** Guest frames whose word does not lead back, ascending by PFN; the first of them, and how many there are. */
  readonly disagreements: readonly M2pDisagreement[];
  readonly disagreementCount: number;
  /** The root's own tables, from the root down, at most 32: what everybody looks up first. */
  readonly tables: readonly M2pName[];
}

export interface M2pDisagreement {
  readonly pfn: number;
  readonly mfn: number;
  readonly word: number;
}

/** A frame with its word; `word` is undefined where it is not in the dump. */
export interface M2pName {
  readonly mfn: number;
  readonly name: string;
  readonly kind: M2pKind;
  readonly word?: number;
}

/** counts[cell * M2P_KINDS.length + kind] = words of that kind in the cell; cells from `firstMfn` up, `wordsPerCell` each. */
export interface M2pCells {
  readonly firstMfn: number;
  readonly wordsPerCell: number;
  readonly counts: Uint32Array;
}

/** Neighbouring words that go on by a constant step. */
export interface M2pRunRow {
  readonly firstMfn: number;
  readonly lastMfn: number;
  readonly kind: M2pWordKind;
  /** Of the first word; meaningless where it is not known. */
  readonly value: number;
  readonly step: number;
  /** Words of it whose P2M word does not lead back, by why. */
  readonly foreign: number;
  readonly stale: number;
}
