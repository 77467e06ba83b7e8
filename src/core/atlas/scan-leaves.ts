import { type EntryShape, frameNamed, P, RW, rightsLost, US } from '#core/paging/entry.ts';
import { leafAttrs, type Seen } from './run-attrs.ts';
import { ATTR_LEVEL_SHIFT, KIND_NOT_ZERO, KIND_ZERO, MOST_32, type RunBuilder } from './run-columns.ts';

/** Bits 51:32 of an entry's machine address, in its high word. */
const FRAME_HIGH = 0xf_ffff;

/**
 * Appends the runs of a last-level table, all of whose words are held. The one loop that sees every PTE: rights are worked out where they
 * change, and an entry that continues the row before is not written.
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one flat loop on purpose; calls per entry would cost more than the work.
export function scanLeafTable(words: Uint32Array, shape: EntryShape, seen: Seen, firstPage: number, runs: RunBuilder): void {
  const { entries, words: width } = shape;
  runs.beginTable(firstPage, entries);
  const { firstPage: pages, attrs: kinds } = runs;
  let { firstFrame: frames, count: row, lastAttrs: last, nextFrame: lead } = runs;
  const notZero = KIND_NOT_ZERO | (seen.level << ATTR_LEVEL_SHIFT);
  let rights = -1;
  let attrs = 0;
  for (let slot = 0; slot < entries; slot++) {
    // As signed words, so that sums stay whole numbers of 32 bits.
    const low = (words[slot * width] ?? 0) | 0;
    const high = width === 2 ? (words[slot * 2 + 1] ?? 0) | 0 : 0;
    if ((low & P) !== 0) {
      const taking = (low & (RW | US)) | (high >>> 31);
      if (taking !== rights) attrs = leafAttrs(seen, rightsLost(shape, low, high));
      rights = taking;
      const frame = (high & FRAME_HIGH) === 0 ? low >>> 12 : frameNamed(shape, low, high);
      if (attrs === last && frame - slot === lead) continue;
      if (frame > MOST_32) frames = runs.widenFrames();
      frames[row] = frame;
      lead = frame - slot;
      last = attrs;
    } else {
      const what = (low | high) === 0 ? KIND_ZERO : notZero;
      if (what === last) continue;
      frames[row] = 0;
      last = what;
    }
    pages[row] = firstPage + slot;
    kinds[row++] = last;
  }
  runs.continueAfter(row, firstPage + entries, lead + entries, last);
  // All entries are zero where the last row is, and began no later than the table.
  if (last !== KIND_ZERO || (pages[row - 1] ?? 0) > firstPage) runs.touched++;
}
