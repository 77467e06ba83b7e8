import type { PagingMode } from '#core/paging/mode.ts';
import type { TablePath, TableRow, TableView } from '#core/session/contract.ts';
import { isRunOpen, type Openings } from './openings.ts';
import { isPrefix, pathKey, rowOf, slotsOf, takesIn } from './slots.ts';

/** One question the tree needs answered. */
export interface Need {
  readonly path: TablePath;
  readonly selectedSlot: number | undefined;
  readonly unfolded: boolean;
}

/** The row of the tree that was chosen in the tree itself: it stays the selected one although its address leads deeper. */
export interface Anchor {
  readonly page: number;
  /** Slots that lead to the table which holds the row; -1 for the first line. */
  readonly depth: number;
}

export interface TreeInput {
  readonly mode: PagingMode;
  /** The selected virtual page. */
  readonly page: number;
  readonly anchor: Anchor | undefined;
  readonly openings: Openings;
  /** The answer, or the last one about the same table, or undefined. */
  answer(need: Need): TableView | undefined;
}

/** One visible row of the tree. */
export interface TreeLine {
  readonly key: string;
  /** 0 is the root table itself. */
  readonly depth: number;
  /** The table that holds the entry; for the first line the root table. */
  readonly table: TableView;
  /** Undefined for the first line. */
  readonly row: TableRow | undefined;
  readonly firstPage: number;
  readonly pageCount: number;
  /** What opening it shows: the table it names, or its single entries. */
  readonly opens: 'table' | 'run' | undefined;
  readonly isOpen: boolean;
  /** Path of the table that it opens. */
  readonly childPath: TablePath;
  /** Among its brothers, from 1, and how many there are. */
  readonly position: number;
  readonly setSize: number;
  /** Index of the line it stands under; -1 for the first. */
  readonly parent: number;
}

export interface Tree {
  readonly lines: readonly TreeLine[];
  /** Questions asked in drawing it, answered or not. */
  readonly needs: readonly Need[];
  /** Indexes of the lines that hold the selected page, root first; the last is the selected one. Empty while nothing is known. */
  readonly path: readonly number[];
}

interface Drawing extends TreeInput {
  readonly slots: TablePath;
  /** Tables deeper than this are not opened by the selection alone. */
  readonly deepest: number;
  readonly lines: TreeLine[];
  readonly needs: Need[];
}

/** Lays out what is open, top to bottom. Tables without an answer yet have no rows. */
export function drawTree(input: TreeInput): Tree {
  const anchor = input.anchor?.page === input.page ? input.anchor : undefined;
  const drawing: Drawing = {
    ...input,
    slots: slotsOf(input.mode, input.page),
    deepest: anchor?.depth ?? input.mode.levels.length,
    lines: [],
    needs: [],
  };
  needPath(drawing);
  const root = ask(drawing, [], false);
  if (root) drawRoot(drawing, root);
  const { lines, needs } = drawing;
  return { lines, needs, path: pathTo(lines, input.page, anchor?.depth) };
}

/** Asks for all tables on the selection's path at once, instead of one after the other. */
function needPath(drawing: Drawing): void {
  for (let length = 1; length < drawing.slots.length; length++) {
    const path = drawing.slots.slice(0, length);
    if (!isTableOpen(drawing, path)) return;
    ask(drawing, path, false);
  }
}

function isTableOpen({ openings, slots, deepest }: Drawing, path: TablePath): boolean {
  const key = pathKey(path);
  if (openings.closed.has(key)) return false;
  return openings.tables.has(key) || (path.length <= deepest && isPrefix(path, slots));
}

function ask(drawing: Drawing, path: TablePath, unfolded: boolean): TableView | undefined {
  const { slots, openings, deepest, needs } = drawing;
  const slot = path.length <= deepest && isPrefix(path, slots) ? slots[path.length] : undefined;
  const isTakenOut = slot !== undefined && !unfolded && !isRunOpen(openings, path, slot);
  const need: Need = { path, selectedSlot: isTakenOut ? slot : undefined, unfolded };
  if (!needs.some((other) => needKey(other) === needKey(need))) needs.push(need);
  return drawing.answer(need);
}

export const needKey = (need: Need): string => `${pathKey(need.path)}/${need.unfolded ? 'all' : (need.selectedSlot ?? '')}`;

