import type { PagingFeatures, PagingMode } from '#core/paging/mode.ts';
import type { TextMemory } from './text-memory.ts';

/** A root that the text names or shows. */
export interface TextRoot {
  readonly address: number;
  readonly mode: PagingMode;
  readonly features: PagingFeatures;
  readonly origin: string;
  readonly reason: string;
  readonly line: number;
  readonly cpu?: { readonly index: number; readonly cr0: number; readonly cr3: number; readonly cr4: number };
}

export interface Proposal {
  readonly page: number;
  readonly frame: number;
  readonly reason: string;
}

/** What the rules may look at. They grow it only through proposals and roots. */
export interface PlacementState {
  readonly memory: TextMemory;
  /** The mode of the text's addresses. */
  readonly mode: PagingMode;
  readonly roots: readonly TextRoot[];
  /** Virtual pages that are neither placed nor excluded by the user, ascending. */
  readonly open: readonly number[];
  /** The command that the rows at a line answer, if a prompt shows one. */
  commandAbove(line: number): string | undefined;
}

/** One way to tell which frame a virtual page is. */
export type PlacementRule = (state: PlacementState) => readonly Proposal[];
