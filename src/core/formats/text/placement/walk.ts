import { hex } from '#core/base/hex.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import { entryShape, frameMapped, frameNamed, isLeaf, isPresent } from '#core/paging/entry.ts';
import type { Level, PagingFeatures, PagingMode } from '#core/paging/mode.ts';
import type { TextMemory } from './text-memory.ts';

export interface Walked {
  readonly frame: number;
  /** "PDPTE 3 → fb14f, PDE 495 → fb14f again, PTE 0 → fb14e (line 44)". */
  readonly way: string;
}

export const slotOf = (level: Level, page: number): number => Math.floor(page / level.pagesPerEntry) % 2 ** level.indexBits;

/** Walks a page through the tables that are placed so far; undefined where a table or an entry is missing, or not present. */
export function walk(memory: TextMemory, mode: PagingMode, features: PagingFeatures, rootAddress: number, page: number): Walked | undefined {
  const steps: string[] = [];
  const seen = new Set<number>();
  let table = rootAddress;
  for (const level of mode.levels) {
    const slot = slotOf(level, page);
    const word = memory.wordAt(table + slot * mode.entryBytes, mode.entryBytes);
    if (word === undefined || !isPresent(word.low)) return undefined;
    const shape = entryShape(mode, level, features);
    const leaf = isLeaf(shape, word.low);
    const first = leaf ? frameMapped(shape, word.low, word.high) : frameNamed(shape, word.low, word.high);
    const frame = leaf ? first + (page % level.pagesPerEntry) : first;
    const large = leaf && level.pagesPerEntry > 1 ? ' as one large page' : '';
    steps.push(`${level.entryName} ${slot} → ${hex(frame)}${seen.has(frame) ? ' again' : ''}${large} (line ${word.line})`);
    if (leaf) return { frame, way: steps.join(', ') };
    seen.add(frame);
    table = frame * FRAME_BYTES;
  }
  return undefined;
}
