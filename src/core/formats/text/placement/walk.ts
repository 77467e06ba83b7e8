import { hex } from '#core/base/hex.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import { entryShape, frameMapped, frameNamed, isLeaf, isPresent } from '#core/paging/entry.ts';
import type { Level, PagingFeatures, PagingMode } from '#core/paging/mode.ts';
import type { TextMemory } from './text-memory.ts';

/** Where a walk begins and how it reads. */
interface WalkRoot {
  readonly address: number;
  readonly mode: PagingMode;
  readonly features: PagingFeatures;
}

interface Walked {
  readonly frame: number;
  /** "PDPTE 3 → fb14f, PDE 495 → fb14f again, PTE 0 → fb14e (line 44)". */
  readonly way: string;
}

export const slotOf = (level: Level, page: number): number => Math.floor(page / level.pagesPerEntry) % 2 ** level.indexBits;

interface Step {
  readonly frame: number;
  readonly leaf: boolean;
  readonly text: string;
}

/** Walks a page through the tables that are placed so far; undefined where a table or an entry is missing, or not present. */
export function walk(memory: TextMemory, root: WalkRoot, page: number): Walked | undefined {
  const texts: string[] = [];
  const seen = new Set<number>();
  let table = root.address;
  for (const level of root.mode.levels) {
    const step = stepFrom(memory, root, level, table, page, seen);
    if (step === undefined) return undefined;
    texts.push(step.text);
    if (step.leaf) return { frame: step.frame, way: texts.join(', ') };
    seen.add(step.frame);
    table = step.frame * FRAME_BYTES;
  }
  return undefined;
}

function stepFrom(memory: TextMemory, root: WalkRoot, level: Level, table: number, page: number, seen: ReadonlySet<number>): Step | undefined {
  const { mode, features } = root;
  const slot = slotOf(level, page);
  const word = memory.wordAt(table + slot * mode.entryBytes, mode.entryBytes);
  if (word === undefined || !isPresent(word.low)) return undefined;
  const shape = entryShape(mode, level, features);
  const leaf = isLeaf(shape, word.low);
  const frame = leaf ? frameMapped(shape, word.low, word.high) + (page % level.pagesPerEntry) : frameNamed(shape, word.low, word.high);
  const note = leaf && level.pagesPerEntry > 1 ? ' in one large page' : seen.has(frame) ? ' again' : '';
  return { frame, leaf, text: `${level.entryName} ${slot} → ${hex(frame)}${note} (line ${word.line})` };
}
