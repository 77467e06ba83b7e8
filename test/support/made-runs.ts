import type { RegionSource, RunKind, SeenRun } from '#core/atlas/region-source.ts';
import { NO_FETCH, NO_USER, NO_WRITE } from '#core/paging/entry.ts';
import type { PageCounts } from '#core/session/contract.ts';

/** A run as tests write it: rights as letters, `u` where ring 3 may reach it. */
export interface MadeRun {
  readonly page: number;
  readonly pages: number;
  readonly rights?: string;
  readonly kind?: RunKind;
  readonly frame?: number;
  readonly leafPages?: number;
}

function seen(run: MadeRun): SeenRun {
  const rights = run.rights ?? 'rwx';
  const lost = (rights.includes('w') ? 0 : NO_WRITE) | (rights.includes('x') ? 0 : NO_FETCH) | (rights.includes('u') ? 0 : NO_USER);
  const kind = run.kind ?? (rights.includes('w') ? 'writable' : 'read-only');
  return { page: run.page, pages: run.pages, kind, lost, frame: run.frame ?? run.page + 7, leafPages: run.leafPages ?? 1 };
}

/** Regions' input from a list of runs (ascending), counted the slow way. */
export function madeRuns(runs: readonly MadeRun[], pageCount = 2 ** 20): RegionSource {
  const all = runs.map(seen);
  const clipped = (first: number, pages: number): SeenRun[] =>
    all.flatMap((run) => {
      const from = Math.max(run.page, first);
      const to = Math.min(run.page + run.pages, first + pages);
      return to <= from ? [] : [{ ...run, page: from, pages: to - from, frame: run.frame < 0 ? -1 : run.frame + from - run.page }];
    });
  return {
    pageCount,
    eachRun(first, pages, visit) {
      for (const run of clipped(first, pages)) if (!visit(run)) return;
    },
    counts: (first, pages) => countsOf(clipped(first, pages), pages),
  };
}

function countsOf(runs: readonly SeenRun[], pages: number): PageCounts {
  const counts = { writable: 0, 'read-only': 0, loop: 0, absent: 0, 'not-zero': 0, elided: 0, zero: pages, user: 0, fetch: 0 };
  for (const run of runs) {
    counts[run.kind] += run.pages;
    counts.zero -= run.pages;
    const mapped = run.kind === 'writable' || run.kind === 'read-only' || run.kind === 'loop';
    if (mapped && (run.lost & NO_USER) === 0) counts.user += run.pages;
    if (mapped && (run.lost & NO_FETCH) === 0) counts.fetch += run.pages;
  }
  return counts;
}
