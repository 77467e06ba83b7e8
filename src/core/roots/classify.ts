import { P } from '#core/paging/entry.ts';
import { ALL_ZERO, LOOKED_AT, NONE_PRESENT, TABLE_32, TABLE_64 } from './frame-classes.ts';

/** Words of 32 bits in a frame. */
export const WORDS = 1024;
/** An entry may lead to a device, which lies below 4 GiB or at most as high as memory does. */
const FOUR_GIB_FRAMES = 2 ** 20;
/** Local and I/O APIC, firmware: frames that 32-bit tables name although no memory is there. */
const DEVICES_32 = 0xfe000;
/** Tables repeat few sets of flags; text, code and noise have hundreds. Bits 11:9 and PAT make some more. */
const MOST_FLAG_SETS = 40;

/** Where entries of this dump may lead. */
export interface Reach {
  /** One past the highest frame of the dump. */
  readonly endFrame: number;
  /** Highest value of address bits 51:32 in an entry. */
  readonly highMost: number;
}

export const reachOf = (end: number): Reach => {
  const endFrame = Math.ceil(end / 4096);
  return { endFrame, highMost: Math.floor((Math.max(endFrame, FOUR_GIB_FRAMES) - 1) / FOUR_GIB_FRAMES) };
};

/** Flag sets seen in the frame looked at, without clearing between frames: `stamps[flags] === serial`. */
const stamps = new Uint32Array(4096);
let serial = 0;

/** 1 where this frame has not shown these flags before. */
function isNewSet(entry: number): 0 | 1 {
  const flags = entry & 0xfff;
  if (stamps[flags] === serial) return 0;
  stamps[flags] = serial;
  return 1;
}

/** What the frame at `words[from …]` looks like: LOOKED_AT with ALL_ZERO, NONE_PRESENT, TABLE_64, TABLE_32 or none. */
export function classify(words: Uint32Array, from: number, reach: Reach): number {
  if (isZero(words, from)) return LOOKED_AT | ALL_ZERO;
  return LOOKED_AT | wideClass(words, from, reach.highMost) | (looksLike32(words, from, reach.endFrame) ? TABLE_32 : 0);
}

function isZero(words: Uint32Array, from: number): boolean {
  for (let i = from; i < from + WORDS; i++) if (words[i] !== 0) return false;
  return true;
}

/** TABLE_64 where present entries lead to memory or devices, with few sets of flags, and at most one to frame 0. */
function wideClass(words: Uint32Array, from: number, highMost: number): number {
  serial++;
  let present = 0;
  let wrong = 0;
  let sets = 0;
  for (let i = from; i < from + WORDS; i += 2) {
    const low = words[i] ?? 0;
    if ((low & P) === 0) continue;
    present++;
    wrong += leadsTooHigh(low, (words[i + 1] ?? 0) & 0xf_ffff, highMost);
    sets += isNewSet(low);
    if (wrong > 64 || sets > MOST_FLAG_SETS) return 0;
  }
  if (present === 0) return NONE_PRESENT;
  return mostAreRight(present, wrong) ? TABLE_64 : 0;
}

const leadsTooHigh = (low: number, high: number, highMost: number): 0 | 1 => (high > highMost || (high === 0 && low < 0x1000) ? 1 : 0);
const leadsNowhere = (frame: number, endFrame: number): 0 | 1 => (frame === 0 || (frame >= endFrame && frame < DEVICES_32) ? 1 : 0);

/** One may be odd in any table (page 0 mapped), and one in eight in a large one (devices above memory). */
const mostAreRight = (present: number, wrong: number): boolean => present > wrong && (wrong - 1) * 8 <= present;

/** As above; besides, entries that are not present are mostly zero, for a 32-bit frame number alone says little. */
function looksLike32(words: Uint32Array, from: number, endFrame: number): boolean {
  serial++;
  let present = 0;
  let wrong = 0;
  let other = 0;
  let sets = 0;
  for (let i = from; i < from + WORDS; i++) {
    const word = words[i] ?? 0;
    if ((word & P) === 0) {
      other += word === 0 ? 0 : 1;
    } else {
      present++;
      wrong += leadsNowhere(word >>> 12, endFrame);
      sets += isNewSet(word);
    }
    if (wrong > 132 || sets > MOST_FLAG_SETS || other > 2 * present + 64) return false;
  }
  return mostAreRight(present, wrong);
}
