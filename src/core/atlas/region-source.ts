import { NO_FETCH, NO_USER, NO_WRITE } from '#core/paging/entry.ts';
import type { PageCounts } from '#core/session/contract.ts';

/** Kinds of a run that regions tell apart, as in COVERAGE_COLUMNS; zero is what no run covers. */
export type RunKind = 'writable' | 'read-only' | 'loop' | 'absent' | 'not-zero' | 'elided';

/** A run of pages alike, clipped to the window asked for. One object is reused between calls: copy what must last. */
export interface SeenRun {
  readonly page: number;
  readonly pages: number;
  readonly kind: RunKind;
  /** Rights lost over all levels: NO_WRITE, NO_USER, NO_FETCH. */
  readonly lost: number;
  /** Machine frame of its first page; -1 where there is none. */
  readonly frame: number;
  /** Pages one leaf maps: 1, 512, 1024, 262144. */
  readonly leafPages: number;
}

/** All that regions are made of. */
export interface RegionSource {
  /** Pages of the whole space. */
  readonly pageCount: number;
  /** Runs of a window, low to high, shared tables followed in place; the visitor returns false to stop. */
  eachRun(firstPage: number, pages: number, visit: (run: SeenRun) => boolean): void;
  /** Pages by kind of a window, exact and cheap however large. */
  counts(firstPage: number, pages: number): PageCounts;
}

/** Bits of `lost` that the three letters and the user rail speak of. */
export const ALL_RIGHTS = NO_WRITE | NO_USER | NO_FETCH;

export const presentPages = (counts: PageCounts): number => counts.writable + counts['read-only'] + counts.loop;
