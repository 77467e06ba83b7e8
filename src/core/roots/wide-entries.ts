import { P } from '#core/paging/entry.ts';

/**
 * True where what looks like 1,024 entries of 4 bytes is 512 of 8 bytes that lead above 4 GiB. Their high words look present: bit 0 is bit 32
 * of the address, and Xen's bit 52 makes frame 100 of them. So all odd words that look present must be high words of present entries that
 * lead to memory. @param highMost Highest value of address bits 51:32 of this dump's memory.
 */
export function hasWideEntries(words: Uint32Array, highMost: number): boolean {
  let high = 0;
  for (let i = 1; i < words.length; i += 2) {
    const word = words[i] ?? 0;
    if ((word & P) === 0) continue;
    if ((word & 0xf_ffff) > highMost || ((words[i - 1] ?? 0) & P) === 0) return false;
    high++;
  }
  return high > 0;
}
