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

/** Types by PFN, in a column that grows with the highest seen. */
export class PageTypes {
  /** Type plus one; 0 where the stream says nothing. */
  #column = new Uint8Array(2 ** 16);

  set(pfn: number, type: number): void {
    if (pfn >= MOST_PFN) return;
    if (pfn >= this.#column.length) this.#grow(pfn);
    this.#column[pfn] = type + 1;
  }

  typeOf(pfn: number): number | undefined {
    const value = this.#column[pfn] ?? 0;
    return value === 0 ? undefined : value - 1;
  }

  /** PFNs of a type, ascending, the first `most`. */
  ofType(type: number, most: number): number[] {
    const found: number[] = [];
    for (let pfn = this.#column.indexOf(type + 1); pfn >= 0 && found.length < most; pfn = this.#column.indexOf(type + 1, pfn + 1)) found.push(pfn);
    return found;
  }

  /** Pages by type, 0 to 15. */
  counts(): Uint32Array {
    const counts = new Uint32Array(17);
    for (const value of this.#column) counts[value] = (counts[value] ?? 0) + 1;
    return counts.subarray(1);
  }

  #grow(pfn: number): void {
    const wider = new Uint8Array(Math.min(MOST_PFN, 2 ** Math.ceil(Math.log2(pfn + 1))));
    wider.set(this.#column);
    this.#column = wider;
  }
}

/** "12 L1 tables, 3 L2 tables pinned, 4 holes"; plain pages are not told. */
export function typeCounts(types: PageTypes): string {
  const counts = types.counts();
  const words = Array.from(counts, (count, type) => (count === 0 || type === 0 ? '' : `${commas(count)} × ${typeText(type)}`));
  return words.filter(Boolean).join('; ');
}
