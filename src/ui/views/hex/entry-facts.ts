import { bytesText, hex, virtualHex } from '#core/base/hex.ts';
import { entryShape, frameMapped, frameNamed, isLeaf, isPresent } from '#core/paging/entry.ts';
import { entryBits } from '#core/paging/entry-bits.ts';
import type { PagingFeatures, PagingMode } from '#core/paging/mode.ts';
import { levelOf } from '#core/paging/modes.ts';
import { type BitField, type BytePage, COVERAGE_COLUMNS, type PageKind, TABLE_CELL } from '#core/session/contract.ts';
import { PAGE_BYTES } from './hex-rows.ts';
import { type Word, wordAt, wordText } from './hex-words.ts';

/** A page of bytes that is a table of the open root. */
export type TablePage = BytePage & { readonly table: NonNullable<BytePage['table']> };

export const isTable = (page: BytePage): page is TablePage => page.table !== undefined;

/** Slot of the entry that holds a byte of the page; undefined outside the table (a PAE root is 32 bytes of its frame). */
export function slotAt({ table }: TablePage, offset: number): number | undefined {
  const slot = Math.floor((offset - table.offset) / table.entryBytes);
  return slot >= 0 && slot < table.entries ? slot : undefined;
}

export const entryOffset = ({ table }: TablePage, slot: number): number => table.offset + slot * table.entryBytes;

/** Virtual page at which the span of a slot begins. */
export const pageOfSlot = ({ table }: TablePage, slot: number): number => table.firstPage + slot * table.pagesPerEntry;

/** The slot whose span holds a virtual page; undefined if that lies outside this table's span. */
export function slotOfPage({ table }: TablePage, page: number): number | undefined {
  const slot = Math.floor((page - table.firstPage) / table.pagesPerEntry);
  return slot >= 0 && slot < table.entries ? slot : undefined;
}

export type CellKind = PageKind | 'table';

export function cellKind({ table }: TablePage, slot: number): CellKind {
  const cell = table.cells[slot];
  if (cell === TABLE_CELL) return 'table';
  return (COVERAGE_COLUMNS[cell ?? -1] ?? 'zero') as PageKind;
}

export interface Paging {
  readonly mode: PagingMode;
  readonly features: PagingFeatures;
}

/** What one entry says of itself. Rights over all levels are the walk's to tell. */
export interface EntryFacts {
  readonly slot: number;
  readonly kind: CellKind;
  readonly word: Word;
  readonly wordText: string;
  readonly present: boolean;
  /** True where it maps memory itself. */
  readonly isLeaf: boolean;
  /** False where the dump lacks the entry, or a text left it out: then its word is not known. */
  readonly known: boolean;
  /** Empty where it is not present: then the other bits mean nothing to the CPU. */
  readonly bits: readonly BitField[];
  /** The virtual address its span begins at, in capitals. */
  readonly mapsText: string;
  readonly firstPage: number;
  readonly pageCount: number;
  /** "2 MB leaf, frames fbc00–fbdff", "names PT fb14e, 2 MB", "not present, all zero". */
  readonly what: string;
  /** Another slot of the same table that maps the same frames. */
  readonly alias: { readonly slot: number; readonly mapsText: string; readonly writable: boolean } | undefined;
}

export function entryFacts(page: TablePage, slot: number, { mode, features }: Paging): EntryFacts {
  const { table } = page;
  const level = levelOf(mode, table.level);
  const shape = entryShape(mode, level, features);
  const word = wordAt(page.bytes, entryOffset(page, slot), table.entryBytes);
  const present = isPresent(word.low);
  const leaf = present && isLeaf(shape, word.low);
  const firstPage = pageOfSlot(page, slot);
  const frame = leaf ? frameMapped(shape, word.low, word.high) : frameNamed(shape, word.low, word.high);
  const childName = mode.levels[table.level + 1]?.tableName ?? 'table';
  const alias = leaf
    ? aliasOf(page, slot, (w) => isPresent(w.low) && isLeaf(shape, w.low) && frameMapped(shape, w.low, w.high) === frame)
    : undefined;
  const kind = cellKind(page, slot);
  return {
    slot,
    kind,
    word,
    wordText: wordText(word, table.entryBytes),
    present,
    isLeaf: leaf,
    known: kind !== 'elided' && (kind !== 'absent' || present),
    bits: present ? entryBits(mode, level, shape, word.low, word.high) : [],
    mapsText: virtualHex(firstPage, 0, mode.virtualBits),
    firstPage,
    pageCount: table.pagesPerEntry,
    what: present ? presentText({ leaf, frame, kind, childName, pages: table.pagesPerEntry }) : absentText(kind, word),
    alias: alias === undefined ? undefined : aliasFacts(page, alias, mode),
  };
}

interface Present {
  readonly leaf: boolean;
  readonly frame: number;
  readonly kind: CellKind;
  readonly childName: string;
  readonly pages: number;
}

function presentText({ leaf, frame, kind, childName, pages }: Present): string {
  const size = bytesText(pages * PAGE_BYTES);
  if (leaf) return `${size} ${pages === 1 ? `page, frame ${hex(frame)}` : `leaf, frames ${hex(frame)}–${hex(frame + pages - 1)}`}`;
  if (kind === 'loop') return `a table above, seen as a ${childName}: frame ${hex(frame)}, ${size}`;
  if (kind === 'absent') return `names ${childName} ${hex(frame)}, which is not in this dump; ${size}`;
  return `names ${childName} ${hex(frame)}, ${size}`;
}

function absentText(kind: CellKind, word: Word): string {
  if (kind === 'elided') return 'elided in the text: taken to be zero, not present';
  if (kind === 'absent') return 'not in this dump';
  return word.low === 0 && word.high === 0 ? 'not present, all zero' : 'not present, other bits set';
}

function aliasOf(page: TablePage, slot: number, maps: (word: Word) => boolean): number | undefined {
  for (let other = 0; other < page.table.entries; other++) {
    if (other !== slot && maps(wordAt(page.bytes, entryOffset(page, other), page.table.entryBytes))) return other;
  }
  return undefined;
}

function aliasFacts(page: TablePage, slot: number, mode: PagingMode): EntryFacts['alias'] {
  return { slot, mapsText: virtualHex(pageOfSlot(page, slot), 0, mode.virtualBits), writable: cellKind(page, slot) === 'writable' };
}

/** The whole of it in one line, for a screen reader and the foot of the pane. */
export function factsSentence(facts: EntryFacts): string {
  const set = facts.bits.filter((bit) => bit.value === 1).map((bit) => bit.name);
  return [`slot ${facts.slot} maps ${facts.mapsText}`, facts.known ? facts.wordText : '', set.join(' '), facts.what].filter(Boolean).join(', ');
}
