import { machineAddress } from '#core/memory/address.ts';
import type { PagingMode, Root } from '#core/paging/mode.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { classify } from './classify.ts';
import { type Child, countLevel, emptyTally, type Ground, type Survey, type Table, type Tally } from './count-tables.ts';
import { ABSENT, ALL_ZERO, NONE_PRESENT, TABLE_32, TABLE_64, UNKNOWN } from './frame-classes.ts';
import { readFrames, wordsOf } from './sweep.ts';
import { hasWideEntries } from './wide-entries.ts';

/** Tables read per level at most, spread evenly: a few ms however large the tree. */
const MOST_TABLES = 192;

/** Reads down from a candidate, level by level. */
export async function survey(ground: Ground, root: Root): Promise<Survey> {
  const mode = pagingMode(root.mode);
  const tally = emptyTally();
  let tables = await rootTable(ground, root, mode);
  for (let level = 0; level < mode.levels.length && tables.length > 0; level++) {
    const children = countLevel(ground, mode, level, Math.floor(root.address / 4096), tables, tally);
    const empty = tally.empty;
    const kept = await sortChildren(ground, mode, children, tally);
    // Pages of zeros are named by the hundred where a page table is taken for a table of tables.
    if (level > 0 && tally.empty - empty > 32 + 4 * kept.length) tally.wrong += tally.empty - empty;
    if (level === 0) tally.rootWrong = tally.wrong;
    if (level < 2) tally.upperTables = new Set([...tally.upperTables, ...kept.map(({ frame }) => frame)]);
    if (isHopeless(tally)) break;
    const sample = spread(kept, MOST_TABLES);
    tally.tablesRead += sample.length;
    const words = await readFrames(
      ground.image,
      sample.map(({ frame }) => frame),
    );
    tables = sample.map(({ firstPage }, i) => ({ firstPage, words: words[i] ?? new Uint32Array(0) }));
  }
  return tally;
}

/** None where it cannot be read, or is no table of this mode. */
async function rootTable({ image, reach }: Ground, root: Root, mode: PagingMode): Promise<readonly Table[]> {
  const [piece] = await image.read([{ start: machineAddress(root.address), length: mode.rootEntries * mode.entryBytes }]);
  const words = piece && wordsOf(piece.bytes);
  return words === undefined || (mode.id === '32-bit' && hasWideEntries(words, reach.highMost)) ? [] : [{ words, firstPage: 0 }];
}

/** Nearly every entry must lead where its level says. */
export const isHopeless = ({ wrong, tables }: Survey): boolean => wrong > Math.max(0, tables) / 9;

/** Counts what the named frames are, and returns those worth reading. */
async function sortChildren(ground: Ground, mode: PagingMode, children: readonly Child[], tally: Tally): Promise<readonly Child[]> {
  const looked = spread(children, 1024);
  await learn(
    ground,
    looked.map(({ frame }) => frame),
  );
  const table = mode.entryBytes === 8 ? TABLE_64 : TABLE_32;
  return looked.filter(({ frame }) => {
    const code = ground.classes.at(frame);
    const isTable = (code & table) !== 0;
    if (isTable) tally.tables++;
    else if (code === ABSENT) tally.absent++;
    else if ((code & (ALL_ZERO | NONE_PRESENT)) !== 0) tally.empty++;
    else tally.wrong++;
    return isTable;
  });
}

/** Classes of frames that the sweep has not come to. */
async function learn({ image, classes, reach }: Ground, frames: readonly number[]): Promise<void> {
  const unknown = frames.filter((frame) => classes.at(frame) === UNKNOWN);
  if (unknown.length === 0) return;
  const words = await readFrames(image, unknown);
  unknown.forEach((frame, i) => {
    classes.set(frame, classify(words[i] ?? new Uint32Array(1024), 0, reach));
  });
}

/** At most `most` items, evenly, the first and last among them. */
function spread<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))] as T);
}
