import { hex, virtualHex } from '#core/base/hex.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import { entryShape, frameNamed, isLeaf, isPresent } from '#core/paging/entry.ts';
import type { Level, PagingMode } from '#core/paging/mode.ts';
import type { PlacementRule, PlacementState, Proposal, TextRoot } from './rule.ts';
import type { TextMemory, TextWord } from './text-memory.ts';

/** Tables looked through for the frames they name. */
const MOST_TABLES = 4096;

/**
 * A kernel's direct map shows all tables at one offset. Where the root's page told the offset, a page is placed by it, provided that a
 * table already placed names the frame it would be.
 */
export const sameOffsetPage: PlacementRule = (state) => state.roots.flatMap((root) => byOffsetOf(state, root));

function byOffsetOf(state: PlacementState, root: TextRoot): Proposal[] {
  const { memory, open } = state;
  const frame = Math.floor(root.address / FRAME_BYTES);
  const rootPage = memory.pages.find((page) => memory.frameOf(page) === frame);
  if (rootPage === undefined || open.length === 0) return [];
  const { pageCount, virtualBits } = root.mode;
  const offset = (rootPage - (frame % pageCount) + pageCount) % pageCount;
  const named = framesNamed(memory, root);
  return open.flatMap((page): Proposal[] => {
    const wanted = (page - offset + pageCount) % pageCount;
    const by = named.get(wanted);
    if (by === undefined) return [];
    return [
      {
        page,
        frame: wanted,
        reason: `${by} names frame ${hex(wanted)}, and the root, too, lies at its frame’s address plus ${virtualHex(offset, 0, virtualBits)}.`,
      },
    ];
  });
}

/** Frames of tables that tables in the dump name, and the entry that does. */
function framesNamed(memory: TextMemory, root: TextRoot): Map<number, string> {
  const named = new Map<number, string>();
  let tables = [root.address];
  for (const level of root.mode.levels) {
    const below = tables.flatMap((table) => tablesBelow(memory, root, level, table, named));
    tables = below.slice(0, MOST_TABLES);
  }
  return named;
}

/** Notes each frame that a table's entries name as a table; returns the addresses of those that the text has and were not noted before. */
function tablesBelow(memory: TextMemory, root: TextRoot, level: Level, table: number, named: Map<number, string>): number[] {
  const shape = entryShape(root.mode, level, root.features);
  const below: number[] = [];
  for (const [slot, { low, high, line }] of presentEntries(memory, table, root.mode, shape.entries)) {
    const frame = frameNamed(shape, low, high);
    if (isLeaf(shape, low) || named.has(frame)) continue;
    named.set(frame, `${level.entryName} ${slot} of ${hex(Math.floor(table / FRAME_BYTES))} (line ${line})`);
    if (memory.hasFrame(frame)) below.push(frame * FRAME_BYTES);
  }
  return below;
}

function* presentEntries(memory: TextMemory, table: number, mode: PagingMode, entries: number): Generator<[number, TextWord]> {
  if (!memory.hasFrame(Math.floor(table / FRAME_BYTES))) return;
  for (let slot = 0; slot < entries; slot++) {
    const word = memory.wordAt(table + slot * mode.entryBytes, mode.entryBytes);
    if (word !== undefined && isPresent(word.low)) yield [slot, word];
  }
}
