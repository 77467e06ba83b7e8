import { type EntryShape, entryShape, frameMapped, frameNamed, isLeaf, P, PS, US } from '#core/paging/entry.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { usualFeatures } from '#core/paging/modes.ts';
import type { Reach } from './classify.ts';
import type { CountedTables } from './counted-tables.ts';
import { ABSENT, type FrameClasses } from './frame-classes.ts';
import type { KeptTables } from './kept-tables.ts';
import { hasReservedBits } from './reserved-bits.ts';

/** What the tables below a candidate look like. Tables are sampled where they are many, so leaves are those of the sample. */
export interface Survey {
  /** Present entries of the root, and how many of them are in the upper half of its slots. */
  readonly present: number;
  readonly upper: number;
  /** Entries, of all tables read, that name a frame that looks like a table; that holds no present entry; that is not in the dump; that is anything else. */
  readonly tables: number;
  readonly empty: number;
  readonly absent: number;
  readonly wrong: number;
  /** Frames named that have not been looked at yet: while there are any, the survey is not the last word. */
  readonly unknown: number;
  readonly rootWrong: number;
  readonly leaves: number;
  readonly userLeaves: number;
  /** Leaves whose first frame the dump holds. */
  readonly inside: number;
  /** Most leaves of neighbouring slots that map memory in order. */
  readonly longestRun: number;
  /** Lowest page that maps the root's own frame. */
  readonly ownPage: number | undefined;
  /** Slots of the root that name the root itself. */
  readonly selfSlots: readonly number[];
  /** Entries of the root that name a table which one before them names. */
  readonly repeats: number;
  /** Table of the root's highest present slot, which address spaces of one kernel share. */
  readonly topTable: number | undefined;
  readonly topSlot: number;
  /** Tables named in the lower half of the root's slots, at most 64: the two halves of a pair share them. */
  readonly lowerTables: Set<number>;
  /** Bits of the root's entries, all together: low words. */
  readonly anyFlags: number;
  readonly allFlags: number;
  /** Frames of the tables right below the root, and right below those: a wide root's own PDPTs and PDs. */
  readonly upperTables: ReadonlySet<number>;
  /** Tables read to learn this: what the survey cost. */
  readonly tablesRead: number;
}

export type Tally = { -readonly [Key in keyof Survey]: Survey[Key] };

/** What a survey needs. */
export interface Ground {
  readonly tables: KeptTables;
  readonly classes: FrameClasses;
  readonly reach: Reach;
  /** Page tables counted before: address spaces share most of theirs. */
  readonly counted: CountedTables;
}

export const emptyTally = (): Tally => ({
  ...{ present: 0, upper: 0, tables: 0, empty: 0, absent: 0, wrong: 0, unknown: 0, rootWrong: 0, leaves: 0, userLeaves: 0, inside: 0, longestRun: 0 },
  ...{
    ownPage: undefined,
    selfSlots: [],
    repeats: 0,
    topTable: undefined,
    topSlot: -1,
    lowerTables: new Set<number>(),
    anyFlags: 0,
    allFlags: 0xfff,
    upperTables: new Set<number>(),
    tablesRead: 0,
  },
});

/** A table read, and the first page of the space that it covers. */
export interface Table {
  readonly words: Uint32Array;
  readonly firstPage: number;
}

/** A frame named as a table. */
export interface Child {
  readonly frame: number;
  readonly firstPage: number;
}

/** Frames named as tables, and the first page that each covers; a frame named twice counts where it was first. */
export type Children = ReadonlyMap<number, number>;

/** Counts every entry of the tables of one level into the tally; the frames they name, each once. */
export function countLevel(ground: Ground, mode: PagingMode, level: number, rootFrame: number, tables: readonly Table[], tally: Tally): Children {
  const described = mode.levels[level];
  if (!described) return new Map();
  const shape = entryShape(mode, described, usualFeatures);
  const count: LevelCount = { ground, shape, noPs: described.mapsMemory === 'never', isRoot: level === 0, rootFrame, tally, children: new Map() };
  for (const table of tables) countTable(count, table);
  return count.children;
}

interface LevelCount {
  readonly ground: Ground;
  readonly shape: EntryShape;
  /** PS is reserved here and named for nothing. */
  readonly noPs: boolean;
  readonly isRoot: boolean;
  readonly rootFrame: number;
  readonly tally: Tally;
  /** By frame. */
  readonly children: Map<number, number>;
}

function countTable(count: LevelCount, { words, firstPage }: Table): void {
  const { entries, words: width, pagesPerEntry } = count.shape;
  const order = { run: 0, expected: -1 };
  for (let slot = 0; slot < entries; slot++) {
    const low = words[slot * width] ?? 0;
    if ((low & P) === 0) continue;
    const high = width === 2 ? (words[slot * 2 + 1] ?? 0) : 0;
    if (count.isRoot) noteRootEntry(count, slot, low, frameNamed(count.shape, low, high));
    countEntry(count, low, high, firstPage + slot * pagesPerEntry, order);
  }
}

/** Frame 0 of a PC holds real mode's interrupt vectors, F000xxxx each: as a table of narrow entries they would lead to memory, if there is so much. */
function countEntry(count: LevelCount, low: number, high: number, firstPage: number, order: Order): void {
  const { shape, children, tally } = count;
  const frame = frameNamed(shape, low, high);
  if (isLeaf(shape, low)) countLeaf(count, low, high, firstPage, order);
  else if (count.noPs && shape.hasRights && (low & PS) !== 0) tally.wrong++;
  else if (frame === count.rootFrame) return;
  else if (frame === 0 && shape.words === 1) tally.wrong++;
  else if (!children.has(frame)) children.set(frame, firstPage);
  else if (count.isRoot) tally.repeats++;
}

const MOST_LOWER = 64;

function noteRootEntry({ shape, tally, rootFrame }: LevelCount, slot: number, low: number, frame: number): void {
  tally.present++;
  if (slot * 2 >= shape.entries) tally.upper++;
  else if (!isLeaf(shape, low) && tally.lowerTables.size < MOST_LOWER) tally.lowerTables.add(frame);
  tally.anyFlags |= low & 0xfff;
  tally.allFlags &= low;
  if (frame === rootFrame && shape.entries > 4) tally.selfSlots = [...tally.selfSlots, slot];
  else {
    tally.topSlot = slot;
    tally.topTable = isLeaf(shape, low) ? undefined : frame;
  }
}

function countLeaf({ ground, shape, tally, rootFrame }: LevelCount, low: number, high: number, page: number, order: Order): void {
  const frame = frameMapped(shape, low, high);
  if (hasReservedBits(ground.reach, shape, low, high)) {
    tally.wrong++;
    return;
  }
  order.run = frame === order.expected ? order.run + 1 : 1;
  order.expected = frame + shape.pagesPerEntry;
  tally.longestRun = Math.max(tally.longestRun, order.run);
  tally.leaves++;
  if ((low & US) !== 0) tally.userLeaves++;
  if (ground.classes.at(frame) !== ABSENT) tally.inside++;
  if (rootFrame >= frame && rootFrame < frame + shape.pagesPerEntry) tally.ownPage ??= page + rootFrame - frame;
}

/** How many leaves so far went on where the one before ended. */
interface Order {
  run: number;
  expected: number;
}
