import { P, PS, RW, US } from '#core/paging/entry.ts';
import type { LayoutEvidence } from './layout.ts';

/** One entry of a table that is held, decoded as far as layouts ask. */
export interface SeenEntry {
  readonly present: boolean;
  readonly writable: boolean;
  readonly user: boolean;
  /** PS: in a PD or PDPT the entry maps memory itself. */
  readonly large: boolean;
  /** The low 12 bits. */
  readonly flags: number;
  /** Bits 51:12; of a 4-byte entry bits 31:12, which is all but what PSE-36 adds. */
  readonly frame: number;
}

/** Slot of the table reached by `path`; undefined where it is not known or not present. */
export function presentEntry(evidence: LayoutEvidence, path: readonly number[], slot: number): SeenEntry | undefined {
  const entry = evidence.entry(path, slot);
  if (!entry || (entry.low & P) === 0) return undefined;
  const { low, high } = entry;
  return {
    present: true,
    writable: (low & RW) !== 0,
    user: (low & US) !== 0,
    large: (low & PS) !== 0,
    flags: low & 0xfff,
    frame: (high & 0x000f_ffff) * 0x10_0000 + (low >>> 12),
  };
}

/** How many slots from `first` to `last` hold a present entry that passes. */
export function countEntries(
  evidence: LayoutEvidence,
  path: readonly number[],
  first: number,
  last: number,
  pass: (entry: SeenEntry) => boolean,
): number {
  let count = 0;
  for (let slot = first; slot <= last; slot++) {
    const entry = presentEntry(evidence, path, slot);
    if (entry && pass(entry)) count++;
  }
  return count;
}

/** Slots of a directory to count, `first` up to `slots`, and pages an entry spans. */
export interface Geometry {
  readonly first: number;
  readonly slots: number;
  readonly pages: number;
}

const WHOLE_PD: Geometry = { first: 0, slots: 512, pages: 512 };

/** Of the large pages (or the first PTE of the page tables) of the directory at `path`: how many map machine memory in order from `frame` on. */
export function countInOrder(
  evidence: LayoutEvidence,
  path: readonly number[],
  frame: number,
  { first, slots, pages }: Geometry = WHOLE_PD,
): { readonly inOrder: number; readonly present: number } {
  let inOrder = 0;
  let present = 0;
  for (let slot = first; slot < slots; slot++) {
    const entry = presentEntry(evidence, path, slot);
    if (!entry) continue;
    present++;
    if (firstFrameBelow(evidence, [...path, slot], entry, pages) === frame + (slot - first) * pages) inOrder++;
  }
  return { inOrder, present };
}

/** First frame of what a PDE maps, reckoned back to slot 0 of its page table; undefined where nothing tells it. */
function firstFrameBelow(evidence: LayoutEvidence, path: readonly number[], entry: SeenEntry, pages: number): number | undefined {
  if (entry.large) return entry.frame - (entry.frame % pages);
  for (const pte of [0, 1, 16, 256, 511]) {
    const leaf = presentEntry(evidence, path, pte);
    if (leaf) return leaf.frame - pte;
  }
  return undefined;
}
