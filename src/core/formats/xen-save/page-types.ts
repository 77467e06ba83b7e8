import { commas } from '#core/base/hex.ts';

/** Type of a page of the guest's, as Xen counts them: bits 63:60 of a PFN in PAGE_DATA (xen/include/public/domctl.h). */
export const PINNED = 8;
const BROKEN = 0xd;
const ALLOCATED = 0xe;
const NONE = 0xf;

/** True where the page's bytes are in the stream. */
export const hasBytes = (type: number): boolean => type < BROKEN;

/** "an L2 table", "an L4 table, pinned", "no page (a hole)". */
export function typeText(type: number): string {
  if (type === BROKEN) return 'a page with a memory fault';
  if (type === ALLOCATED) return 'a page allocated and not populated';
  if (type === NONE) return 'no page: a hole';
  const level = type % PINNED;
  if (level === 0 || level > 4) return 'a plain page';
  return `an L${level} table${type >= PINNED ? ', pinned' : ''}`;
}

/** A guest of 1 TB. Types of pages above are counted, not kept. */
const MOST_PFN = 2 ** 28;

/** PFNs of one piece of the column: a stream of a few PFNs far apart costs a piece for each. */
const PIECE = 4096;

/** Types by PFN, in pieces of a column that are made when the stream names a PFN of theirs. */
export class PageTypes {
  /** By PFN / PIECE: type plus one; 0 where the stream says nothing. */
  readonly #pieces = new Map<number, Uint8Array>();

  set(pfn: number, type: number): void {
    if (pfn >= MOST_PFN) return;
    const at = Math.floor(pfn / PIECE);
    const piece = this.#pieces.get(at) ?? new Uint8Array(PIECE);
    this.#pieces.set(at, piece);
    piece[pfn % PIECE] = type + 1;
  }

  typeOf(pfn: number): number | undefined {
    const value = this.#pieces.get(Math.floor(pfn / PIECE))?.[pfn % PIECE] ?? 0;
    return value === 0 ? undefined : value - 1;
  }

  /** PFNs of a type, ascending, the first `most`. */
  ofType(type: number, most: number): number[] {
    const found: number[] = [];
    for (const at of [...this.#pieces.keys()].sort((a, b) => a - b)) {
      const piece = this.#pieces.get(at) ?? new Uint8Array(0);
      for (let within = piece.indexOf(type + 1); within >= 0; within = piece.indexOf(type + 1, within + 1)) {
        if (found.length === most) return found;
        found.push(at * PIECE + within);
      }
    }
    return found;
  }

  /** Pages by type, 0 to 15. */
  counts(): Uint32Array {
    const counts = new Uint32Array(17);
    for (const piece of this.#pieces.values()) for (const value of piece) counts[value] = (counts[value] ?? 0) + 1;
    return counts.subarray(1);
  }
}

/** "12 L1 tables, 3 L2 tables pinned, 4 holes"; plain pages are not told. */
export function typeCounts(types: PageTypes): string {
  const counts = types.counts();
  const words = Array.from(counts, (count, type) => (count === 0 || type === 0 ? '' : `${commas(count)} × ${typeText(type)}`));
  return words.filter(Boolean).join('; ');
}
