import { invariant } from '#core/base/invariant.ts';
import type { PagingMode } from './mode.ts';
import { entriesAt, levelOf } from './modes.ts';

/** P and A: read-only, as Xen demands of an entry that names a table of its own level (reference 5.3). */
export const READ_ONLY_ENTRY = 0x021;

/** One entry to write. */
export interface RecursiveEntry {
  /** Slot in the table that holds it. */
  readonly slot: number;
  /** Machine address of the entry: what mmu_update is given. */
  readonly entryAddress: number;
  /** Which of the named tables it names. */
  readonly names: number;
  /** Value to write; below 2^53, exact. */
  readonly value: number;
}

/** Where the entries of one level are seen: that of VA is at page * 4096 + (VA >> shift) * entry size. */
export interface SeenLevel {
  readonly entryName: string;
  readonly page: number;
  readonly shift: number;
}

/** A place from which a guest would see its own page tables as memory. */
export interface RecursiveMap {
  /** Which of the named tables holds the entries. */
  readonly holder: number;
  readonly entries: readonly RecursiveEntry[];
  readonly firstPage: number;
  readonly pageCount: number;
  /** The PTEs first, at `firstPage`; the top level last. A PAE map shows no PDPTEs. */
  readonly levels: readonly SeenLevel[];
  /** Where the first of the entries itself is seen. */
  readonly ownEntry: { readonly page: number; readonly offset: number };
}

/** Neighbouring entries that a map takes, and how many places for its first there are. */
export interface RecursivePlaces {
  /** 4 in PAE, where each page directory needs one; else 1. */
  readonly entries: 4 | 1;
  /** Entries of all holders together: 2048 in PAE, else those of the root table. */
  readonly count: number;
}

export function recursivePlaces(mode: PagingMode): RecursivePlaces {
  return mode.rootEntries === 4 ? { entries: 4, count: 4 * entriesAt(levelOf(mode, 1)) } : { entries: 1, count: mode.rootEntries };
}

/**
 * The recursive map that begins at an entry: of the root table, or in PAE of the four page directories counted through, where it is a
 * multiple of four.
 * @param tables frame of the root table; in PAE frames of PD[0] … PD[3]
 */
export function recursiveMap(mode: PagingMode, first: number, tables: readonly number[]): RecursiveMap {
  const places = recursivePlaces(mode);
  invariant(first % places.entries === 0 && first >= 0 && first < places.count, 'a recursive map begins at a whole place');
  invariant(tables.length === places.entries, 'each named table has a frame');
  const level = levelOf(mode, places.entries === 4 ? 1 : 0);
  const slots = entriesAt(level);
  const holder = Math.floor(first / slots);
  const firstPage = first * level.pagesPerEntry;
  const levels = seenLevels(mode, firstPage, places.entries === 4 ? 1 : 0);
  const top = levels.at(-1)?.page ?? firstPage;
  const ownByte = first * mode.entryBytes;
  return {
    holder,
    entries: tables.map((frame, names) => {
      const slot = (first % slots) + names;
      return { slot, entryAddress: (tables[holder] ?? 0) * 4096 + slot * mode.entryBytes, names, value: frame * 4096 + READ_ONLY_ENTRY };
    }),
    firstPage,
    pageCount: places.entries * level.pagesPerEntry,
    levels,
    ownEntry: { page: top + Math.floor(ownByte / 4096), offset: ownByte % 4096 },
  };
}

/** Each level's window is where the window of the level below has its own entries. */
function seenLevels(mode: PagingMode, firstPage: number, topLevel: number): readonly SeenLevel[] {
  const seen: SeenLevel[] = [];
  let page = firstPage;
  for (let index = mode.levels.length - 1; index >= topLevel; index--) {
    const { entryName, lowBit } = levelOf(mode, index);
    seen.push({ entryName, page, shift: lowBit });
    page = firstPage + Math.floor((page * mode.entryBytes) / 4096);
  }
  return seen;
}
