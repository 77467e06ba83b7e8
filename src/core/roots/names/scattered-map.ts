import type { Task } from '#core/base/task.ts';
import { FRAME_BYTES, machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { type EntryShape, entryShape, frameMapped, frameNamed, isLeaf, isPresent } from '#core/paging/entry.ts';
import type { PagingMode, Root } from '#core/paging/mode.ts';
import { pagingMode, usualFeatures } from '#core/paging/modes.ts';
import { wordsOf } from '#core/roots/read-frames.ts';
import { AGREEING, type DirectMap, mapFrom } from './direct-map.ts';
import type { NameableRoot } from './guess.ts';

/** Where a guest's kernel may map its memory, in pages: above what a 64-bit Xen keeps for itself (slots 256 to 271), below what it keeps of 4 GB (F5800000). */
const GUEST_64 = { first: 272 * 2 ** 27, end: 2 ** 36 };
const GUEST_32 = { first: 0xc_0000, end: 0xf_5800 };
/** Page tables read at most, of one level: they map 64 GB. */
const MOST_TABLES = 2 ** 15;
const TOGETHER = 256;
/** Frames of an image at most: 256 GB. */
const MOST_FRAMES = 2 ** 26;
/** Holes that a guest's own numbering has over the frames of the image: 1 GB. */
const HOLES = 2 ** 18;

/** True where the map is not the guest's but Xen's own, which every guest's root has as well. */
export const isXens = ({ wordBytes, page }: DirectMap): boolean => wordBytes === 8 && page >= 256 * 2 ** 27 && page < GUEST_64.first;

/** Guests told apart at most: each costs a look at every word. */
const MOST_GUESTS = 4;

/**
 * The maps of guests whose memory is in no order, as Xen gives it to paravirtualised ones: read from the page tables of a root of each.
 * Only those with at least three roots.
 */
export async function scatteredMapsOf(image: MemoryImage, roots: readonly NameableRoot[], task: Task): Promise<readonly DirectMap[]> {
  const maps: DirectMap[] = [];
  let left = roots.filter((root) => isGuests(root) && image.end <= MOST_FRAMES * FRAME_BYTES);
  for (let tried = 0; tried < MOST_GUESTS; tried++) {
    const [best] = left;
    if (!best || left.length < AGREEING) break;
    const pages = new FramePages(image, pagingMode(best.mode));
    await pages.read(best, task);
    const others = left.filter((root) => root !== best && pages.offsetOf(root.address) < 0);
    if (left.length - others.length >= AGREEING) maps.push(pages.map());
    left = others;
  }
  return maps;
}

const isGuests = ({ verified, ownPage, mode }: NameableRoot): boolean =>
  verified === true && mode !== '5-level' && ownPage !== undefined && ownPage >= pagingMode(mode).pageCount / 2;

interface Named {
  readonly start: number;
  /** First page that the table covers. */
  readonly page: number;
}

/** The lowest page of the guest's kernel that maps each frame. */
class FramePages {
  readonly #image: MemoryImage;
  readonly #mode: PagingMode;
  readonly #range: { readonly first: number; readonly end: number };
  /** Page of each frame less `#base`, and one more; 0 where it has none. */
  readonly #pages: Uint32Array;
  #base = -1;

  constructor(image: MemoryImage, mode: PagingMode) {
    this.#image = image;
    this.#mode = mode;
    this.#range = mode.virtualBits === 32 ? GUEST_32 : GUEST_64;
    this.#pages = new Uint32Array(Math.ceil(image.end / FRAME_BYTES));
  }

  map(): DirectMap {
    const frames = this.#framesByPage();
    return {
      ...mapFrom(this.#mode, this.#base, frames.length * FRAME_BYTES),
      offsetOf: (address) => this.offsetOf(address),
      addressOf: (offset) => {
        const frame = frames[Math.floor(offset / FRAME_BYTES)] ?? 0;
        return frame === 0 ? -1 : (frame - 1) * FRAME_BYTES + (offset % FRAME_BYTES);
      },
    };
  }

  offsetOf(address: number): number {
    const page = this.#pages[Math.floor(address / FRAME_BYTES)] ?? 0;
    return page === 0 ? -1 : (page - 1) * FRAME_BYTES + (address % FRAME_BYTES);
  }

  /** Frame of each page, and one more; 0 where it has none. */
  #framesByPage(): Uint32Array {
    let pages = 0;
    for (const page of this.#pages) pages = Math.max(pages, page);
    const frames = new Uint32Array(pages);
    for (const [frame, page] of this.#pages.entries()) if (page > 0) frames[page - 1] = frame + 1;
    return frames;
  }

  async read(root: Root, task: Task): Promise<void> {
    let tables: Named[] = [{ start: root.address, page: 0 }];
    for (const level of this.#mode.levels) {
      const shape = entryShape(this.#mode, level, usualFeatures);
      const below: Named[] = [];
      for (let at = 0; at < tables.length; at += TOGETHER) {
        task.check();
        const some = tables.slice(at, at + TOGETHER);
        const pieces = await this.#image.read(some.map(({ start }) => ({ start: machineAddress(start), length: shape.entries * shape.words * 4 })));
        for (const [i, { page }] of some.entries()) this.#look(shape, wordsOf(pieces[i]?.bytes ?? new Uint8Array(0)), page, below);
      }
      tables = below.slice(0, MOST_TABLES);
    }
  }

  #look(shape: EntryShape, words: Uint32Array, firstPage: number, below: Named[]): void {
    for (let at = 0; at < words.length; at += shape.words) {
      const page = firstPage + (at / shape.words) * shape.pagesPerEntry;
      const low = words[at] ?? 0;
      if (isPresent(low) && this.#isWithin(page, shape.pagesPerEntry))
        this.#note(shape, low, shape.words === 2 ? (words[at + 1] ?? 0) : 0, page, below);
    }
  }

  #isWithin(page: number, count: number): boolean {
    return page + count > this.#range.first && page < this.#range.end;
  }

  /** Xen maps no large pages for a guest's kernel. */
  #note(shape: EntryShape, low: number, high: number, page: number, below: Named[]): void {
    if (this.#base < 0) this.#base = Math.max(page, this.#range.first);
    const table = isLeaf(shape, low) ? -1 : frameNamed(shape, low, high);
    if (table >= 0 && table < this.#pages.length) below.push({ start: table * FRAME_BYTES, page });
    if (table < 0 && shape.pagesPerEntry === 1) this.#notePage(frameMapped(shape, low, high), page - this.#base + 1);
  }

  #notePage(frame: number, page: number): void {
    const known = this.#pages[frame] ?? 0;
    if (page > 0 && page <= this.#pages.length + HOLES && (known === 0 || page < known)) this.#pages[frame] = page;
  }
}
