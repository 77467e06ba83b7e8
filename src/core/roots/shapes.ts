/** The shapes of roots, told from the words of one frame (reference 8). No operating system is known here, and low bits of PDPTEs never veto. */
import { FRAME_BYTES } from '#core/memory/address.ts';
import { frameOfWide, P, PS } from '#core/paging/entry.ts';
import { type CandidateList, SAMPLED } from './candidate-list.ts';
import { PDPT_WORDS, type Reach, WORDS } from './classify.ts';
import { TABLE_32, TABLE_64 } from './frame-classes.ts';

/** Adds four qwords at `words[at …]` of a frame, each zero or present, if each names a frame of this dump and no two the same. */
export function gatherPdpt(words: Uint32Array, at: number, frame: number, { endFrame }: Reach, found: CandidateList): void {
  for (let i = at; i < at + PDPT_WORDS; i += 2) {
    const named = frameAt(words, i);
    // Four entries that name their own frame are the window of a linear page table (reference 5): a copy of the root's, in a PD.
    if (named >= endFrame || named === frame || isNamedBefore(words, at, i)) return;
  }
  found.add(frame * FRAME_BYTES + (at % WORDS) * 4, 'pae', words, at);
}

/** Frame that a wide entry names; -1 where it is zero. */
function frameAt(words: Uint32Array, i: number): number {
  const low = words[i] ?? 0;
  return (low & P) === 0 ? -1 : frameOfWide(low, words[i + 1] ?? 0);
}

function isNamedBefore(words: Uint32Array, from: number, i: number): boolean {
  const named = frameAt(words, i);
  for (let before = from; named >= 0 && before < i; before += 2) if (frameAt(words, before) === named) return true;
  return false;
}

/** Adds what a whole frame at `words[from …]`, of which `code` is known, may be a root of. */
export function gatherTables(words: Uint32Array, from: number, frame: number, code: number, found: CandidateList): void {
  if ((code & TABLE_64) !== 0) gatherWide(words, from, frame, found);
  if ((code & TABLE_32) !== 0) gatherNarrow(words, from, frame, found);
}

/** 512 entries that all name tables: a PML4 or PML5 has no PS (SDM 3A table 4-14). */
function gatherWide(words: Uint32Array, from: number, frame: number, found: CandidateList): void {
  sample.fill(0);
  let present = 0;
  let others = 0;
  for (let i = from; i < from + WORDS; i += 2) {
    const low = words[i] ?? 0;
    if ((low & P) === 0) continue;
    if ((low & PS) !== 0) return;
    present++;
    const high = words[i + 1] ?? 0;
    if (frameOfWide(low, high) !== frame) keepSome(others++, present, low, high);
  }
  if (others === 0) return;
  found.add(frame * FRAME_BYTES, '4-level', sample);
  found.add(frame * FRAME_BYTES, '5-level', sample);
}

/** 1,024 entries; some of the odd ones present, or it would be a table of wide entries below 4 GiB. */
function gatherNarrow(words: Uint32Array, from: number, frame: number, found: CandidateList): void {
  if (!hasOddPresent(words, from)) return;
  sample.fill(0);
  let present = 0;
  let others = 0;
  for (let i = from; i < from + WORDS; i++) {
    const word = words[i] ?? 0;
    if ((word & P) === 0) continue;
    present++;
    if ((word & PS) === 0 && word >>> 12 !== frame) keepSome(others++, present, word, 0);
  }
  found.add(frame * FRAME_BYTES, '32-bit', sample);
}

function hasOddPresent(words: Uint32Array, from: number): boolean {
  for (let i = from + 1; i < from + WORDS; i += 2) if (((words[i] ?? 0) & P) !== 0) return true;
  return false;
}

/** Entries of the frame looked at, as a candidate keeps them. */
const sample = new Uint32Array(SAMPLED * 2);

/** The first entries, then the last again and again: both ends of the space. */
function keepSome(before: number, present: number, low: number, high: number): void {
  const i = before < SAMPLED ? before : SAMPLED - 1 - (present % 2);
  sample[i * 2] = low;
  sample[i * 2 + 1] = high;
}
