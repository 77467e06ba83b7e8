import { ALL_ZERO, type FrameClasses } from './frame-classes.ts';
import type { HeldStretch } from './held-frames.ts';
import { FRAMES_PER_READ } from './read-stretches.ts';

/** 512 KiB: reading so much costs a browser as much as one more read. */
const LONG_GAP = 128;

/** What a dump holds, without runs of 128 frames or more that are known to be zero: half of a guest's memory and more. */
export function* notZero(classes: FrameClasses): Generator<HeldStretch, void> {
  const { held } = classes;
  for (const stretch of held.stretches(0, held.count, FRAMES_PER_READ)) yield* partsOf(stretch, (i) => isZero(classes, stretch.index + i));
}

const isZero = (classes: FrameClasses, index: number): boolean => (classes.codeAt(index) & ALL_ZERO) !== 0;

function* partsOf({ index, firstFrame, frames }: HeldStretch, isZeroAt: (i: number) => boolean): Generator<HeldStretch, void> {
  let start = -1;
  let end = 0;
  for (let i = 0; i < frames; i++) {
    if (isZeroAt(i)) continue;
    if (start >= 0 && i - end >= LONG_GAP) {
      yield { index: index + start, firstFrame: firstFrame + start, frames: end - start };
      start = -1;
    }
    if (start < 0) start = i;
    end = i + 1;
  }
  if (start >= 0) yield { index: index + start, firstFrame: firstFrame + start, frames: end - start };
}
