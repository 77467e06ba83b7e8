import { type FoldRun, foldEntries } from '#core/atlas/fold.ts';
import { ENTRY_KINDS, type FoldInput } from '#core/atlas/fold-input.ts';
import { SUM_COLUMNS, SUM_LEAVES } from '#core/atlas/page-sums.ts';
import { invariant } from '#core/base/invariant.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { rightsText } from '#core/paging/entry.ts';
import type { Region, TablePath, TableRow, TableView } from './contract.ts';
import { entryFlags } from './entry-flags.ts';
import type { OpenedRoot } from './opened-root.ts';
import { presenceOf } from './presence-of.ts';
import { regionIndexAt } from './region-at.ts';
import { rowText } from './row-text.ts';
import { kindIndex, type SlotFact, slotFact, thumbnailOf } from './table-cells.ts';
import type { TablePlace } from './table-names.ts';
import { entryAddress } from './translation.ts';

/** What a table view is made from. */
export interface TableQuestion {
  readonly image: MemoryImage;
  readonly root: OpenedRoot;
  readonly regions: readonly Region[];
  /** "elided in the text" for text dumps. */
  readonly isText: boolean;
}

/** A table's rows, folded; undefined where the path leads to no stored table. */
export function tableView(question: TableQuestion, path: TablePath, selectedSlot: number | undefined, unfolded: boolean): TableView | undefined {
  const { root } = question;
  const place = root.names.resolve(path);
  const shape = place && root.forest.shapes[place.level];
  if (!place || !shape) return undefined;
  const facts = Array.from({ length: shape.entries }, (_, slot) => slotFact(root, place, slot));
  const runs = foldEntries(foldInput(question, place, facts), { selected: selectedSlot ?? -1, unfolded });
  const frame = root.forest.store.frame(place.table);
  const address = entryAddress(root, place.table, 0);
  const seenAt = root.seenAt(frame, address % 4096);
  const count = (kind: string): number => facts.filter((fact) => fact.kind === kind).length;
  return {
    path,
    level: place.level,
    name: root.names.nameOf(path),
    frame,
    address,
    entries: shape.entries,
    present: facts.filter((fact) => (fact.low & 1) !== 0 && fact.kind !== 'entry-absent').length,
    firstPage: place.firstPage,
    pagesPerEntry: shape.pagesPerEntry,
    leaves: leavesIn(root, place.firstPage, shape.entries * shape.pagesPerEntry),
    rows: runs.map((run) => tableRow(question, place, facts, run)),
    thumbnail: thumbnailOf(root, place),
    uses: Math.max(1, root.forest.store.uses(place.table)),
    zero: count('not-present'),
    elided: count('elided'),
    absent: count('entry-absent'),
    ...(seenAt && { seenAt }),
  };
}

export function leavesIn(root: OpenedRoot, firstPage: number, pages: number): number {
  const sum = new Float64Array(SUM_COLUMNS);
  root.sums.addWindow(firstPage, pages, sum);
  return Math.round(sum[SUM_LEAVES] ?? 0);
}

/** Flag letters of an entry: P RW US A D PS/PAT G in the low word, XD above (PWT and PCD are not letters of the tree). */
const FLAG_BITS = 0x1e7;

function foldInput(question: TableQuestion, place: TablePlace, facts: readonly SlotFact[]): FoldInput {
  const { root, regions } = question;
  const n = facts.length;
  const pages = root.forest.shapes[place.level]?.pagesPerEntry ?? 1;
  const input = {
    kind: new Uint8Array(n),
    flagClass: new Uint32Array(n),
    region: new Int32Array(n),
    frame: new Float64Array(n),
    target: new Int32Array(n),
  };
  facts.forEach((fact, slot) => {
    input.kind[slot] = ENTRY_KINDS.indexOf(fact.kind);
    input.flagClass[slot] =
      (fact.low & FLAG_BITS) |
      ((fact.high >>> 31) << 9) |
      (kindIndex(fact.pageKind) << 10) |
      (fact.lost << 14) |
      (pages === 1 && showsTable(root, fact) ? 1 << 17 : 0);
    input.region[slot] = fact.kind === 'leaf' || fact.kind === 'absent-table' ? regionIndexAt(regions, place.firstPage + slot * pages) : -1;
    input.frame[slot] = fact.frame;
    input.target[slot] = fact.table;
  });
  return {
    ...input,
    entries: n,
    lowest: place.level === root.forest.shapes.length - 1,
    framesPerLeaf: pages,
    tablesAlike: (a, b) => tablesAlike(question, place, a, b),
  };
}

