/** Words of 32 bits in a frame. */
export const FRAME_WORDS = 1024;

/** Tables repeat few sets of flags; text, code and noise have hundreds. */
const MOST_FLAG_SETS = 40;
/** Entries that are not present hold swap places, but not everywhere. */
const MOST_OTHERS = 64;
/** A table has few entries that lead to devices above memory. */
const MOST_WRONG = 64;

/**
 * Addresses of the frames that a frame of 8-byte entries leads to, if it looks like a page table: some entries present, nearly all of
 * them to memory below `end`, with few sets of flags, and nearly all others zero. Empty if it does not.
 */
export function targetsOfTable(words: Uint32Array, from: number, end: number): number[] {
  const seen: Seen = { targets: [], flags: new Set(), wrong: 0, others: 0 };
  for (let at = from; at < from + FRAME_WORDS; at += 2) {
    note(seen, words[at] ?? 0, words[at + 1] ?? 0, end);
    if (seen.wrong > MOST_WRONG || seen.flags.size > MOST_FLAG_SETS) return [];
  }
  const { targets, wrong, others } = seen;
  return wrong * 8 <= targets.length && others <= Math.max(MOST_OTHERS, targets.length) ? targets : [];
}

interface Seen {
  readonly targets: number[];
  readonly flags: Set<number>;
  wrong: number;
  others: number;
}

/** Bit 0 is P, bits 51:12 the address (SDM 3A, tables 4-8 to 4-20). */
function note(seen: Seen, low: number, high: number, end: number): void {
  if (low % 2 === 0) {
    if (low !== 0 || high !== 0) seen.others++;
    return;
  }
  const address = (high % 2 ** 20) * 2 ** 32 + low - (low % 4096);
  if (address >= end || address === 0) seen.wrong++;
  else seen.targets.push(address);
  seen.flags.add(low % 4096);
}
