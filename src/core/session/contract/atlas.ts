import type { Problem } from '#core/base/problem.ts';
import type { RootChoice } from './image.ts';

/** What a page of the space is, for painting and sums; exactly one each. `writable` + … adds up to the whole space. */
export type PageKind = 'writable' | 'read-only' | 'loop' | 'absent' | 'not-zero' | 'elided' | 'zero';
/**
 * Order of the columns of `Coverage.counts`: the seven kinds, then two overlays that are not part of the sum.
 * `loop`: a page seen through a self-map or linear page table, so its bytes are a page table's. `absent`: behind a table, or an
 * entry, that the dump lacks. `not-zero`: P clear, other bits set. `elided`: entry assumed zero. `zero`: entry zero, or above is.
 */
export const COVERAGE_COLUMNS = ['writable', 'read-only', 'loop', 'absent', 'not-zero', 'elided', 'zero', 'user', 'fetch'] as const;
export type CoverageColumn = (typeof COVERAGE_COLUMNS)[number];
export type PageCounts = Readonly<Record<CoverageColumn, number>>;

export interface AtlasSummary {
  readonly root: RootChoice;
  /** Pages of the whole space. */
  readonly pageCount: number;
  /** Pages by kind; the first seven add up to `pageCount`. */
  readonly counts: PageCounts;
  /** Present leaf entries, each counted once per virtual place. May be far above `distinctLeaves` (shared tables). */
  readonly leaves: number;
  /** Leaf entries counted once per table that holds them. */
  readonly distinctLeaves: number;
  readonly tables: number;
  /** Tables named by a present entry but not in the dump. */
  readonly absentTables: number;
  readonly layout: LayoutChoice;
  /** Every layout that speaks of the mode, with how well it fits this root. */
  readonly layouts: readonly { readonly id: string; readonly label: string; readonly reasons?: readonly string[] }[];
  /** Low to high, disjoint. Holes are what lies between. */
  readonly regions: readonly Region[];
  /** Boundaries worth a line: the segment limit, kernel/user, the canonical hole. Low to high. */
  readonly borders: readonly Border[];
  /** Reads of the source this atlas took, their bytes, and the time in milliseconds. */
  readonly cost: { readonly reads: number; readonly bytes: number; readonly milliseconds: number };
  readonly problems: readonly Problem[];
}

export interface LayoutChoice {
  readonly id: string;
  /** Of an operating system under a hypervisor: the hypervisor's own layout. */
  readonly baseId?: string;
  readonly label: string;
  /** A Xen is beneath: entries hold MFNs, and part of the space is the hypervisor's. */
  readonly isXens: boolean;
  readonly reasons: readonly string[];
  /** False where the user chose it. */
  readonly automatic: boolean;
}

export interface Region {
  readonly firstPage: number;
  readonly pageCount: number;
  /** Pages present in it. */
  readonly mappedPages: number;
  /** "M2P, read-only", "Direct map", "256 pages": a rule's name or its make-up. */
  readonly name: string;
  /** Short form for narrow panes. */
  readonly shortName: string;
  /** Where the name comes from, with the rule: shown on hover. */
  readonly why: string;
  /** `rwx`, `r--`, `mix`, or `---`. */
  readonly rights: string;
  /** Dominant kind, for the swatch. */
  readonly kind: PageKind;
  /** Which half it belongs to: the name of the side bracket ("Xen", "guest", "kernel", "user"). */
  readonly side: string;
  /** True where the layout reserves this span (then "4 of 16 MB" is shown), false where the span is only what is mapped. */
  readonly reserved: boolean;
  /** Pages of it in a build of the other kind (with PAE, or without), where Xen's own table lists both. */
  readonly otherSize?: number;
  /** Where `mappedPages` counts the same table many times: how many times. 1 otherwise. */
  readonly times: number;
}

export interface Border {
  readonly page: number;
  /** "segment limit F67FFFFF", "kernel and user", "no address: 16,776,960 TB, not canonical". */
  readonly label: string;
  readonly kind: 'limit' | 'owner' | 'canonical';
}

/** A window of pages and the number of equal bins wanted of it. */
export interface CoverageWindow {
  readonly firstPage: number;
  readonly pageCount: number;
  readonly bins: number;
}

/** counts[bin * COVERAGE_COLUMNS.length + column] = pages of that kind in the bin. */
export interface Coverage extends CoverageWindow {
  readonly counts: Float64Array;
}
