/** Index of the last of the first `count` values (ascending) that is at most `value`; -1 if none is. */
export function lastAtOrBelow(sorted: Float64Array | Uint32Array, value: number, count = sorted.length): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
