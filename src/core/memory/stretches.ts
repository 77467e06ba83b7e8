import { machineAddress } from './address.ts';
import { EXTENT_HELD, EXTENT_ZERO, type MemoryImage } from './memory-image.ts';
import type { Presence } from './presence.ts';

/** Machine memory of one presence: bytes [start, end). */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly presence: Presence;
  /** For `absent`: why. */
  readonly reason?: string;
  /** Absent, and the dump does not name it: it lies between what it speaks of. */
  readonly isHole?: boolean;
}

/**
 * All machine memory from 0 to the last byte that the dump speaks of, ascending, without gaps; neighbours of one presence are one stretch.
 * A hole of a format that tells of each byte only when asked has the reason of its first byte.
 */
export function* stretchesOf(image: MemoryImage): Generator<Stretch, void> {
  let waiting: Stretch | undefined;
  for (const stretch of pieces(image)) {
    if (waiting !== undefined && isMore(waiting, stretch)) waiting = { ...waiting, end: stretch.end };
    else {
      if (waiting !== undefined) yield waiting;
      waiting = stretch;
    }
  }
  if (waiting !== undefined) yield waiting;
}

const isMore = (one: Stretch, next: Stretch): boolean => one.presence === next.presence && one.reason === next.reason && one.isHole === next.isHole;

function* pieces(image: MemoryImage): Generator<Stretch, void> {
  const { count, start, length, kind } = image.extents;
  const { absences = [] } = image;
  const gaps = new Gaps(image);
  let at = 0;
  for (let row = 0; row < count; row++) {
    const from = start[row] ?? 0;
    yield* gaps.between(at, from);
    at = from + (length[row] ?? 0);
    yield { start: from, end: at, presence: kind[row] === EXTENT_HELD ? 'held' : kind[row] === EXTENT_ZERO ? 'zero' : 'assumed-zero' };
  }
  yield* gaps.between(at, absences.at(-1)?.end ?? at);
}

/** What is absent, cut where the dump's own absences begin and end. Asked in ascending order. */
class Gaps {
  readonly #image: MemoryImage;
  #next = 0;

  constructor(image: MemoryImage) {
    this.#image = image;
  }

  *between(from: number, to: number): Generator<Stretch, void> {
    const { absences = [] } = this.#image;
    let at = from;
    while (at < to) {
      while ((absences[this.#next]?.end ?? Number.POSITIVE_INFINITY) <= at) this.#next++;
      const named = absences[this.#next];
      const isHole = named === undefined || named.start > at;
      const end = Math.min(to, isHole ? (named?.start ?? to) : named.end);
      const reason = this.#image.whyAbsent(machineAddress(at));
      yield { start: at, end, presence: 'absent', reason, ...(isHole && { isHole }) };
      at = end;
    }
  }
}
