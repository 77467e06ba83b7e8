import type { LayoutEvidence } from '#core/layouts/layout.ts';
import type { TableForest } from '#core/tables/fetch-tables.ts';
import { entryOf, tableNamed } from '#core/tables/node.ts';
import { TABLE_ABSENT, type TableIndex } from '#core/tables/table-store.ts';
import type { Atlas } from './build-atlas.ts';
import { eachRun } from './each-run.ts';
import { type PageSums, SUM_COLUMNS, SUM_FETCH, SUM_USER } from './page-sums.ts';
import type { RegionSource, RunKind, SeenRun } from './region-source.ts';
import { kindOf, levelOfRun, lostOf } from './run-attrs.ts';

const KINDS: readonly RunKind[] = ['writable', 'read-only', 'loop', 'absent', 'not-zero', 'elided'];

/** An atlas as regions read it. */
export function atlasRegionSource(atlas: Atlas, sums: PageSums): RegionSource {
  const { forest } = atlas;
  return {
    pageCount: forest.mode.pageCount,
    eachRun(firstPage, pages, visit) {
      const run = { page: 0, pages: 0, kind: 'writable' as RunKind, lost: 0, frame: -1, leafPages: 1 };
      const seen: SeenRun = run;
      eachRun(atlas, firstPage, pages, (page, length, frame, attrs) => {
        run.page = page;
        run.pages = length;
        run.kind = KINDS[kindOf(attrs)] ?? 'elided';
        run.lost = lostOf(attrs);
        run.frame = frame;
        run.leafPages = forest.shapes[levelOfRun(attrs)]?.pagesPerEntry ?? 1;
        return visit(seen);
      });
    },
    counts(firstPage, pages) {
      const sum = new Float64Array(SUM_COLUMNS);
      sums.addWindow(firstPage, pages, sum);
      const [writable = 0, readOnly = 0, loop = 0, absent = 0, notZero = 0, elided = 0] = sum;
      const zero = pages - writable - readOnly - loop - absent - notZero - elided;
      return {
        writable,
        'read-only': readOnly,
        loop,
        absent,
        'not-zero': notZero,
        elided,
        zero,
        user: sum[SUM_USER] ?? 0,
        fetch: sum[SUM_FETCH] ?? 0,
      };
    },
  };
}

/** What a forest tells layouts: entries and frames of the tables that are in the dump. */
export function layoutEvidence(forest: TableForest, isTextDump: boolean): LayoutEvidence {
  return {
    mode: forest.mode.id,
    isTextDump,
    entry(path, slot) {
      const found = tableAt(forest, path);
      if (found === undefined) return undefined;
      const entry = entryOf(forest, found, slot);
      return entry.presence === 'absent' ? undefined : { low: entry.low, high: entry.high };
    },
    frameOf(path) {
      const found = tableAt(forest, path);
      return found === undefined ? undefined : forest.store.frame(found);
    },
  };
}

function tableAt(forest: TableForest, path: readonly number[]): TableIndex | undefined {
  let table: TableIndex | undefined = 0;
  for (const [level, slot] of path.entries()) {
    table = tableNamed(forest, level, entryOf(forest, table, slot));
    if (table === undefined) return undefined;
  }
  return forest.store.state(table) === TABLE_ABSENT ? undefined : table;
}
