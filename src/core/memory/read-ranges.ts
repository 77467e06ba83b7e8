import type { ByteSource } from './byte-source.ts';

/** A stretch of a source, in bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** Reads of the source and the bytes they brought, counted up by every call. */
export interface ReadCounters {
  reads: number;
  bytes: number;
}

/** Ranges nearer than this are read in one go: a read costs as much as some 64 KiB of bytes. */
const GAP_BYTES = 64 * 1024;
const GROUP_BYTES = 4 * 1024 * 1024;
const ALIGNMENT = 4096;
const LONG_BYTES = 1024 * 1024;
/** More reads at once bring nothing in any browser measured, and hold memory. */
const IN_FLIGHT = 8;

/** Neighbouring ranges read together: `members` are indexes into the ranges asked for. */
interface Group {
  readonly start: number;
  end: number;
  readonly members: number[];
}

/**
 * Reads many ranges with few reads: sorted, neighbours merged, at most 8 reads in flight. Results come in the order asked for; each
 * owns its bytes, and is shorter than asked where the source ends.
 * @throws what `source.read` throws.
 */
export async function readRanges(source: ByteSource, ranges: readonly ByteRange[], counters?: ReadCounters): Promise<Uint8Array[]> {
  const results = ranges.map(() => new Uint8Array(0));
  const groups = groupRanges(ranges, source.size);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let group = groups[next++]; group !== undefined; group = groups[next++]) await readGroup(source, ranges, group, results, counters);
  };
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, groups.length) }, worker));
  return results;
}

function groupRanges(ranges: readonly ByteRange[], size: number): Group[] {
  const order = ranges.map((_, index) => index).sort((a, b) => (ranges[a]?.offset ?? 0) - (ranges[b]?.offset ?? 0));
  const groups: Group[] = [];
  for (const index of order) {
    const range = ranges[index];
    if (range === undefined || range.length <= 0 || range.offset >= size) continue;
    joinGroup(groups, index, range, size);
  }
  return groups;
}

function joinGroup(groups: Group[], index: number, range: ByteRange, size: number): void {
  const start = Math.floor(range.offset / ALIGNMENT) * ALIGNMENT;
  const end = Math.min(size, Math.ceil((range.offset + range.length) / ALIGNMENT) * ALIGNMENT);
  const last = groups.at(-1);
  if (last !== undefined && start <= last.end + GAP_BYTES && Math.max(end, last.end) - last.start <= GROUP_BYTES) {
    last.end = Math.max(last.end, end);
    last.members.push(index);
  } else groups.push({ start, end, members: [index] });
}

async function readGroup(
  source: ByteSource,
  ranges: readonly ByteRange[],
  group: Group,
  results: Uint8Array[],
  counters?: ReadCounters,
): Promise<void> {
  const bytes = await source.read(group.start, group.end - group.start);
  if (counters !== undefined) {
    counters.reads++;
    counters.bytes += bytes.length;
  }
  for (const index of group.members) {
    const range = ranges[index];
    if (range === undefined) continue;
    const from = range.offset - group.start;
    // A long range by itself takes the bytes read over: copying them would cost as much as reading them.
    results[index] =
      group.members.length === 1 && range.length >= LONG_BYTES ? bytes.subarray(from, from + range.length) : bytes.slice(from, from + range.length);
  }
}
