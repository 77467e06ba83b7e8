import type { PagingMode } from '#core/paging/mode.ts';
import type { BitField, WalkStep } from '#core/session/contract.ts';

export interface ShownBit extends BitField {
  /** It shuts a gate that was open so far. */
  readonly refuses: boolean;
  /** Goes first where the pane is narrow. */
  readonly minor: boolean;
}

/** Caching bits matter where they are set; clear, they give way. */
const CACHING = new Set(['PWT', 'PCD', 'PAT']);

/** The bits of a step worth a cell: above the leaf of a long walk only those that decide (LOOK: P, RW, US, A, XD). */
export function shownBits(step: WalkStep, mode: PagingMode, refusing: ReadonlySet<string>): readonly ShownBit[] {
  const long = mode.levels.length > 3;
  return step.bits
    .filter((bit) => !(long && !step.isLeaf && bit.value === 0 && (CACHING.has(bit.name) || bit.name === 'PS')))
    .map((bit) => ({ ...bit, refuses: refusing.has(bit.name), minor: bit.value === 0 && CACHING.has(bit.name) }));
}
