/** What an entry is; the words are the session's `EntryKind`, the index is what `FoldInput.kind` holds. */
export const ENTRY_KINDS = ['table', 'leaf', 'loop', 'absent-table', 'not-present', 'not-zero', 'elided', 'entry-absent'] as const;
export type FoldKind = (typeof ENTRY_KINDS)[number];

export const KIND_TABLE = 0;
export const KIND_LEAF = 1;
export const KIND_LOOP = 2;
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

export const kindAt = (input: FoldInput, slot: number): number => input.kind[slot] ?? KIND_ENTRY_ABSENT;
const isHole = (kind: number): boolean => kind === KIND_ZERO || kind === KIND_ELIDED;
export const isNothing = (kind: number): boolean => isHole(kind) || kind === KIND_ENTRY_ABSENT;

/** Alike in kind, flags and region; two tables must besides be one or look alike. */
export function alike(input: FoldInput, a: number, b: number): boolean {
  const kind = kindAt(input, a);
  if (isHole(kind)) return isHole(kindAt(input, b));
  if (kind !== kindAt(input, b)) return false;
  if (kind === KIND_ENTRY_ABSENT) return true;
  if (input.flagClass[a] !== input.flagClass[b]) return false;
  if (kind !== KIND_TABLE) return input.region[a] === input.region[b];
  return sameTable(input, a, b) || input.tablesAlike(input.target[a] ?? -1, input.target[b] ?? -1);
}

export function sameTable(input: FoldInput, a: number, b: number): boolean {
  return kindAt(input, a) === KIND_TABLE && kindAt(input, b) === KIND_TABLE && input.target[a] === input.target[b];
}
