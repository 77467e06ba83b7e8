import { P, PS } from '#core/paging/entry.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { ABSENT, ALL_ZERO, type FrameClasses, NONE_PRESENT, TABLE_32, TABLE_64, UNKNOWN } from './frame-classes.ts';

/**
 * Empty tables that a level may name besides four for each other one: pages of zeros are named by the hundred where a page table is taken for a
 * table of tables. A root may name more: Linux gives the vmalloc area its PDPTs beforehand, 64 of them (arch/x86/mm/init_64.c,
 * preallocate_vmalloc_pages).
 */
export const mostEmpty = (level: number, tables: number): number => (level === 0 ? 128 : 32) + 4 * tables;

/**
 * True where entries of tables at a level, which is not the last, lead more to what is no table than to tables, or mostly to pages of zeros:
 * the end of most candidates, which are page tables. What has not been looked at yet counts as tables.
 */
export function leadElsewhere(classes: FrameClasses, mode: PagingMode, level: number, tables: readonly Uint32Array[]): boolean {
  const seen: Seen = { table: mode.entryBytes === 8 ? TABLE_64 : TABLE_32, good: 0, empty: 0, wrong: 0 };
  for (const words of tables) {
    if (mode.entryBytes === 8) lookAtWide(classes, words, seen);
    else lookAtNarrow(classes, words, seen);
  }
  return seen.wrong > seen.good || seen.empty > mostEmpty(level, seen.good);
}

interface Seen {
  /** The class of a table of the mode's width. */
  readonly table: number;
  good: number;
  empty: number;
  wrong: number;
}

/** Entries with PS are leaves, or nothing that this mode has. */
const NAMES_A_TABLE = P | PS;

function lookAtWide(classes: FrameClasses, words: Uint32Array, seen: Seen): void {
  for (let i = 0; i < words.length; i += 2) {
    const low = words[i] ?? 0;
    if ((low & NAMES_A_TABLE) === P) note(classes.at(((words[i + 1] ?? 0) & 0xf_ffff) * 2 ** 20 + (low >>> 12)), seen);
  }
}

function lookAtNarrow(classes: FrameClasses, words: Uint32Array, seen: Seen): void {
  for (const word of words) if ((word & NAMES_A_TABLE) === P) note(classes.at(word >>> 12), seen);
}

function note(code: number, seen: Seen): void {
  if (code === UNKNOWN || (code & seen.table) !== 0) seen.good++;
  else if ((code & (ALL_ZERO | NONE_PRESENT)) !== 0) seen.empty++;
  else if (code !== ABSENT) seen.wrong++;
}
