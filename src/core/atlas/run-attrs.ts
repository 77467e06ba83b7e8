import { NO_FETCH, NO_USER, NO_WRITE, rightsText } from '#core/paging/entry.ts';
import {
  ATTR_FETCH_LOST_AT_SHIFT,
  ATTR_KIND,
  ATTR_LEVEL_SHIFT,
  ATTR_USER_LOST_AT_SHIFT,
  ATTR_WRITE_LOST_AT_SHIFT,
  KIND_LOOP,
  KIND_READ_ONLY,
  KIND_WRITABLE,
} from './run-columns.ts';

/** How a table is seen on one visit: what the levels above it decided, in the layouts of `attrs`. */
export interface Seen {
  readonly node: number;
  readonly level: number;
  /** NO_WRITE | NO_USER | NO_FETCH, lost above. */
  readonly lost: number;
  /** Levels (+1) that took them, already shifted into place. */
  readonly lostAt: number;
  readonly inLoop: boolean;
}

/** `attrs` of a leaf seen so, having itself taken `taken`. */
export function leafAttrs(seen: Seen, taken: number): number {
  const lost = seen.lost | taken;
  const kind = seen.inLoop ? KIND_LOOP : (lost & NO_WRITE) !== 0 ? KIND_READ_ONLY : KIND_WRITABLE;
  return kind | (seen.level << ATTR_LEVEL_SHIFT) | seen.lostAt | levelsThatTook(taken & ~seen.lost, seen.level);
}

/** Bits of `attrs` naming `level` for each right in `taken`. */
export function levelsThatTook(taken: number, level: number): number {
  const mark = level + 1;
  return (
    ((taken & NO_WRITE) !== 0 ? mark << ATTR_WRITE_LOST_AT_SHIFT : 0) |
    ((taken & NO_USER) !== 0 ? mark << ATTR_USER_LOST_AT_SHIFT : 0) |
    ((taken & NO_FETCH) !== 0 ? mark << ATTR_FETCH_LOST_AT_SHIFT : 0)
  );
}

export const kindOf = (attrs: number): number => attrs & ATTR_KIND;
export const levelOfRun = (attrs: number): number => (attrs >>> ATTR_LEVEL_SHIFT) & 7;
/** Rights lost over all levels: those that some level took. */
export const lostOf = (attrs: number): number =>
  (markAt(attrs, ATTR_WRITE_LOST_AT_SHIFT) === 0 ? 0 : NO_WRITE) |
  (markAt(attrs, ATTR_USER_LOST_AT_SHIFT) === 0 ? 0 : NO_USER) |
  (markAt(attrs, ATTR_FETCH_LOST_AT_SHIFT) === 0 ? 0 : NO_FETCH);
const markAt = (attrs: number, shift: number): number => (attrs >>> shift) & 7;
/** True where the run maps memory. */
export const isMapped = (attrs: number): boolean => (attrs & ATTR_KIND) <= KIND_LOOP;
export const rightsOf = (attrs: number): string => (isMapped(attrs) ? rightsText(lostOf(attrs)) : '---');
/** Index of the level that first took the right `which` (NO_WRITE …), or undefined. */
export function levelThatTook(attrs: number, which: number): number | undefined {
  const shift = which === NO_WRITE ? ATTR_WRITE_LOST_AT_SHIFT : which === NO_USER ? ATTR_USER_LOST_AT_SHIFT : ATTR_FETCH_LOST_AT_SHIFT;
  const mark = markAt(attrs, shift);
  return mark === 0 ? undefined : mark - 1;
}
