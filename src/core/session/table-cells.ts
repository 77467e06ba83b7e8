import { SUM_COLUMNS } from '#core/atlas/page-sums.ts';
import { invariant } from '#core/base/invariant.ts';
import { frameMapped, frameNamed, isLeaf, NO_WRITE, rightsLost } from '#core/paging/entry.ts';
import { isAbsent } from '#core/tables/fetch-tables.ts';
import { entryOf, isLoop } from '#core/tables/node.ts';
import { COVERAGE_COLUMNS, type EntryKind, type PageKind, TABLE_CELL } from './contract.ts';
import type { OpenedRoot } from './opened-root.ts';
import type { TablePlace } from './table-names.ts';

/** One entry of a table at its place, decoded as far as rows and cells ask. */
export interface SlotFact {
  readonly kind: EntryKind;
  readonly pageKind: PageKind;
  readonly low: number;
  readonly high: number;
  /** First frame named; -1 where none. */
  readonly frame: number;
  /** Rights lost over all levels down to this entry. */
  readonly lost: number;
  /** Index of the table named, -1 where none is stored. */
  readonly table: number;
}

export function slotFact(root: OpenedRoot, place: TablePlace, slot: number): SlotFact {
  const { low, high, presence } = entryOf(root.forest, place.table, slot);
  const bare = { low, high, frame: -1, lost: place.lost, table: -1 };
  if (presence === 'absent' || isAbsent(root.forest.store, place.table)) return { ...bare, kind: 'entry-absent', pageKind: 'absent' };
  if (presence === 'assumed-zero') return { ...bare, kind: 'elided', pageKind: 'elided' };
  if ((low & 1) !== 0) return presentFact(root, place, low, high);
  return (low | high) === 0 ? { ...bare, kind: 'not-present', pageKind: 'zero' } : { ...bare, kind: 'not-zero', pageKind: 'not-zero' };
}

function presentFact({ forest }: OpenedRoot, place: TablePlace, low: number, high: number): SlotFact {
  const shape = forest.shapes[place.level];
  invariant(shape, 'a table has a level');
  const lost = place.lost | rightsLost(shape, low, high);
  if (isLeaf(shape, low)) {
    return { low, high, lost, table: -1, kind: 'leaf', pageKind: leafKind(place, lost), frame: frameMapped(shape, low, high) };
  }
  const frame = frameNamed(shape, low, high);
  const table = forest.store.find(frame) ?? -1;
  if (table < 0 || isAbsent(forest.store, table)) return { low, high, lost, frame, table: -1, kind: 'absent-table', pageKind: 'absent' };
  const loop = isLoop(forest, place.level, table);
  return { low, high, lost, frame, table, kind: loop ? 'loop' : 'table', pageKind: loop || place.inLoop ? 'loop' : 'zero' };
}

const leafKind = (place: TablePlace, lost: number): PageKind => (place.inLoop ? 'loop' : (lost & NO_WRITE) !== 0 ? 'read-only' : 'writable');

const KIND_INDEX = new Map<string, number>(COVERAGE_COLUMNS.map((name, index) => [name, index]));
export const kindIndex = (kind: PageKind): number => KIND_INDEX.get(kind) ?? 0;

/** Per entry: index of its page kind, or TABLE_CELL where it names a table. */
export function entryCells(root: OpenedRoot, place: TablePlace): Uint8Array {
  const cells = new Uint8Array(root.forest.shapes[place.level]?.entries ?? 0);
  for (let slot = 0; slot < cells.length; slot++) {
    const fact = slotFact(root, place, slot);
    cells[slot] = fact.kind === 'table' ? TABLE_CELL : kindIndex(fact.pageKind);
  }
  return cells;
}

/** Per entry: the kind most of its span has, tables looked into; TABLE_CELL where a table below has nothing in it. */
export function thumbnailOf(root: OpenedRoot, place: TablePlace): Uint8Array {
  const cells = entryCells(root, place);
  const pages = root.forest.shapes[place.level]?.pagesPerEntry ?? 1;
  const sum = new Float64Array(SUM_COLUMNS);
  for (let slot = 0; slot < cells.length; slot++) {
    if (cells[slot] !== TABLE_CELL) continue;
    sum.fill(0);
    root.sums.addWindow(place.firstPage + slot * pages, pages, sum);
    cells[slot] = strongest(sum);
  }
  return cells;
}

/** Of the six kinds a sum has, the largest; TABLE_CELL where all are 0. */
export function strongest(sum: Float64Array): number {
  let best = TABLE_CELL;
  let most = 0;
  for (let kind = 0; kind < 6; kind++) {
    if ((sum[kind] ?? 0) <= most) continue;
    most = sum[kind] ?? 0;
    best = kind;
  }
  return best;
}
