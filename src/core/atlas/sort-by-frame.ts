/** Bits a pass. 256 buckets: more would write to more memory pages at once than a processor keeps at hand. */
const RADIX_BITS = 8;
const BUCKETS = 1 << RADIX_BITS;
const WORD = 2 ** 32;

/** Rows by ascending frame; stable. Radix sort with the keys carried along, so that nothing is looked up out of order. */
export function sortByFrame(rows: Uint32Array, frameOfRow: Float64Array): { readonly rows: Uint32Array; readonly firstFrame: Float64Array } {
  const keys = new Uint32Array(rows.length);
  let highest = 0;
  for (let i = 0; i < rows.length; i++) {
    const frame = frameOfRow[rows[i] ?? 0] ?? 0;
    // ToUint32 takes a frame modulo 2^32 exactly; dividing costs several times as much and is left for frames above.
    keys[i] = frame >>> 0;
    if (frame > highest) highest = frame;
  }
  const low = sortedByKey({ rows, keys }, Math.min(highest, WORD - 1));
  if (highest < WORD) return { rows: low.rows, firstFrame: Float64Array.from(low.keys) };
  return sortedByUpperHalf(low.rows, frameOfRow, highest);
}

/** Frames at and above 2^32 (16 TiB): a second sort by what lies above. */
function sortedByUpperHalf(rows: Uint32Array, frameOfRow: Float64Array, highest: number): ReturnType<typeof sortByFrame> {
  const keys = Uint32Array.from(rows, (row) => Math.floor((frameOfRow[row] ?? 0) / WORD));
  const sorted = sortedByKey({ rows, keys }, Math.floor(highest / WORD));
  return { rows: sorted.rows, firstFrame: Float64Array.from(sorted.rows, (row) => frameOfRow[row] ?? 0) };
}

interface Keyed {
  readonly rows: Uint32Array;
  readonly keys: Uint32Array;
}

function sortedByKey(keyed: Keyed, highest: number): Keyed {
  let sorted = keyed;
  for (let shift = 0; shift < 32 && highest >>> shift !== 0; shift += RADIX_BITS) sorted = radixPass(sorted, shift);
  return sorted;
}

function radixPass({ rows, keys }: Keyed, shift: number): Keyed {
  const next = bucketStarts(keys, shift);
  const to: Keyed = { rows: new Uint32Array(rows.length), keys: new Uint32Array(rows.length) };
  for (let i = 0; i < rows.length; i++) {
    const key = keys[i] ?? 0;
    const digit = (key >>> shift) & (BUCKETS - 1);
    const place = next[digit] ?? 0;
    next[digit] = place + 1;
    to.rows[place] = rows[i] ?? 0;
    to.keys[place] = key;
  }
  return to;
}

function bucketStarts(keys: Uint32Array, shift: number): Uint32Array {
  const next = new Uint32Array(BUCKETS + 1);
  for (let i = 0; i < keys.length; i++) {
    const bucket = (((keys[i] ?? 0) >>> shift) & (BUCKETS - 1)) + 1;
    next[bucket] = (next[bucket] ?? 0) + 1;
  }
  for (let b = 0; b < BUCKETS; b++) next[b + 1] = (next[b + 1] ?? 0) + (next[b] ?? 0);
  return next;
}
