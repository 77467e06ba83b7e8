import { lastAtOrBelow } from '#core/base/bisect.ts';
import { AGREEING } from './direct-map.ts';
import type { PlaceColumns } from './place-columns.ts';
import type { Pointers } from './pointers.ts';

/** Bytes from the start of an mm_struct to its pgd, at most: 1C to 78 in kernels 2.6 to 6.12; it stands among the first fields. */
const WINDOW = 0x200;
/** Pairs of a twin and a pointer to a root looked at: real images have thousands, one made to look like pointers any number. */
const MOST_LOOKS = 2 ** 22;

/** How the mm_structs of an image hold their root. */
export interface PgdOffset {
  /** Bytes from the start of an mm_struct to its pgd. */
  readonly offset: number;
  /** By offset in the map of the mm_struct: that of the root. */
  readonly mms: ReadonlyMap<number, number>;
}

/**
 * The distance from what twins point at to a pointer to a root that fits most roots: tasks have `mm` and `active_mm` side by side (Linux
 * include/linux/sched.h), which are the same mm_struct for a process. Undefined where fewer than three roots agree.
 */
export function pgdOffset({ toRoots: found, twins, map }: Pointers): PgdOffset | undefined {
  const toRoots = found.sorted();
  const rootsAt = new Map<number, Set<number>>();
  eachNear(twins, toRoots, (offset, root) => {
    if (offset % map.wordBytes === 0) rootsAt.set(offset, (rootsAt.get(offset) ?? new Set()).add(root));
  });
  const [offset, roots] = [...rootsAt].sort((a, b) => b[1].size - a[1].size || a[0] - b[0])[0] ?? [0, new Set()];
  return roots.size < AGREEING ? undefined : { offset, mms: mmsAt(toRoots, offset) };
}

function eachNear(twins: PlaceColumns, toRoots: PlaceColumns, visit: (offset: number, root: number) => void): void {
  const { places } = toRoots;
  let looks = 0;
  for (let at = 0; at < twins.count; at++) {
    const start = twins.value(at);
    for (let i = lastAtOrBelow(places, start - 1) + 1; i < places.length && toRoots.place(i) < start + WINDOW; i++) {
      if (++looks > MOST_LOOKS) return;
      visit(toRoots.place(i) - start, toRoots.value(i));
    }
  }
}

function mmsAt(toRoots: PlaceColumns, offset: number): ReadonlyMap<number, number> {
  const mms = new Map<number, number>();
  for (let i = 0; i < toRoots.count; i++) mms.set(toRoots.place(i) - offset, toRoots.value(i));
  return mms;
}
