import { FRAME_BYTES } from '#core/memory/address.ts';
import type { Fragment } from './fragments.ts';
import type { PrintedBytes } from './printed-bytes.ts';

/** A stretch of one page that one fragment decides. */
export interface PageRun {
  readonly offset: number;
  readonly length: number;
  readonly fragment: Fragment;
}

/** The same bytes told twice, differently. */
export interface Conflict {
  /** First byte of the page that differs. */
  readonly offset: number;
  readonly earlier: Fragment;
  readonly later: Fragment;
}

/** The same bytes printed before and after a command that changed them. */
export interface Change {
  readonly earlier: Fragment;
  readonly event: Fragment;
  readonly later: Fragment;
}

export interface LaidPage {
  /** Ascending, disjoint; what no run covers was never spoken of. */
  readonly runs: readonly PageRun[];
  readonly conflicts: readonly Conflict[];
  readonly changes: readonly Change[];
}

/** Owner of each byte of the page at hand: index into the fragments laid, or -1. One for all, since laying never waits. */
const owners = new Int32Array(FRAME_BYTES);

/** Lays a page's fragments over one another: what the text says later wins, but "left out, so zero" never beats what was printed. */
export function layPage(fragments: readonly Fragment[], printed: PrintedBytes): LaidPage {
  const only = fragments[0];
  if (fragments.length === 1 && only !== undefined)
    return { runs: [{ offset: only.offset, length: only.length, fragment: only }], conflicts: [], changes: [] };
  const order = [...fragments].sort((a, b) => rank(a) - rank(b) || a.order - b.order);
  const { bytes } = printed;
  owners.fill(-1);
  const conflicts: Conflict[] = [];
  order.forEach((fragment, index) => {
    const conflict = layOne(order, fragment, index, bytes);
    if (conflict !== undefined) conflicts.push(conflict);
  });
  return { runs: runsOf(order), conflicts, changes: changesOf(order) };
}

const rank = ({ presence, event }: Fragment): number => (presence === 'assumed-zero' && !event ? 0 : 1);

/** Takes the fragment's bytes over; tells the first that was held or zero before and is another value now. */
function layOne(order: readonly Fragment[], fragment: Fragment, index: number, bytes: Uint8Array): Conflict | undefined {
  let conflict: Conflict | undefined;
  const end = fragment.offset + fragment.length;
  for (let offset = fragment.offset; offset < end; offset++) {
    const earlier = order[owners[offset] ?? -1];
    owners[offset] = index;
    if (conflict === undefined && earlier !== undefined && differs(earlier, fragment, offset, bytes)) conflict = { offset, earlier, later: fragment };
  }
  return conflict;
}

const isPrinted = ({ event, presence }: Fragment): boolean => !event && (presence === 'held' || presence === 'zero');

const differs = (earlier: Fragment, later: Fragment, offset: number, bytes: Uint8Array): boolean =>
  isPrinted(earlier) && isPrinted(later) && byteOf(earlier, offset, bytes) !== byteOf(later, offset, bytes);

const byteOf = (fragment: Fragment, offset: number, bytes: Uint8Array): number =>
  fragment.presence === 'held' ? (bytes[fragment.at + offset - fragment.offset] ?? 0) : 0;

const overlap = (a: Fragment, b: Fragment): boolean => a.offset < b.offset + b.length && b.offset < a.offset + a.length;

/** Commands between two printings of the same bytes: a change in time, not a contradiction. */
function changesOf(order: readonly Fragment[]): Change[] {
  return order
    .filter(({ event }) => event)
    .flatMap((event): Change[] => {
      const touched = order.filter((fragment) => isPrinted(fragment) && overlap(fragment, event));
      const earlier = touched.findLast((fragment) => fragment.order < event.order);
      const later = touched.find((fragment) => fragment.order > event.order);
      return earlier === undefined || later === undefined ? [] : [{ earlier, event, later }];
    });
}

function runsOf(order: readonly Fragment[]): PageRun[] {
  const runs: PageRun[] = [];
  for (let offset = 0; offset < FRAME_BYTES; ) {
    const owner = owners[offset] ?? -1;
    let end = offset + 1;
    while (end < FRAME_BYTES && owners[end] === owner) end++;
    const fragment = order[owner];
    if (fragment !== undefined) runs.push({ offset, length: end - offset, fragment });
    offset = end;
  }
  return runs;
}
