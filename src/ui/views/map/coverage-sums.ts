import { COVERAGE_COLUMNS, type Coverage, type PageCounts } from '#core/session/contract.ts';

/** Pages by kind of the whole window of a coverage. */
export function sumsOf(coverage: Coverage): PageCounts {
  const sums = Object.fromEntries(COVERAGE_COLUMNS.map((name) => [name, 0])) as Record<(typeof COVERAGE_COLUMNS)[number], number>;
  for (let at = 0; at < coverage.counts.length; at++) {
    const name = COVERAGE_COLUMNS[at % COVERAGE_COLUMNS.length];
    if (name) sums[name] += coverage.counts[at] ?? 0;
  }
  return sums;
}

export const presentIn = (counts: PageCounts): number => counts.writable + counts['read-only'] + counts.loop;

/** Constant distance between the present bins of a coverage, if there is one and at least three are present: 2 is "one in two". */
export function strideOf(coverage: Coverage): number | undefined {
  const present: number[] = [];
  for (let bin = 0; bin < coverage.bins; bin++) {
    const at = bin * COVERAGE_COLUMNS.length;
    if ((coverage.counts[at] ?? 0) + (coverage.counts[at + 1] ?? 0) + (coverage.counts[at + 2] ?? 0) > 0) present.push(bin);
  }
  const stride = (present[1] ?? 0) - (present[0] ?? 0);
  if (present.length < 3 || stride < 2) return undefined;
  return present.every((bin, i) => i === 0 || bin - (present[i - 1] ?? 0) === stride) ? stride : undefined;
}
