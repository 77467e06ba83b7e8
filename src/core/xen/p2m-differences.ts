import { NO_FRAME, type P2m } from './frame-numbers.ts';

/** Neighbouring PFNs for which two P2Ms name different frames, each going on by one or having none throughout. */
export interface P2mDifference {
  readonly pfn: number;
  readonly count: number;
  /** Of the first PFN, by each P2M in order; undefined where it says that there is none, or does not reach so far. */
  readonly mfns: readonly (number | undefined)[];
}

const MOST_RUNS = 200;

/** Where the first P2M and another differ. Beyond its own end a P2M says nothing: a guest may have grown since. */
export function p2mDifferences(p2ms: readonly P2m[]): readonly P2mDifference[] {
  const [first, ...others] = p2ms;
  if (!first) return [];
  const runs: { pfn: number; count: number; words: readonly number[] }[] = [];
  for (let pfn = 0; pfn < first.mfns.length; pfn++) {
    const mine = first.mfns[pfn];
    if (others.every(({ mfns }) => pfn >= mfns.length || mfns[pfn] === mine)) continue;
    const words = p2ms.map(({ mfns }) => mfns[pfn] ?? NO_FRAME);
    const last = runs.at(-1);
    if (last && goesOn(last, pfn, words)) last.count++;
    else if (runs.length === MOST_RUNS) break;
    else runs.push({ pfn, count: 1, words });
  }
  return runs.map(({ pfn, count, words }) => ({ pfn, count, mfns: words.map((word) => (word === NO_FRAME ? undefined : word)) }));
}

const goesOn = (
  run: { readonly pfn: number; readonly count: number; readonly words: readonly number[] },
  pfn: number,
  words: readonly number[],
): boolean => run.pfn + run.count === pfn && run.words.every((word, i) => words[i] === (word === NO_FRAME ? NO_FRAME : word + run.count));
