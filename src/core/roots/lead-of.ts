import { frameOfWide, P, PS } from '#core/paging/entry.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { ABSENT, ALL_ZERO, type FrameClasses, NONE_PRESENT, TABLE_32, TABLE_64, UNKNOWN } from './frame-classes.ts';

/**
 * Empty tables that a level may name besides four for each other one: pages of zeros are named by the hundred where a page table is taken for a
 * table of tables. A root may name more: Linux gives the vmalloc area its PDPTs beforehand, 64 of them (arch/x86/mm/init_64.c,
 * preallocate_vmalloc_pages).
 */
export const mostEmpty = (level: number, tables: number): number => (level === 0 ? 128 : 32) + 4 * tables;

/** Where entries lead, by what they lead to most: to tables; elsewhere, as those of page tables do; to frames that have not been looked at yet. */
export type Lead = 'tables' | 'elsewhere' | 'unknown';

/** Where the entries of tables at a level that is not the last lead. `elsewhere` is the end of most candidates: no frame unknown now can change it. */
export function leadOf(classes: FrameClasses, mode: PagingMode, level: number, tables: readonly Uint32Array[]): Lead {
  const seen: Seen = { table: mode.entryBytes === 8 ? TABLE_64 : TABLE_32, tables: 0, unknown: 0, empty: 0, wrong: 0 };
  for (const words of tables) {
    if (mode.entryBytes === 8) lookAtWide(classes, words, seen);
    else lookAtNarrow(classes, words, seen);
  }
  const most = seen.tables + seen.unknown;
  if (seen.wrong > most || seen.empty > mostEmpty(level, most)) return 'elsewhere';
  return seen.unknown > seen.tables ? 'unknown' : 'tables';
}

interface Seen {
  /** The class of a table of the mode's width. */
  readonly table: number;
  tables: number;
  unknown: number;
  empty: number;
  wrong: number;
}

/** Entries with PS are leaves, or nothing that this mode has. */
const NAMES_A_TABLE = P | PS;

function lookAtWide(classes: FrameClasses, words: Uint32Array, seen: Seen): void {
  for (let i = 0; i < words.length; i += 2) {
    const low = words[i] ?? 0;
    if ((low & NAMES_A_TABLE) === P) note(classes.at(frameOfWide(low, words[i + 1] ?? 0)), seen);
  }
}

function lookAtNarrow(classes: FrameClasses, words: Uint32Array, seen: Seen): void {
  for (const word of words) if ((word & NAMES_A_TABLE) === P) note(classes.at(word >>> 12), seen);
}

function note(code: number, seen: Seen): void {
  if (code === UNKNOWN) seen.unknown++;
  else if ((code & seen.table) !== 0) seen.tables++;
  else if ((code & (ALL_ZERO | NONE_PRESENT)) !== 0) seen.empty++;
  else if (code !== ABSENT) seen.wrong++;
}
