import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import { FRAME_BYTES, machineAddress } from '#core/memory/address.ts';
import type { MemoryImage, MemoryPiece } from '#core/memory/memory-image.ts';
import { type EntryShape, entryShape, frameNamed, isLeaf } from '#core/paging/entry.ts';
import type { PagingFeatures, PagingMode, Root } from '#core/paging/mode.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { TABLE_ABSENT, type TableIndex, TableStore, WORD_ABSENT, WORD_ASSUMED_ZERO, WORD_HELD, WORDS } from './table-store.ts';

/** All page tables of one root, in memory: what every later question computes on without waiting. */
export interface TableForest {
  readonly root: Root;
  readonly mode: PagingMode;
  readonly features: PagingFeatures;
  /** One per level of the mode. */
  readonly shapes: readonly EntryShape[];
  readonly store: TableStore;
  readonly absentTables: number;
  readonly problems: readonly Problem[];
}

/** 256 MiB of tables: twice what a 64 GiB guest mapped in 4 KiB pages needs. Beyond, tables count as absent, and a problem says so. */
const MOST_TABLES = 65_536;
/** Tables asked for at a time: keeps progress moving and the pieces' memory small. */
const BATCH = 2048;

/**
 * Reads every table reachable from a root, level by level: all frames a level names are gathered, those known dropped, the rest read in
 * few coalesced reads. A table is stored once and visited once per (table, level), so self-maps and shared tables end by themselves.
 */
export async function fetchTables(image: MemoryImage, root: Root, features: PagingFeatures, task: Task): Promise<TableForest> {
  const mode = pagingMode(root.mode);
  const shapes = mode.levels.map((level) => entryShape(mode, level, features));
  const fetch: Fetch = { image, store: new TableStore(), shapes, absent: 0, cut: 0 };
  let current = new Set<TableIndex>([await addRoot(fetch, root, mode)]);
  for (let level = 0; level + 1 < shapes.length && current.size > 0; level++) {
    current = await fetchLevel(fetch, current, level, task);
  }
  return { root, mode, features, shapes, store: fetch.store, absentTables: fetch.absent, problems: cutProblem(fetch) };
}

interface Fetch {
  readonly image: MemoryImage;
  readonly store: TableStore;
  readonly shapes: readonly EntryShape[];
  absent: number;
  cut: number;
}

async function addRoot(fetch: Fetch, root: Root, mode: PagingMode): Promise<TableIndex> {
  const length = mode.rootEntries * mode.entryBytes;
  const table = fetch.store.add(Math.floor(root.address / FRAME_BYTES), 0, length === FRAME_BYTES);
  const [piece] = await fetch.image.read([{ start: machineAddress(root.address), length }]);
  if (piece) fillTable(fetch, table, piece);
  return table;
}

/** Reads the tables that `tables`, seen at `level`, name, and returns the set to be seen at the next level. */
async function fetchLevel(fetch: Fetch, tables: ReadonlySet<TableIndex>, level: number, task: Task): Promise<Set<TableIndex>> {
  const named: Named = { next: new Set(), wanted: [] };
  for (const table of tables) gatherNamed(fetch, table, level, named);
  const { next, wanted } = named;
  for (let from = 0; from < wanted.length; from += BATCH) {
    task.check();
    task.report({ step: `reading level ${level + 2} of ${fetch.shapes.length}`, done: from, total: wanted.length });
    await readTables(fetch, wanted.slice(from, from + BATCH));
  }
  return next;
}

/** The set of tables a level names, and those of them that are new and must be read. */
interface Named {
  readonly next: Set<TableIndex>;
  readonly wanted: TableIndex[];
}

/** Adds to the store, unread, each table that a present entry of `table` names. */
function gatherNamed(fetch: Fetch, table: TableIndex, level: number, named: Named): void {
  const shape = fetch.shapes[level];
  if (!shape) return;
  const wide = shape.words === 2;
  const words = fetch.store.words(table);
  const codes = fetch.store.wordPresence(table);
  for (let slot = 0; slot < shape.entries; slot++) {
    const at = slot * shape.words;
    const low = words[at] ?? 0;
    const isNamed = (low & 1) !== 0 && !isLeaf(shape, low) && codes?.[at + shape.words - 1] !== WORD_ABSENT;
    if (isNamed) meet(fetch, frameNamed(shape, low, wide ? (words[at + 1] ?? 0) : 0), level, named);
  }
}

/** A present entry of a table at `level` names this frame as a table. */
function meet(fetch: Fetch, frame: number, level: number, { next, wanted }: Named): void {
  const { store } = fetch;
  const known = store.find(frame);
  if (known !== undefined) {
    // A loop shows a table, it is not one more use of it.
    if (store.homeLevel(known) > level) store.countUse(known);
    next.add(known);
  } else if (store.count < MOST_TABLES) {
    // A PAE root is 32 bytes of its frame: the frame seen whole is another table, but still a loop to the root.
    const added = store.add(frame, frame === store.frame(0) ? 0 : level + 1);
    store.countUse(added);
    next.add(added);
    wanted.push(added);
  } else fetch.cut++;
}

async function readTables(fetch: Fetch, tables: readonly TableIndex[]): Promise<void> {
  const ranges = tables.map((table) => ({ start: machineAddress(fetch.store.frame(table) * FRAME_BYTES), length: FRAME_BYTES }));
  const pieces = await fetch.image.read(ranges);
  tables.forEach((table, i) => {
    const piece = pieces[i];
    if (piece) fillTable(fetch, table, piece);
  });
}

/** Copies a piece into the arena and notes what of it is not held. */
function fillTable(fetch: Fetch, table: TableIndex, piece: MemoryPiece): void {
  const { store, image } = fetch;
  if (piece.presence.every((run) => run.presence === 'absent')) {
    fetch.absent++;
    store.markAbsent(table, piece.presence[0]?.reason ?? image.whyAbsent(piece.start));
    return;
  }
  copyWords(piece.bytes, store.words(table));
  if (piece.presence.some((run) => run.presence === 'absent' || run.presence === 'assumed-zero')) store.markPartial(table, wordPresence(piece));
}

/** Little-endian bytes to words; the source may lie at any alignment. */
function copyWords(bytes: Uint8Array, words: Uint32Array): void {
  const target = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  target.set(bytes.subarray(0, target.length));
}

/** One code per word; a word of which any byte is absent is absent. */
function wordPresence(piece: MemoryPiece): Uint8Array {
  const codes = new Uint8Array(WORDS).fill(WORD_HELD);
  for (const run of piece.presence) {
    const code = run.presence === 'absent' ? WORD_ABSENT : run.presence === 'assumed-zero' ? WORD_ASSUMED_ZERO : WORD_HELD;
    if (code === WORD_HELD) continue;
    const last = Math.ceil((run.offset + run.length) / 4);
    for (let word = Math.floor(run.offset / 4); word < last; word++) codes[word] = Math.max(codes[word] ?? 0, code);
  }
  return codes;
}

function cutProblem(fetch: Fetch): readonly Problem[] {
  if (fetch.cut === 0) return [];
  const text = `This root names more than ${MOST_TABLES} page tables. ${fetch.cut} entries lead to tables that were not read; they count as absent.`;
  return [{ kind: 'tables-cut', severity: 'loss', text }];
}

/** True where the table's content is not in the dump at all. */
export const isAbsent = (store: TableStore, table: TableIndex): boolean => store.state(table) === TABLE_ABSENT;
