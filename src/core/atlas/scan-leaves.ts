import { type EntryShape, frameNamed, P, RW, rightsLost, US } from '#core/paging/entry.ts';
import { leafAttrs, type Seen } from './run-attrs.ts';
import { ATTR_LEVEL_SHIFT, KIND_NOT_ZERO, KIND_ZERO, MOST_32, type RunBuilder } from './run-columns.ts';

/** What an entry's low word grows by when the next one maps the next frame. */
const FRAME_STEP = 4096;
/** Bits 51:32 of an entry's machine address, in its high word. */
const FRAME_HIGH = 0xf_ffff;
/** The low word of no present entry: "nothing continues here". */
const NEVER = 0;

/**
 * Appends the runs of a last-level table, all of whose words are held. The one loop that sees every PTE: an
 * entry that is the one before plus one frame is the same run, and is neither decoded nor written.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one flat loop on purpose; calls per entry would cost more than the work.
export function scanLeafTable(words: Uint32Array, shape: EntryShape, seen: Seen, firstPage: number, runs: RunBuilder): void {
  const { entries, words: width } = shape;
  runs.beginTable(firstPage, entries);
  const { firstPage: pages, attrs: kinds } = runs;
  let { firstFrame: frames, count: row, lastAttrs: last, nextFrame: lead } = runs;
  let rights = -1;
  let attrs = 0;
  let nextLow = NEVER;
  let nextHigh = 0;
  for (let slot = 0; slot < entries; slot++) {
    // As signed words, so that sums stay whole numbers of 32 bits.
    const low = (words[slot * width] ?? 0) | 0;
    const high = width === 2 ? (words[slot * 2 + 1] ?? 0) | 0 : 0;
    let what = KIND_ZERO;
    let frame = 0;
    if ((low & P) === 0) {
      nextLow = NEVER;
      if ((low | high) !== 0) what = KIND_NOT_ZERO | (seen.level << ATTR_LEVEL_SHIFT);
      if (what === last) continue;
    } else {
      const continues = low === nextLow && high === nextHigh;
      // The last frame below a 4 GiB border is followed by one with another high word.
      nextLow = low >= -FRAME_STEP && low < 0 ? NEVER : (low + FRAME_STEP) | 0;
      if (continues) continue;
      nextHigh = high;
      const taking = (low & (RW | US)) | (high >>> 31);
      if (taking !== rights) attrs = leafAttrs(seen, rightsLost(shape, low, high));
      rights = taking;
      what = attrs;
      frame = (high & FRAME_HIGH) === 0 ? low >>> 12 : frameNamed(shape, low, high);
      if (what === last && frame - slot === lead) continue;
      lead = frame - slot;
    }
    if (frame > MOST_32) frames = runs.widenFrames();
    pages[row] = firstPage + slot;
    frames[row] = frame;
    kinds[row++] = what;
    last = what;
  }
  runs.continueAfter(row, firstPage + entries, lead + entries, last);
  // All entries are zero where the last row is, and began no later than the table.
  if (last !== KIND_ZERO || (pages[row - 1] ?? 0) > firstPage) runs.touched++;
}
