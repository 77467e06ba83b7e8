import { type EntryShape, entryShape, frameMapped, P, US } from '#core/paging/entry.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { usualFeatures } from '#core/paging/modes.ts';
import type { Reach } from './classify.ts';
import type { FrameClasses } from './frame-classes.ts';
import { hasReservedBits } from './reserved-bits.ts';

/** What the leaves of one page table come to, whichever root leads to it. */
export interface LeafCount {
  wrong: number;
  leaves: number;
  userLeaves: number;
  /** Leaves whose frame the dump holds. */
  inside: number;
  /** Most leaves of neighbouring slots that map memory in order. */
  longestRun: number;
  /** A bit for each frame mapped, by its number modulo 4096: clear bits tell for sure what is not mapped. */
  readonly mapped: Uint32Array;
}

const MARKS = 4096;

/** Page tables by frame, counted once: address spaces share most of theirs, and each is met again in a second reading of the same root. */
export class CountedTables {
  readonly #wide = new Map<number, LeafCount>();
  readonly #narrow = new Map<number, LeafCount>();

  of({ entryBytes }: PagingMode): Map<number, LeafCount> {
    return entryBytes === 8 ? this.#wide : this.#narrow;
  }
}

/** False where the table does not map the frame. */
export const mayMap = ({ mapped }: LeafCount, frame: number): boolean => (((mapped[(frame % MARKS) >>> 5] ?? 0) >>> (frame & 31)) & 1) === 1;

/** The shape of a mode's last level, whose entries all map memory. */
export function leafShape(mode: PagingMode): EntryShape | undefined {
  const described = mode.levels.at(-1);
  return described && entryShape(mode, described, usualFeatures);
}

/** Counts a page table's words. */
export function countLeaves(words: Uint32Array, shape: EntryShape, reach: Reach, classes: FrameClasses): LeafCount {
  const count: LeafCount = { wrong: 0, leaves: 0, userLeaves: 0, inside: 0, longestRun: 0, mapped: new Uint32Array(MARKS / 32) };
  let run = 0;
  let expected = -1;
  const end = Math.min(words.length, shape.entries * shape.words);
  for (let i = 0; i < end; i += shape.words) {
    const low = words[i] ?? 0;
    if ((low & P) === 0) continue;
    const high = shape.words === 2 ? (words[i + 1] ?? 0) : 0;
    const frame = frameMapped(shape, low, high);
    if (hasReservedBits(reach, shape, low, high)) {
      count.wrong++;
      continue;
    }
    run = frame === expected ? run + 1 : 1;
    expected = frame + 1;
    count.longestRun = Math.max(count.longestRun, run);
    note(count, frame, low, classes);
  }
  return count;
}

function note(count: LeafCount, frame: number, low: number, classes: FrameClasses): void {
  count.leaves++;
  if ((low & US) !== 0) count.userLeaves++;
  if (classes.holds(frame)) count.inside++;
  const at = (frame % MARKS) >>> 5;
  count.mapped[at] = (count.mapped[at] ?? 0) | (1 << (frame & 31));
}

/** Slot of the first entry that maps a frame; -1 where none does. */
export function slotMapping(words: Uint32Array, shape: EntryShape, frame: number): number {
  for (let slot = 0; slot < shape.entries; slot++) {
    const low = words[slot * shape.words] ?? 0;
    const high = shape.words === 2 ? (words[slot * 2 + 1] ?? 0) : 0;
    if ((low & P) !== 0 && frameMapped(shape, low, high) === frame) return slot;
  }
  return -1;
}
