import { NO_FRAME } from './frame-numbers.ts';
import { CHUNK_FILL, DEBUG_FILL, type M2p, type M2pWordKind, PAGE_HELD, PAGE_PARTLY, PAGE_UNMAPPED, SHARED_M2P } from './m2p.ts';

/**
 * What a word is to one guest, as codes of one byte: whatever looks at all four million words looks at these. `ours`: a PFN whose P2M
 * leads back. `foreign`: a PFN at which the guest has another frame, or a number it has not: another domain's. `stale`: a PFN at which
 * the guest has no frame any more. `unknown`: not in the dump. `unmapped`: in a hole of the table.
 */
export const WORD_CODES = ['ours', 'foreign', 'stale', 'invalid', 'debug-fill', 'chunk-fill', 'shared', 'unknown', 'unmapped'] as const;
export type WordCode = (typeof WORD_CODES)[number];
const [OURS, FOREIGN, STALE, INVALID, DEBUG, CHUNK, SHARED, UNKNOWN, UNMAPPED] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;

/** Kind of word by code, whoever's it is. */
export const KIND_OF_CODE: readonly M2pWordKind[] = WORD_CODES.map((code) =>
  code === 'ours' || code === 'foreign' || code === 'stale' ? 'valid' : code,
);

/** True where the word is a PFN. */
export const isPfnCode = (code: number): boolean => code <= STALE;
/** True where nothing of the word is known. */
export const isGapCode = (code: number): boolean => code >= UNKNOWN;

/** A code a word. Without a P2M every PFN is believed. */
export function m2pCodes({ words, held, parts, wordsPerPage }: M2p, mfns?: Uint32Array): Uint8Array {
  const codes = new Uint8Array(words.length);
  for (let page = 0; page < held.length; page++) {
    const from = page * wordsPerPage;
    const to = Math.min(from + wordsPerPage, words.length);
    const state = held[page];
    if (state !== PAGE_HELD && state !== PAGE_PARTLY) codes.fill(state === PAGE_UNMAPPED ? UNMAPPED : UNKNOWN, from, to);
    else if (mfns) checkedCodes(codes, words, mfns, from, to);
    else believedCodes(codes, words, from, to);
    parts?.get(page)?.forEach((isHeld, word) => {
      if (isHeld !== 1) codes[from + word] = UNKNOWN;
    });
  }
  return codes;
}

function checkedCodes(codes: Uint8Array, words: Uint32Array, mfns: Uint32Array, from: number, to: number): void {
  for (let mfn = from; mfn < to; mfn++) {
    const word = words[mfn] ?? NO_FRAME;
    if (word < mfns.length) {
      const back = mfns[word];
      codes[mfn] = back === mfn ? OURS : back === NO_FRAME ? STALE : FOREIGN;
    } else codes[mfn] = codeBeyond(word, FOREIGN);
  }
}

function believedCodes(codes: Uint8Array, words: Uint32Array, from: number, to: number): void {
  for (let mfn = from; mfn < to; mfn++) codes[mfn] = codeBeyond(words[mfn] ?? NO_FRAME, OURS);
}

/** Of a word that is no number the guest has; `pfn`: what a PFN then is (VALID_M2P: the top bit is clear). */
function codeBeyond(word: number, pfn: number): number {
  if (word >= 0x8000_0000) return word === SHARED_M2P ? SHARED : INVALID;
  if (word === DEBUG_FILL) return DEBUG;
  return word === CHUNK_FILL ? CHUNK : pfn;
}

/** Words by code, of [from, to). */
export function countCodes(codes: Uint8Array, from = 0, to = codes.length): Uint32Array {
  const counts = new Uint32Array(WORD_CODES.length);
  for (let mfn = from; mfn < to; mfn++) {
    const code = codes[mfn] ?? UNKNOWN;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}
