/** The shapes of roots, told from the words of one frame (reference 8). No operating system is known here, and low bits of PDPTEs never veto. */
import { P, PS } from '#core/paging/entry.ts';
import { type CandidateList, SAMPLED } from './candidate-list.ts';
import { type Reach, WORDS } from './classify.ts';
import { TABLE_32, TABLE_64 } from './frame-classes.ts';

/** Words of a PAE root: four entries, 32 bytes (SDM 3A 4.4.1). */
const PDPT_WORDS = 8;

/** Adds four qwords at `words[at …]`, each zero or present, if each names a frame of this dump and no two the same. */
export function gatherPdpt(words: Uint32Array, at: number, frame: number, reach: Reach, found: CandidateList): void {
  const frames = pdptFrames(words, at, reach.endFrame);
  // Four entries that name their own frame are the window of a linear page table (reference 5): a copy of the root's, in a PD.
  if (frames && !frames.includes(frame)) found.add(frame * 4096 + (at % WORDS) * 4, 'pae', frames);
}

/** Adds what a whole frame, of which `code` is known, may be a root of. */
export function gatherTables(words: Uint32Array, from: number, frame: number, code: number, found: CandidateList): void {
  if ((code & TABLE_64) !== 0) gatherWide(words, from, frame, found);
  if ((code & TABLE_32) !== 0) gatherNarrow(words, from, frame, found);
}

function pdptFrames(words: Uint32Array, at: number, endFrame: number): readonly number[] | undefined {
  const frames: number[] = [];
  for (let i = at; i < at + PDPT_WORDS; i += 2) {
    const low = words[i] ?? 0;
    if ((low & P) === 0) continue;
    const frame = (words[i + 1] ?? 0) * 2 ** 20 + (low >>> 12);
    if (frame >= endFrame || frames.includes(frame)) return undefined;
    frames.push(frame);
  }
  return frames;
}

/** 512 entries that all name tables: a PML4 or PML5 has no PS (SDM 3A table 4-14). */
function gatherWide(words: Uint32Array, from: number, frame: number, found: CandidateList): void {
  const frames: number[] = [];
  let present = 0;
  for (let i = from; i < from + WORDS; i += 2) {
    const low = words[i] ?? 0;
    if ((low & P) === 0) continue;
    if ((low & PS) !== 0) return;
    present++;
    const named = ((words[i + 1] ?? 0) & 0xf_ffff) * 2 ** 20 + (low >>> 12);
    if (named !== frame) keepSome(frames, named, present);
  }
  if (frames.length === 0) return;
  found.add(frame * 4096, '4-level', frames);
  found.add(frame * 4096, '5-level', frames);
}

/** 1,024 entries; some of the odd ones present, or it would be a table of wide entries below 4 GiB. */
function gatherNarrow(words: Uint32Array, from: number, frame: number, found: CandidateList): void {
  if (!hasOddPresent(words, from)) return;
  const frames: number[] = [];
  let present = 0;
  for (let i = from; i < from + WORDS; i++) {
    const word = words[i] ?? 0;
    if ((word & P) === 0) continue;
    present++;
    if ((word & PS) === 0 && word >>> 12 !== frame) keepSome(frames, word >>> 12, present);
  }
  found.add(frame * 4096, '32-bit', frames);
}

function hasOddPresent(words: Uint32Array, from: number): boolean {
  for (let i = from + 1; i < from + WORDS; i += 2) if (((words[i] ?? 0) & P) !== 0) return true;
  return false;
}

/** The first entries, then the last again and again: both ends of the space. */
function keepSome(frames: number[], frame: number, present: number): void {
  if (frames.length < SAMPLED) frames.push(frame);
  else frames[SAMPLED - 1 - (present % 2)] = frame;
}
