import { alike, type FoldInput, isNothing, KIND_TABLE, kindAt, sameTable } from './fold-input.ts';

/** Consecutive slots alike: segment i is starts[i] … starts[i + 1] - 1. */
export interface Segments {
  readonly starts: Uint16Array;
  readonly count: number;
}

export const startOf = (segments: Segments, at: number): number => segments.starts[at] ?? 0;
export const lengthOf = (segments: Segments, at: number): number => startOf(segments, at + 1) - startOf(segments, at);

export function segmentsOf(input: FoldInput): Segments {
  const starts = new Uint16Array(input.entries + 1);
  let count = 1;
  for (let slot = 1; slot < input.entries; slot++) {
    if (!continues(input, starts[count - 1] ?? 0, slot)) starts[count++] = slot;
  }
  starts[count] = input.entries;
  return { starts, count };
}

/** Several slots naming one table are a row of their own, also beside tables that look alike: they are opened once. */
function continues(input: FoldInput, start: number, slot: number): boolean {
  if (!alike(input, start, slot)) return false;
  if (kindAt(input, slot) !== KIND_TABLE) return true;
  if (sameTable(input, slot - 1, slot)) return sameTable(input, start, slot);
  const repeatsSoFar = slot - start > 1 && sameTable(input, start, start + 1);
  return !repeatsSoFar && !(slot + 1 < input.entries && sameTable(input, slot, slot + 1));
}

/** A stride needs this many slots: fewer are shorter written out. */
const STRIDE_LEAST = 4;
export interface Stride {
  /** First and last slot of the stride itself. */
  readonly first: number;
  readonly last: number;
  readonly step: number;
  /** First and last slot that lies between, with what is left over at either end. */
  readonly fillFirst: number;
  readonly fillLast: number;
  readonly nextSegment: number;
}

/** The stride that starts at segment `at`, or right after it if that is a remnant of what lies between; undefined if none. */
export function strideAt(input: FoldInput, segments: Segments, at: number): Stride | undefined {
  if (isMember(input, segments, at)) return strideFrom(input, segments, at, startOf(segments, at) + 1);
  return isRemnant(input, segments, at, at + 2) ? strideFrom(input, segments, at + 1, startOf(segments, at)) : undefined;
}

function strideFrom(input: FoldInput, segments: Segments, head: number, fillFirst: number): Stride | undefined {
  if (!isMember(input, segments, head)) return undefined;
  let tail = head;
  while (repeats(input, segments, head, tail)) tail += 2;
  if ((tail - head) / 2 + 1 < STRIDE_LEAST) return undefined;
  const rest = isRemnant(input, segments, tail + 1, head + 1);
  const nextSegment = rest ? tail + 2 : tail + 1;
  const last = startOf(segments, tail);
  const fillLast = rest ? startOf(segments, nextSegment) - 1 : last - 1;
  return { first: startOf(segments, head), last, step: lengthOf(segments, head + 1) + 1, fillFirst, fillLast, nextSegment };
}

const isMember = (input: FoldInput, segments: Segments, at: number): boolean =>
  at < segments.count && lengthOf(segments, at) === 1 && !isNothing(kindAt(input, startOf(segments, at)));

/** True where the two segments after `tail` are once more the gap and the single slot that stand at `head`. */
function repeats(input: FoldInput, segments: Segments, head: number, tail: number): boolean {
  if (tail + 2 >= segments.count || lengthOf(segments, tail + 2) !== 1) return false;
  if (lengthOf(segments, tail + 1) !== lengthOf(segments, head + 1)) return false;
  const sameGap = alike(input, startOf(segments, head + 1), startOf(segments, tail + 1));
  return sameGap && alike(input, startOf(segments, head), startOf(segments, tail + 2));
}

/** A piece of what lies between, no longer than it: the stride began, or stops, in the middle of a gap. */
function isRemnant(input: FoldInput, segments: Segments, at: number, gap: number): boolean {
  return (
    Math.max(at, gap) < segments.count &&
    lengthOf(segments, at) <= lengthOf(segments, gap) &&
    alike(input, startOf(segments, at), startOf(segments, gap))
  );
}

export const onStride = (stride: Stride, slot: number): boolean =>
  slot >= stride.first && slot <= stride.last && (slot - stride.first) % stride.step === 0;
