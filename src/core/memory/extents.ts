import { lastAtOrBelow } from '#core/base/bisect.ts';
import { commas, hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import { MACHINE_END } from './address.ts';
import { type Absence, EXTENT_ASSUMED_ZERO, EXTENT_HELD, EXTENT_ZERO, type ExtentColumns } from './memory-image.ts';
import type { Presence } from './presence.ts';

/** What a format says of a stretch of machine memory. In any order; where two overlap, the one given first wins. */
export interface Extent {
  /** Machine address of the first byte. */
  readonly start: number;
  /** Bytes. */
  readonly length: number;
  /** Where the bytes lie in the source: `held` only. */
  readonly fileOffset?: number;
  /** `held` if left out. `absent`: the dump names the stretch but lacks its bytes; `reason` says why. */
  readonly presence?: Presence;
  /** For `absent`. */
  readonly reason?: string;
}

/** Row that covers an address, or -1. */
export function rowAt({ count, start, length }: ExtentColumns, address: number): number {
  const row = lastAtOrBelow(start, address, count);
  return row >= 0 && address < (start[row] ?? 0) + (length[row] ?? 0) ? row : -1;
}

export interface ResolvedExtents {
  readonly columns: ExtentColumns;
  /** Ascending by start, disjoint. */
  readonly absences: readonly Absence[];
  readonly problems: readonly Problem[];
}

/** An extent or absence without overlaps. `from` is the index of the extent it came of. */
interface Stretch {
  readonly from: number;
  start: number;
  end: number;
}

/** Clips extents to the source, settles overlaps (the first given wins), merges what goes on, and says what was wrong. */
export function resolveExtents(given: readonly Extent[], sourceSize: number): ResolvedExtents {
  const problems: Problem[] = [];
  const clipped = clip(given, sourceSize, problems);
  const { stretches, conflict } = settle(clipped);
  if (conflict !== undefined) problems.push(conflict);
  return { columns: toColumns(clipped, stretches), absences: toAbsences(clipped, stretches), problems };
}

/** Held parts first, then what is absent, so that bytes given anywhere beat a gap told anywhere. */
function clip(given: readonly Extent[], sourceSize: number, problems: Problem[]): Extent[] {
  const present: Extent[] = [];
  const absent: Extent[] = [];
  let lost = 0;
  for (const extent of given) {
    const whole = { ...extent, length: Math.min(extent.length, MACHINE_END - extent.start) };
    if (!(whole.length > 0) || !(whole.start >= 0)) continue;
    if (whole.presence === 'absent') absent.push(whole);
    else if ((whole.presence ?? 'held') !== 'held') present.push(whole);
    else lost += clipHeld(whole, sourceSize, present, absent);
  }
  if (lost > 0) problems.push(cutProblem(lost, sourceSize));
  return [...present, ...absent];
}

/** Adds the part within the source to `present`, the rest to `absent`; returns the bytes of the rest. */
function clipHeld(extent: Extent, sourceSize: number, present: Extent[], absent: Extent[]): number {
  const held = Math.max(0, Math.min(extent.length, sourceSize - (extent.fileOffset ?? 0)));
  if (held > 0) present.push({ ...extent, length: held });
  const lost = extent.length - held;
  if (lost > 0) {
    const reason = `past the end of the file (cut at ${commas(sourceSize)} bytes)`;
    absent.push({ start: extent.start + held, length: lost, presence: 'absent', reason });
  }
  return lost;
}

function cutProblem(lost: number, sourceSize: number): Problem {
  return {
    kind: 'extents-beyond-end',
    text: `The file ends after ${commas(sourceSize)} bytes, but ${commas(lost)} bytes of memory should follow: it was cut short. What is there can be read.`,
    severity: 'loss',
    fileOffset: sourceSize,
  };
}

/**
 * Cuts all stretches at all boundaries and gives each cell to the first extent that covers it. `skip[c]` leads to the next free cell
 * at or after c (with path halving), so each cell is given once, however many extents overlap.
 */
function settle(extents: readonly Extent[]): { stretches: Stretch[]; conflict: Problem | undefined } {
  const bounds = boundaries(extents);
  const owner = new Int32Array(bounds.length).fill(-1);
  const skip = Int32Array.from({ length: bounds.length + 1 }, (_, cell) => cell);
  let conflict: Problem | undefined;
  extents.forEach((extent, index) => {
    const end = lastAtOrBelow(bounds, extent.start + extent.length);
    let expected = lastAtOrBelow(bounds, extent.start);
    for (let cell = nextFree(skip, expected); expected < end; cell = nextFree(skip, expected)) {
      if (cell > expected) conflict ??= conflictOf(extents[owner[expected] ?? -1], extent);
      if (cell < end) {
        owner[cell] = index;
        skip[cell] = cell + 1;
      }
      expected = cell + 1;
    }
  });
  return { stretches: joinCells(bounds, owner, extents), conflict };
}

function boundaries(extents: readonly Extent[]): Float64Array {
  const all = new Float64Array(extents.length * 2);
  extents.forEach((extent, index) => {
    all[index * 2] = extent.start;
    all[index * 2 + 1] = extent.start + extent.length;
  });
  all.sort();
  return all.filter((value, index) => index === 0 || value !== all[index - 1]);
}

function nextFree(skip: Int32Array, from: number): number {
  let cell = from;
  for (let next = skip[cell] ?? cell; next !== cell; next = skip[cell] ?? cell) {
    skip[cell] = skip[next] ?? next;
    cell = next;
  }
  return cell;
}

/** Overlaps that give the same bytes (as a dump by virtual mapping has by the thousand) are none. */
function conflictOf(winner: Extent | undefined, loser: Extent): Problem | undefined {
  if (winner === undefined || loser.presence === 'absent' || sameBytes(winner, loser)) return undefined;
  return {
    kind: 'extents-overlap',
    text: `Memory at ${hex(loser.start)} is given twice in different places of the file (${commas(winner.fileOffset ?? 0)} and ${commas(loser.fileOffset ?? 0)}); the first is used.`,
    severity: 'note',
    fileOffset: loser.fileOffset ?? 0,
  };
}

function sameBytes(a: Extent, b: Extent): boolean {
  if ((a.presence ?? 'held') !== (b.presence ?? 'held')) return false;
  if (a.presence === 'absent') return a.reason === b.reason;
  return a.fileOffset === undefined || b.fileOffset === undefined ? a.fileOffset === b.fileOffset : a.fileOffset - a.start === b.fileOffset - b.start;
}

function joinCells(bounds: Float64Array, owner: Int32Array, extents: readonly Extent[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (let cell = 0; cell + 1 < bounds.length; cell++) {
    const from = owner[cell] ?? -1;
    const extent = extents[from];
    if (extent === undefined) continue;
    const start = bounds[cell] ?? 0;
    const end = bounds[cell + 1] ?? 0;
    const last = stretches.at(-1);
    const before = last === undefined ? undefined : extents[last.from];
    if (last !== undefined && before !== undefined && last.end === start && sameBytes(before, extent)) last.end = end;
    else stretches.push({ from, start, end });
  }
  return stretches;
}

const KINDS: Readonly<Record<Exclude<Presence, 'absent'>, number>> = { held: EXTENT_HELD, zero: EXTENT_ZERO, 'assumed-zero': EXTENT_ASSUMED_ZERO };

function toColumns(extents: readonly Extent[], stretches: readonly Stretch[]): ExtentColumns {
  const present = stretches.filter(({ from }) => extents[from]?.presence !== 'absent');
  const extentOf = ({ from }: Stretch): Extent | undefined => extents[from];
  return {
    count: present.length,
    start: Float64Array.from(present, ({ start }) => start),
    length: Float64Array.from(present, ({ start, end }) => end - start),
    fileOffset: Float64Array.from(present, (stretch) => (extentOf(stretch)?.fileOffset ?? 0) + stretch.start - (extentOf(stretch)?.start ?? 0)),
    kind: Uint8Array.from(present, (stretch) => {
      const presence = extentOf(stretch)?.presence ?? 'held';
      return presence === 'absent' ? EXTENT_HELD : KINDS[presence];
    }),
  };
}

function toAbsences(extents: readonly Extent[], stretches: readonly Stretch[]): Absence[] {
  const absences: Absence[] = [];
  for (const { from, start, end } of stretches) {
    const extent = extents[from];
    if (extent?.presence === 'absent') absences.push({ start, end, reason: extent.reason ?? 'not in this dump' });
  }
  return absences;
}
