import type { PagingMode } from '#core/paging/mode.ts';
import type { BitField, WalkStep } from '#core/session/contract.ts';

export interface ShownBit extends BitField {
  /** It shuts a gate that was open so far. */
  readonly refuses: boolean;
  /** Goes first where the pane is narrow. */
  readonly minor: boolean;
}

/** Caching bits matter where they are set; clear, they give way. */
const CACHING_NAMES = ['PWT', 'PCD', 'PAT'] as const;
const CACHING = new Set<string>(CACHING_NAMES);
const LEAST_OF_TABLE = new Set<string>([...CACHING_NAMES, 'PS']);
const LEAST_OF_LEAF = new Set(['PWT', 'PCD']);

/** The bits of a step worth a cell. A long walk has room only for those that decide: P, RW, US, A, XD, and in the leaf D, PAT, G. */
export function shownBits(step: WalkStep, mode: PagingMode, refusing: ReadonlySet<string>): readonly ShownBit[] {
  const long = mode.levels.length > 3;
  return step.bits
    .filter((bit) => !(long && bit.value === 0 && (step.isLeaf ? LEAST_OF_LEAF : LEAST_OF_TABLE).has(bit.name)))
    .map((bit) => ({ ...bit, refuses: refusing.has(bit.name), minor: bit.value === 0 && CACHING.has(bit.name) }));
}
