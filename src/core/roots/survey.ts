import { FRAME_BYTES } from '#core/memory/address.ts';
import type { PagingMode, Root } from '#core/paging/mode.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { type Child, type Children, countLevel, emptyTally, type Ground, type Survey, type Table, type Tally } from './count-tables.ts';
import { countLeaves, type LeafCount, leafShape, mayMap, slotMapping } from './counted-tables.ts';
import { ABSENT, ALL_ZERO, NONE_PRESENT, TABLE_32, TABLE_64, UNKNOWN } from './frame-classes.ts';
import { leadOf, mostEmpty } from './lead-of.ts';
import { hasWideEntries } from './wide-entries.ts';

/** Tables read per level at most, spread evenly: a few ms however large the tree. */
const MOST_TABLES = 192;

/** Reads down from a candidate, level by level. `words`: of the root itself, where they are known. */
export async function survey(ground: Ground, root: Root, words?: Uint32Array): Promise<Survey> {
  const mode = pagingMode(root.mode);
  const tally = emptyTally();
  const rootFrame = Math.floor(root.address / FRAME_BYTES);
  const rootWords = words ?? (await ground.tables.read([rootFrame]))[0] ?? NO_WORDS;
  if (mode.rootEntries > 4 && !leadsToTables(ground, mode, 0, [rootWords], tally)) return tally;
  let tables = rootTable(ground, mode, rootWords);
  const last = mode.levels.length - 1;
  for (let level = 0; level < last && tables.length > 0; level++) {
    const children = countLevel(ground, mode, level, rootFrame, tables, tally);
    const sample = sampleChildren(ground, mode, level, children, tally);
    if (level + 1 === last) await countPageTables(ground, mode, rootFrame, sample, tally);
    else tables = await readUnlessHopeless(ground, mode, level + 1, sample, tally);
  }
  return tally;
}

/** Tables looked at before all of a level are. */
const PROBED = 16;

/** The tables of a level; none where what a few of them name is mostly no table, or unknown. */
async function readUnlessHopeless(
  ground: Ground,
  mode: PagingMode,
  level: number,
  sample: readonly Child[],
  tally: Tally,
): Promise<readonly Table[]> {
  const tables = await readTables(ground, sample);
  const few = spread(tables, PROBED).map(({ words }) => words);
  return leadsToTables(ground, mode, level, few, tally) ? tables : [];
}

/** If not, the tally says that the candidate is hopeless, or that it is too early to tell. */
function leadsToTables({ classes }: Ground, mode: PagingMode, level: number, tables: readonly Uint32Array[], tally: Tally): boolean {
  const lead = leadOf(classes, mode, level, tables);
  // So many that nothing else makes up for it.
  if (lead === 'elsewhere') tally.wrong += tally.tables + 1;
  if (lead === 'unknown') tally.unknown++;
  return lead === 'tables';
}

/** The tables that a level names, as many as are read; none where the candidate is hopeless already. */
function sampleChildren(ground: Ground, mode: PagingMode, level: number, children: Children, tally: Tally): readonly Child[] {
  const empty = tally.empty;
  const kept = sortChildren(ground, mode, children, tally);
  const emptyHere = tally.empty - empty;
  if (emptyHere > mostEmpty(level, kept.length)) tally.wrong += emptyHere;
  if (level === 0) tally.rootWrong = tally.wrong;
  if (level < 2) tally.upperTables = new Set([...tally.upperTables, ...kept.map(({ frame }) => frame)]);
  if (isHopeless(tally)) return [];
  const sample = spread(kept, MOST_TABLES);
  tally.tablesRead += sample.length;
  return sample;
}

async function readTables({ tables }: Ground, sample: readonly Child[]): Promise<readonly Table[]> {
  const words = await tables.read(sample.map(({ frame }) => frame));
  return sample.map(({ firstPage }, i) => ({ firstPage, words: words[i] ?? NO_WORDS }));
}

const NO_WORDS = new Uint32Array(0);

/** Adds up page tables; those known from another root are read again only where they may map this root's own frame. */
async function countPageTables(ground: Ground, mode: PagingMode, rootFrame: number, sample: readonly Child[], tally: Tally): Promise<void> {
  const shape = leafShape(mode);
  const counted = ground.counted.of(mode);
  const wanted = sample.filter(({ frame }) => {
    const known = counted.get(frame);
    return known === undefined || (tally.ownPage === undefined && mayMap(known, rootFrame));
  });
  const read = new Map((await readTables(ground, wanted)).map(({ words }, i) => [wanted[i]?.frame, words] as const));
  for (const { frame, firstPage } of sample) {
    const words = read.get(frame);
    if (!shape) return;
    const count = counted.get(frame) ?? countLeaves(words ?? NO_WORDS, shape, ground.reach, ground.classes);
    counted.set(frame, count);
    addCount(tally, count);
    if (words && tally.ownPage === undefined && mayMap(count, rootFrame)) noteOwnPage(tally, slotMapping(words, shape, rootFrame), firstPage);
  }
}

function addCount(tally: Tally, { wrong, leaves, userLeaves, inside, longestRun }: LeafCount): void {
  tally.wrong += wrong;
  tally.leaves += leaves;
  tally.userLeaves += userLeaves;
  tally.inside += inside;
  tally.longestRun = Math.max(tally.longestRun, longestRun);
}

function noteOwnPage(tally: Tally, slot: number, firstPage: number): void {
  if (slot >= 0) tally.ownPage = firstPage + slot;
}

/** None where it is no table of this mode. */
function rootTable({ reach }: Ground, mode: PagingMode, words: Uint32Array): readonly Table[] {
  return mode.id === '32-bit' && hasWideEntries(words, reach.highMost) ? [] : [{ words, firstPage: 0 }];
}

/** Nearly every entry must lead where its level says. */
export const isHopeless = ({ wrong, tables }: Survey): boolean => wrong > Math.max(0, tables) / 9;

/** Named frames looked at, at most. */
const MOST_CHILDREN = 1024;

/** Counts what the named frames are, and returns those worth reading. */
function sortChildren({ classes }: Ground, mode: PagingMode, children: Children, tally: Tally): readonly Child[] {
  const looked = spread([...children.keys()], MOST_CHILDREN);
  return looked.flatMap((frame) => (noteChild(classes.at(frame), mode, tally) ? { frame, firstPage: children.get(frame) ?? 0 } : []));
}

/** True for what looks like a table of the mode's width. */
function noteChild(code: number, mode: PagingMode, tally: Tally): boolean {
  const isTable = (code & (mode.entryBytes === 8 ? TABLE_64 : TABLE_32)) !== 0;
  if (isTable) tally.tables++;
  else if (code === UNKNOWN) tally.unknown++;
  else if (code === ABSENT) tally.absent++;
  else if ((code & (ALL_ZERO | NONE_PRESENT)) !== 0) tally.empty++;
  else tally.wrong++;
  return isTable;
}

/** At most `most` items, evenly, the first and last among them. */
function spread<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))] as T);
}
