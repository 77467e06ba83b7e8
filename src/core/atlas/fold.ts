/**
 * Folds one table's entries into rows: stretches of entries alike, constant strides with what lies between them, holes.
 * Pure and linear in the number of entries; one object per row, none per entry.
 */

/** What an entry is; the words are the session's `EntryKind`, the index is what `FoldInput.kind` holds. */
export const ENTRY_KINDS = ['table', 'leaf', 'loop', 'absent-table', 'not-present', 'not-zero', 'elided', 'entry-absent'] as const;
export type FoldKind = (typeof ENTRY_KINDS)[number];

export const KIND_TABLE = 0;
export const KIND_LEAF = 1;
export const KIND_LOOP = 2;
export const KIND_ABSENT_TABLE = 3;
/** P clear, every other bit clear too: known to be zero. */
export const KIND_ZERO = 4;
export const KIND_NOT_ZERO = 5;
export const KIND_ELIDED = 6;
export const KIND_ENTRY_ABSENT = 7;

/** One table's entries as columns, one element a slot. Columns may be longer than `entries`, so that a caller can keep them. */
export interface FoldInput {
  /** 4, 512 or 1024. A table of 4 (a PAE root) is never folded: each of its slots is a gigabyte and has its own row. */
  readonly entries: number;
  /** True for a PT: its holes below four slots get no row, and its loops fold like pages. */
  readonly lowest: boolean;
  /** Index into `ENTRY_KINDS`. */
  readonly kind: Uint8Array;
  /** Entries of different class never share a row: flag letters, rights, kind of page, as the caller packs them. Ignored for holes. */
  readonly flagClass: Uint32Array;
  /** Named region of what the entry maps; a row never spans two. Ignored for tables and holes. */
  readonly region: Int32Array;
  /** Frame named; read only for kinds that name one. */
  readonly frame: Float64Array;
  /** Frames by which the next page of a contiguous mapping would lie higher: 1 in a PT, 512 for 2 MB leaves. Tables count by 1. */
  readonly framesPerLeaf: number;
  /** Table named (kinds table and loop), any number that is equal for the same table. */
  readonly target: Int32Array;
  /** True where two different tables look alike (equal thumbnails, or both with nothing in them), so that neighbours may share a row. */
  tablesAlike(a: number, b: number): boolean;
}

/** How the frames of a row's entries follow each other. */
export type FoldOrder = 'single' | 'in order' | 'mixed' | 'same';

/** One row. */
export interface FoldRun {
  readonly firstSlot: number;
  readonly lastSlot: number;
  /** Slots in it. (lastSlot - firstSlot) / step + 1, but fewer where `between`. */
  readonly count: number;
  readonly step: number;
  /** For a hole of zero and elided slots together: `elided`. */
  readonly kind: FoldKind;
  readonly order: FoldOrder;
  /** Slots of it that are elided; the rest of a hole is known to be zero. */
  readonly elided: number;
  /** Stride of the row above between whose slots these lie; 0 for other rows. Slots shown by other rows are not part of it. */
  readonly between: number;
}

export interface FoldOptions {
  /** Taken out of its row, except where the whole row is one table: that is opened once and shows one path. -1 for none. */
  readonly selected?: number;
  /** Every slot gets its own row: what an opened row shows. */
  readonly unfolded?: boolean;
}

export function foldEntries(_input: FoldInput, _options: FoldOptions = {}): FoldRun[] {
  return [];
}
