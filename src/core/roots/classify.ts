import { FRAME_BYTES } from '#core/memory/address.ts';
import { P } from '#core/paging/entry.ts';
import { ALL_ZERO, LOOKED_AT, NONE_PRESENT, TABLE_32, TABLE_64 } from './frame-classes.ts';

/** Words of 32 bits in a frame. */
export const WORDS = 1024;
/** Words of a PAE root: four entries, 32 bytes (SDM 3A 4.4.1), and the step by which a frame is looked at. */
export const PDPT_WORDS = 8;
/** Words looked at together for being zero. */
const BLOCK = 16;
/** An entry may lead to a device, which lies below 4 GiB or at most as high as memory does. */
const FOUR_GIB_FRAMES = 2 ** 20;
/** Local and I/O APIC, firmware: frames that 32-bit tables name although no memory is there. */
const DEVICES_32 = 0xfe000;
/** Tables repeat few sets of flags; text, code and noise have hundreds. Bits 11:9 and PAT make some more. */
const MOST_FLAG_SETS = 40;
/** Entries of a frame that lead nowhere: beyond, no number of others makes it a table (see `mostAreRight`). */
const MOST_WRONG_64 = 64;
const MOST_WRONG_32 = 132;

/** Where entries of this dump may lead. */
export interface Reach {
  /** One past the highest frame of the dump. */
  readonly endFrame: number;
  /** Highest value of address bits 51:32 in an entry. */
  readonly highMost: number;
  /** Highest value of an entry's high word that leads to memory of the dump. */
  readonly highHeld: number;
}

/** @param end One past the highest machine address of the dump. */
export const reachOf = (end: number): Reach => {
  const endFrame = Math.ceil(end / FRAME_BYTES);
  const highOf = (frames: number) => Math.floor((frames - 1) / FOUR_GIB_FRAMES);
  return { endFrame, highMost: highOf(Math.max(endFrame, FOUR_GIB_FRAMES)), highHeld: highOf(endFrame) };
};

/** Told of each 32 bytes of a frame that may be a PAE root: four qwords, each zero or present and naming memory. `at`: word of the array. */
export type PdptVisitor = (at: number) => void;

/** Sets of flags seen in the frame looked at, without clearing between frames: `stamps[flags] === serial`. */
const stamps64 = new Uint32Array(4096);
const stamps32 = new Uint32Array(4096);
let serial = 0;

/** One may be odd in any table (page 0 mapped), and one in eight in a large one (devices above memory). */
const mostAreRight = (present: number, wrong: number): boolean => present > wrong && (wrong - 1) * 8 <= present;

/** What the frame at `words[from …]` looks like: LOOKED_AT with ALL_ZERO, NONE_PRESENT, TABLE_64, TABLE_32 or none. Sees every word of an image: kept flat. */
export function classify(words: Uint32Array, from: number, reach: Reach, pdpt: PdptVisitor): number {
  const end = from + WORDS;
  let first = from;
  while (first < end && isZeroBlock(words, first)) first += BLOCK;
  if (first === end) return LOOKED_AT | ALL_ZERO;
  visitPdpts(words, first, end, reach.highHeld, pdpt);
  serial++;
  return LOOKED_AT | wideClass(words, first, end, reach.highMost) | narrowClass(words, first, end, reach.endFrame);
}

/** OR is of 32-bit words anyway. */
function isZeroBlock(words: Uint32Array, at: number): boolean {
  return (orOfLine(words, at) | orOfLine(words, at + 8)) === 0;
}

function orOfLine(words: Uint32Array, at: number): number {
  const left = (words[at] ?? 0) | (words[at + 1] ?? 0) | (words[at + 2] ?? 0) | (words[at + 3] ?? 0);
  return left | (words[at + 4] ?? 0) | (words[at + 5] ?? 0) | (words[at + 6] ?? 0) | (words[at + 7] ?? 0);
}

/** High words first: most of what is no PDPT has something there that leads out of memory. One test for all four, since four are hard to foresee for a processor. */
function visitPdpts(words: Uint32Array, first: number, end: number, highHeld: number, pdpt: PdptVisitor): void {
  const beyond = ~allOnesUpTo(highHeld);
  for (let at = first; at < end; at += PDPT_WORDS) {
    const highs = (words[at + 1] ?? 0) | (words[at + 3] ?? 0) | (words[at + 5] ?? 0) | (words[at + 7] ?? 0);
    if ((highs & beyond) === 0 && mayBePdpt(words, at, highHeld)) pdpt(at);
  }
}

/** The least 2^n - 1 that is not below. */
const allOnesUpTo = (value: number): number => (value === 0 ? 0 : 2 ** (32 - Math.clz32(value)) - 1);

function mayBePdpt(words: Uint32Array, at: number, highHeld: number): boolean {
  let any = 0;
  for (let i = at; i < at + PDPT_WORDS; i += 2) {
    const low = words[i] ?? 0;
    const high = words[i + 1] ?? 0;
    any |= low;
    if ((low & P) === 0 ? (low | high) !== 0 : high > highHeld || (high === 0 && low < FRAME_BYTES)) return false;
  }
  return any !== 0;
}

/** TABLE_64 where present entries lead to memory or devices, with few sets of flags, and at most one to frame 0. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one flat loop on purpose; it sees every word of an image.
function wideClass(words: Uint32Array, first: number, end: number, highMost: number): number {
  let present = 0;
  let wrong = 0;
  let sets = 0;
  for (let i = first; i < end; i += 2) {
    const low = words[i] ?? 0;
    if ((low & P) === 0) continue;
    const high = (words[i + 1] ?? 0) & 0xf_ffff;
    present++;
    if ((high > highMost || (high === 0 && low < FRAME_BYTES)) && ++wrong > MOST_WRONG_64) return 0;
    const flags = low & 0xfff;
    if (stamps64[flags] === serial) continue;
    stamps64[flags] = serial;
    if (++sets > MOST_FLAG_SETS) return 0;
  }
  if (present === 0) return NONE_PRESENT;
  return mostAreRight(present, wrong) ? TABLE_64 : 0;
}

/** As above with TABLE_32; besides, entries that are not present are mostly zero, for a 32-bit frame number alone says little. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one flat loop on purpose; it sees every word of an image.
function narrowClass(words: Uint32Array, first: number, end: number, endFrame: number): number {
  let present = 0;
  let wrong = 0;
  let other = 0;
  let sets = 0;
  for (let i = first; i < end; i++) {
    const word = words[i] ?? 0;
    if (word === 0) continue;
    if ((word & P) === 0) {
      if (++other > 2 * present + 64) return 0;
      continue;
    }
    const frame = word >>> 12;
    present++;
    if ((frame === 0 || (frame >= endFrame && frame < DEVICES_32)) && ++wrong > MOST_WRONG_32) return 0;
    const flags = word & 0xfff;
    if (stamps32[flags] === serial) continue;
    stamps32[flags] = serial;
    if (++sets > MOST_FLAG_SETS) return 0;
  }
  return mostAreRight(present, wrong) ? TABLE_32 : 0;
}
