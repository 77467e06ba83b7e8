import type { VirtualAddress } from '#core/memory/address.ts';
import type { TablePath } from './table.ts';

/** A sentence of the explain panel: parts are words or numbers that can be clicked. */
export interface Sentence {
  readonly parts: readonly (string | NumberLink)[];
  /** "line 46", "slots 436–447", "SDM 4.4.2", "computed". */
  readonly source: string;
}

export interface NumberLink {
  readonly text: string;
  readonly target: Target;
}

/** A place a number may lead to. */
export type Target =
  | { readonly kind: 'virtual'; readonly address: VirtualAddress }
  | { readonly kind: 'frame'; readonly frame: number; readonly offset: number }
  | { readonly kind: 'file'; readonly offset: number }
  | { readonly kind: 'table'; readonly path: TablePath; readonly slot: number };

export interface VerdictRow {
  /** "ring 3", "ring 0", "ring 0, AC set", "ring 1, guest kernel". */
  readonly who: string;
  readonly read: Verdict;
  readonly write: Verdict;
  readonly fetch: Verdict;
  readonly decidedBy: string;
}
/** `fault`: "#PF 5", "#GP". Undefined = allowed; `unknown` where the walk ended in something the dump lacks. */
export interface Verdict {
  readonly allowed: boolean | 'unknown';
  readonly fault?: string;
}

export type ExplanationCard = 'm2p' | 'plan';

export interface Explanation {
  /** "machine-to-physical table (M2P), the guest's read-only alias". */
  readonly title: string;
  readonly sentences: readonly Sentence[];
  /** What else is known, strongest first: shown on demand. */
  readonly more?: readonly Sentence[];
  /** What may be read or done from here: a card on the M2P, the planner of a recursive map. */
  readonly cards?: readonly ExplanationCard[];
  readonly verdicts: readonly VerdictRow[];
}
