import type { Layout } from '#core/layouts/layout.ts';
import type { PagingFeatures, PagingMode } from '#core/paging/mode.ts';
import type { Translation, Verdict, WalkStep } from '#core/session/contract.ts';

export type Access = 'read' | 'write' | 'fetch';

/** Who touches the page: rings 0, 1 and 2 are all supervisor to paging (SDM 3A 4.6). */
export interface Accessor {
  readonly who: string;
  readonly user: boolean;
  /** EFLAGS.AC set: lifts SMAP for explicit accesses. */
  readonly ac: boolean;
  /** True where a truncated segment limit stands before paging. */
  readonly limited: boolean;
}

/** What a verdict needs besides the walk. */
export interface VerdictGround {
  readonly translation: Translation;
  readonly mode: PagingMode;
  readonly features: PagingFeatures;
  readonly layout: Pick<Layout, 'rings' | 'segmentLimitPage'>;
  /** Bytes touched from the address on; 1 if left out. */
  readonly accessBytes?: number;
  /** The walk of the next page, where they reach into it. */
  readonly beyond?: Translation;
  /** The CPU's, where the dump has it: only told, what it switches on is in `features`. */
  readonly cr4?: number;
}

/** Which gate shut. `entry` gates name a bit and the step that holds it. */
export type Gate =
  | { readonly kind: 'open' }
  | { readonly kind: 'segment-limit' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not-present' }
  | { readonly kind: 'reserved'; readonly step: WalkStep }
  | { readonly kind: 'entry'; readonly bit: 'US 0' | 'RW 0' | 'XD 1'; readonly at: number | undefined }
  | { readonly kind: 'smap' }
  | { readonly kind: 'smep' };

export interface Finding {
  /** It is of the page after the one asked for. */
  readonly isBeyond?: true;
  readonly verdict: Verdict;
  readonly gate: Gate;
}

/** The same of the page after. */
export const nextPage = (ground: VerdictGround): VerdictGround => ({ ...ground, translation: ground.beyond ?? ground.translation });