/** True for a page whose bytes are one of this root's page tables: it is never folded with pages that are not. */
function showsTable(root: OpenedRoot, fact: SlotFact): boolean {
  return fact.kind === 'leaf' && root.names.pathOfFrame(fact.frame) !== undefined;
}

/** Two tables look alike when neither has anything in it, or both have the same number of leaves in the same cells. */
function tablesAlike(question: TableQuestion, place: TablePlace, a: number, b: number): boolean {
  const words = question.root.forest.store;
  if (place.level + 1 >= question.root.forest.shapes.length || a < 0 || b < 0) return false;
  const [first, second] = [words.words(a), words.words(b)];
  const step = question.root.mode.entryBytes / 4;
  for (let at = 0; at < first.length; at += step) if (((first[at] ?? 0) & FLAG_BITS) !== ((second[at] ?? 0) & FLAG_BITS)) return false;
  return true;
}

function tableRow(question: TableQuestion, place: TablePlace, facts: readonly SlotFact[], run: FoldRun): TableRow {
  const { root } = question;
  const shape = root.forest.shapes[place.level];
  const fact = facts[run.firstSlot];
  invariant(shape && fact, 'a row lies within its table');
  const firstPage = place.firstPage + run.firstSlot * shape.pagesPerEntry;
  const pageCount = (run.lastSlot - run.firstSlot + 1) * shape.pagesPerEntry;
  const loopTo = fact.kind === 'loop' ? root.names.pathOf(fact.table) : undefined;
  const { firstSlot, lastSlot, count, step, kind, order } = run;
  return {
    ...{ firstSlot, lastSlot, count, step, kind, order, firstPage, pageCount },
    ...(run.between > 0 && { between: run.between }),
    low: fact.low,
    high: fact.high,
    entryPresence: presenceOfKind(fact),
    flags: entryFlags(root.mode, place.level, fact),
    ...(fact.frame >= 0 && { frame: fact.frame }),
    leafBytes: kind === 'leaf' ? shape.pagesPerEntry * 4096 : 0,
    pageKind: fact.pageKind,
    rights: kind === 'leaf' ? rightsText(fact.lost) : '---',
    ...rowText({ question, place, run, fact, firstPage, pageCount, loopTo }),
    uses: fact.table >= 0 ? root.forest.store.uses(fact.table) : 0,
    ...below(question, place, run, firstPage, pageCount),
    ...(loopTo && { loopTo }),
    ...(kind === 'absent-table' && { reason: presenceOf(question.image, fact.frame * 4096).reason ?? 'not in this dump' }),
  };
}

const presenceOfKind = ({ kind }: SlotFact): TableRow['entryPresence'] =>
  kind === 'entry-absent' ? 'absent' : kind === 'elided' ? 'assumed-zero' : 'held';

/** What a row that names a table tells of it. */
function below(
  { root }: TableQuestion,
  place: TablePlace,
  run: FoldRun,
  firstPage: number,
  pageCount: number,
): Pick<TableRow, 'leaves' | 'thumbnail'> {
  const child = run.kind === 'table' ? root.names.resolve([...place.path, run.firstSlot]) : undefined;
  return child ? { leaves: leavesIn(root, firstPage, pageCount), thumbnail: thumbnailOf(root, child) } : { leaves: 0 };
}
