import type { Problem } from '#core/base/problem.ts';
import { type EntryShape, frameMapped, frameNamed, isLeaf, isPresent, rightsLost } from '#core/paging/entry.ts';
import { isAbsent, type TableForest } from '#core/tables/fetch-tables.ts';
import { type Entry, entryIn, isLoop } from '#core/tables/node.ts';
import type { TableIndex } from '#core/tables/table-store.ts';
import { type Nodes, NodesBuilder } from './nodes.ts';
import { leafAttrs, levelsThatTook, type Seen } from './run-attrs.ts';
import { ATTR_LEVEL_SHIFT, ATTR_NAMED, KIND_ABSENT, KIND_ELIDED, KIND_NOT_ZERO, KIND_REFERENCE, RunBuilder, type RunColumns } from './run-columns.ts';
import { scanLeafTable } from './scan-leaves.ts';

/** Everything that is mapped from one root, as columns. Shared tables and loops stand once; every other use is a reference row. */
export interface Atlas {
  readonly forest: TableForest;
  readonly runs: RunColumns;
  readonly nodes: Nodes;
  readonly problems: readonly Problem[];
}

/** Rows kept at most: some 60 MB of columns. Real guests stay far below; a hostile image is cut, and told so. */
const MOST_ROWS = 4_000_000;

/** Builds the atlas of a forest: each table once per (level, inherited rights). Synchronous: never waits, never reads. */
export function buildAtlas(forest: TableForest): Atlas {
  const build: Build = {
    forest,
    runs: new RunBuilder(forest.mode.pageCount, forest.store.count),
    nodes: new NodesBuilder(),
    cut: false,
  };
  visit(build, 0, { level: 0, lost: 0, lostAt: 0, inLoop: false }, 0);
  if (isAbsent(forest.store, 0)) build.runs.addAlone(0, forest.mode.pageCount, forest.store.frame(0), KIND_ABSENT | ATTR_NAMED);
  return { forest, runs: build.runs.freeze(), nodes: build.nodes.freeze(), problems: build.cut ? [cutProblem()] : [] };
}

interface Build {
  readonly forest: TableForest;
  readonly runs: RunBuilder;
  readonly nodes: NodesBuilder;
  cut: boolean;
}

/** Visits a table for the first time under these rights, its first page being `page`; returns its node. */
function visit(build: Build, table: TableIndex, above: Omit<Seen, 'node'>, page: number): number {
  const node = build.nodes.add(table, above.level, above.lostAt, above.inLoop, page);
  const shape = build.forest.shapes[above.level];
  if (!shape || isAbsent(build.forest.store, table)) return node;
  const { level, lost, lostAt, inLoop } = above;
  const seen = { node, level, lost, lostAt, inLoop };
  if (!visitTable(build, seen, shape, table, page)) build.nodes.markEmpty(node);
  return node;
}

/** False if the table maps and holds nothing. */
function visitTable(build: Build, seen: Seen, shape: EntryShape, table: TableIndex, page: number): boolean {
  const { store, shapes } = build.forest;
  const before = build.runs.touched;
  if (seen.level < shapes.length - 1 || store.wordPresence(table)) visitEntries(build, seen, shape, table, page);
  else scanLeafTable(store.words(table), shape, seen, page, build.runs);
  return build.runs.touched > before;
}

/** The general loop: tables that may name tables, and those of which only some words are known. */
function visitEntries(build: Build, seen: Seen, shape: EntryShape, table: TableIndex, firstPage: number): void {
  const words = build.forest.store.words(table);
  const codes = build.forest.store.wordPresence(table);
  for (let slot = 0; slot < shape.entries; slot++) {
    const entry = entryIn(words, codes, shape.words, slot);
    const page = firstPage + slot * shape.pagesPerEntry;
    if (entry.presence === 'held' && isPresent(entry.low)) {
      visitPresent(build, seen, shape, page, entry.low, entry.high);
      continue;
    }
    const kind = kindOfNothing(entry);
    if (kind >= 0) build.runs.add(page, shape.pagesPerEntry, 0, kind | (seen.level << ATTR_LEVEL_SHIFT));
  }
}

/** Kind of an entry that maps nothing, by what is known of it; -1 for one known to be zero. */
function kindOfNothing({ low, high, presence }: Entry): number {
  if (presence === 'absent') return KIND_ABSENT;
  if (presence === 'assumed-zero') return KIND_ELIDED;
  return (low | high) === 0 ? -1 : KIND_NOT_ZERO;
}

/** What is seen is written out, here and below: to spread such an object costs more than all else that is done for a table. */
function visitPresent(build: Build, seen: Seen, shape: EntryShape, page: number, low: number, high: number): void {
  const { node, level, inLoop } = seen;
  const taken = rightsLost(shape, low, high);
  if (isLeaf(shape, low)) {
    build.runs.add(page, shape.pagesPerEntry, frameMapped(shape, low, high), leafAttrs(seen, taken));
    return;
  }
  const through = { node, level, lost: seen.lost | taken, lostAt: seen.lostAt | levelsThatTook(taken & ~seen.lost, level), inLoop };
  descend(build, through, shape.pagesPerEntry, page, frameNamed(shape, low, high));
}

/** Goes into the table a present entry names, or records why not: absent, or seen before (then a reference). */
function descend(build: Build, seen: Seen, pages: number, page: number, frame: number): void {
  const { store } = build.forest;
  const named = store.find(frame);
  if (named === undefined || isAbsent(store, named)) {
    const attrs = KIND_ABSENT | ATTR_NAMED | (seen.level << ATTR_LEVEL_SHIFT) | seen.lostAt;
    build.runs.addAlone(page, pages, frame, attrs);
    return;
  }
  const inLoop = seen.inLoop || isLoop(build.forest, seen.level, named);
  const known = build.nodes.find(named, seen.level + 1, seen.lostAt, inLoop);
  if (known !== undefined) refer(build, seen, known, pages, page);
  else if (build.runs.count > MOST_ROWS) build.cut = true;
  else {
    const { node, level, lost, lostAt } = seen;
    build.nodes.edge(node, visit(build, named, { level: level + 1, lost, lostAt, inLoop }, page));
  }
}

/** The same table, level and rights were visited before: the pages here repeat that window. */
function refer(build: Build, seen: Seen, known: number, pages: number, page: number): void {
  build.nodes.edge(seen.node, known);
  if (!build.nodes.isEmpty(known)) build.runs.addAlone(page, pages, known, KIND_REFERENCE | (seen.level << ATTR_LEVEL_SHIFT));
}

function cutProblem(): Problem {
  return {
    kind: 'map-cut',
    severity: 'loss',
    text: `More than ${MOST_ROWS} runs of pages: the map is cut there. Single addresses are still walked in full.`,
  };
}
