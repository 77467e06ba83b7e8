import { type EntryShape, frameNamed, rightsLost } from '#core/paging/entry.ts';
import { leafAttrs, type Seen } from './run-attrs.ts';
import { ATTR_LEVEL_SHIFT, KIND_NOT_ZERO, type RunBuilder } from './run-columns.ts';

/** No entry has this as its low word: "nothing continues here". */
const NEVER = -1;
/** What an entry's low word grows by when the next one maps the next frame. */
const FRAME_STEP = 4096;

/**
 * Appends the runs of a last-level table, all of whose words are held. The one loop that sees every PTE: an entry that is the one before
 * plus one frame only lengthens the run, without being decoded.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one flat loop on purpose; calls per entry would cost more than the work.
export function scanLeafTable(words: Uint32Array, shape: EntryShape, seen: Seen, firstPage: number, runs: RunBuilder): void {
  const stride = shape.words;
  const end = shape.entries * stride;
  let nextLow = NEVER;
  let runHigh = 0;
  let length = 0;
  let lastTaken = -1;
  let attrs = 0;
  for (let at = 0; at < end; at += stride) {
    const low = words[at] ?? 0;
    const high = stride === 2 ? (words[at + 1] ?? 0) : 0;
    if (low === nextLow && high === runHigh) {
      length++;
      nextLow = low + FRAME_STEP;
      continue;
    }
    if (length > 0) {
      runs.lengthen(length);
      length = 0;
    }
    nextLow = NEVER;
    if ((low | high) === 0) continue;
    if ((low & 1) === 0) {
      runs.add(firstPage + at / stride, 1, -1, KIND_NOT_ZERO | (seen.level << ATTR_LEVEL_SHIFT), seen.node);
      continue;
    }
    const taken = rightsLost(shape, low, high);
    if (taken !== lastTaken) attrs = leafAttrs(seen, taken);
    lastTaken = taken;
    runs.add(firstPage + at / stride, 1, frameNamed(shape, low, high), attrs, seen.node);
    // Past 4 GiB the sum is no 32-bit word and matches nothing: the next entry is decoded, as it must be.
    nextLow = low + FRAME_STEP;
    runHigh = high;
  }
  if (length > 0) runs.lengthen(length);
}
