import type { M2p, M2pWordKind } from './m2p.ts';
import { isGapCode, isPfnCode, KIND_OF_CODE, m2pCodes } from './m2p-kinds.ts';

/** Neighbouring words that go on by a constant step. */
export interface M2pRun {
  readonly firstMfn: number;
  readonly lastMfn: number;
  /** Of the first word; 0 where it is not known. */
  readonly value: number;
  /** 1, -1 or 0. */
  readonly step: number;
  readonly kind: M2pWordKind;
}

/** Runs of words, ascending by MFN; words that cannot be read are runs too. Fills and valid words are never joined. */
export function* m2pRuns(m2p: M2p): Generator<M2pRun, void> {
  const codes = m2pCodes(m2p);
  for (let first = 0; first < codes.length; ) {
    const run = runFrom(m2p.words, codes, first);
    yield run;
    first = run.lastMfn + 1;
  }
}

/** The run that begins with a word. */
export function runFrom(words: Uint32Array, codes: Uint8Array, firstMfn: number): M2pRun {
  const end = runEnd(words, codes, firstMfn);
  const code = codes[firstMfn] ?? 0;
  const value = isGapCode(code) ? 0 : (words[firstMfn] ?? 0);
  const step = isPfnCode(code) && end > firstMfn + 1 ? (words[firstMfn + 1] ?? 0) - value : 0;
  return { firstMfn, lastMfn: end - 1, value, step, kind: KIND_OF_CODE[code] ?? 'unknown' };
}

/** First MFN of each run, ascending: four bytes a run. */
export function runStarts(words: Uint32Array, codes: Uint8Array): Uint32Array {
  let starts = new Uint32Array(1024);
  let count = 0;
  for (let mfn = 0; mfn < codes.length; mfn = runEnd(words, codes, mfn)) {
    if (count === starts.length) {
      const wider = new Uint32Array(Math.min(codes.length, count * 4));
      wider.set(starts);
      starts = wider;
    }
    starts[count++] = mfn;
  }
  // A copy frees the room left; of an array that is nearly full it would only cost another.
  return count * 2 > starts.length ? starts.subarray(0, count) : starts.slice(0, count);
}

/** One past the last MFN of the run that begins with a word: PFNs that go up or down by one or stay, other words that are alike. */
function runEnd(words: Uint32Array, codes: Uint8Array, first: number): number {
  const code = codes[first] ?? 0;
  if (isPfnCode(code)) return pfnsEnd(words, codes, first);
  const isGap = isGapCode(code);
  const word = words[first];
  let end = first + 1;
  while (end < codes.length && codes[end] === code && (isGap || words[end] === word)) end++;
  return end;
}

function pfnsEnd(words: Uint32Array, codes: Uint8Array, first: number): number {
  let end = first + 1;
  const step = (words[end] ?? 0) - (words[first] ?? 0);
  if (step > 1 || step < -1) return end;
  while (end < codes.length && isPfnCode(codes[end] ?? 0) && (words[end] ?? 0) - (words[end - 1] ?? 0) === step) end++;
  return end;
}