function drawRoot(drawing: Drawing, root: TableView): void {
  const isOpen = isTableOpen(drawing, []);
  const pageCount = root.entries * root.pagesPerEntry;
  drawing.lines.push({
    key: 'root',
    depth: 0,
    table: root,
    row: undefined,
    firstPage: root.firstPage,
    pageCount,
    opens: 'table',
    isOpen,
    childPath: [],
    position: 1,
    setSize: 1,
    parent: -1,
  });
  if (isOpen) drawRows(drawing, root, root.rows, 0);
}

function drawRows(drawing: Drawing, table: TableView, rows: readonly TableRow[], parent: number): void {
  const depth = (drawing.lines[parent]?.depth ?? 0) + 1;
  const isSingles = drawing.lines[parent]?.opens === 'run';
  rows.forEach((row, i) => {
    const line = lineOf(drawing, table, row, isSingles);
    const at = drawing.lines.push({ ...line, depth, position: i + 1, setSize: rows.length, parent }) - 1;
    if (line.isOpen) drawOpened(drawing, table, row, at);
  });
}

function drawOpened(drawing: Drawing, table: TableView, row: TableRow, at: number): void {
  const line = drawing.lines[at];
  if (line?.opens === 'run') {
    const all = ask(drawing, table.path, true);
    const singles = all?.rows.filter((single) => single.count === 1 && takesIn(row, single.firstSlot)) ?? [];
    drawRows(drawing, table, singles, at);
  } else if (line) {
    const below = ask(drawing, line.childPath, false);
    if (below) drawRows(drawing, below, below.rows, at);
  }
}

function lineOf(drawing: Drawing, table: TableView, row: TableRow, isSingle: boolean): Omit<TreeLine, 'depth' | 'position' | 'setSize' | 'parent'> {
  const opens = whatOpens(row);
  const childPath = [...table.path, childSlot(drawing, table, row)];
  const isOpen =
    opens === 'run' ? isRunOpen(drawing.openings, table.path, row.firstSlot, row.lastSlot) : opens === 'table' && isTableOpen(drawing, childPath);
  const key = `${pathKey(table.path)}:${row.between ? 'between' : isSingle ? 'single' : ''}${row.firstSlot}`;
  return { key, table, row, firstPage: row.firstPage, pageCount: row.pageCount, opens, isOpen, childPath };
}

/** A run that names one table opens that table, by the slot the selection goes through if it does. */
function childSlot({ slots }: Drawing, table: TableView, row: TableRow): number {
  const slot = slots[table.path.length];
  return slot !== undefined && isPrefix(table.path, slots) && takesIn(row, slot) ? slot : row.firstSlot;
}

const NEVER_OPENS: ReadonlySet<TableRow['kind']> = new Set(['not-present', 'elided', 'entry-absent']);

function whatOpens(row: TableRow): TreeLine['opens'] {
  if (row.kind === 'table' && (row.count === 1 || row.order === 'same')) return 'table';
  return row.count > 1 && !row.between && !NEVER_OPENS.has(row.kind) ? 'run' : undefined;
}

/** How deep the table lies that holds a line's row: what an anchor remembers. */
export const anchorDepth = (line: TreeLine): number => (line.row ? line.table.path.length : -1);

/** Goes down from the first line as long as a line below shows the page; `depth` stops it at a table so many slots down. */
function pathTo(lines: readonly TreeLine[], page: number, depth: number | undefined): number[] {
  const path: number[] = [];
  for (let at = lines.length > 0 ? 0 : -1; at >= 0; at = childWith(lines, at, page)) {
    path.push(at);
    const line = lines[at];
    if (line && depth !== undefined && anchorDepth(line) >= depth && line.opens !== 'run') break;
  }
  return path;
}

/** Index of the child of line `at` that shows a page; -1 if it has none. */
function childWith(lines: readonly TreeLine[], at: number, page: number): number {
  const children: number[] = [];
  for (let i = at + 1; i < lines.length && (lines[i]?.depth ?? 0) > (lines[at]?.depth ?? 0); i++) {
    if (lines[i]?.parent === at) children.push(i);
  }
  const table = lines[children[0] ?? -1]?.table;
  if (!table) return -1;
  const slot = Math.floor((page - table.firstPage) / table.pagesPerEntry);
  const row = rowOf(
    children.flatMap((i) => lines[i]?.row ?? []),
    slot,
  );
  return row ? (children.find((i) => lines[i]?.row === row) ?? -1) : -1;
}

/** The visible line that shows a page, as deep as is open; -1 if none. */
export const lineWith = (lines: readonly TreeLine[], page: number): number => pathTo(lines, page, undefined).at(-1) ?? -1;
