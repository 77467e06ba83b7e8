import { FRAME_BYTES } from '#core/memory/address.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { NameableRoot } from './guess.ts';

/** The stretch of a kernel's space that maps all memory in order (Linux Documentation/arch/x86/x86_64/mm.rst; lowmem of a 32-bit kernel). */
export interface DirectMap {
  readonly wordBytes: 4 | 8;
  /** First page, which maps frame 0 unless memory is scattered; and bytes from there on that may be pointed to. */
  readonly page: number;
  readonly end: number;
  /** Halves of its virtual address, sign extended; `high` is 0 for 4-byte pointers. */
  readonly high: number;
  readonly low: number;
  /** Bytes from the start of the map to where it maps a machine address, which is the same unless memory is scattered; -1 where it does not. */
  offsetOf(address: number): number;
  /** The machine address mapped so many bytes from the start; -1 where none is. */
  addressOf(offset: number): number;
}

/** Roots that agree, at least: two may do so by chance. */
export const AGREEING = 3;
const FOUR_GIB_PAGES = 2 ** 20;

/** A verified root says more of its kernel than one that may be a piece of a table. */
const VERIFIED_WEIGHS = 4;

/** The map that most of these roots map their own frame by; undefined where fewer than three agree, or it lies where programs do. */
export function directMapOf(roots: readonly NameableRoot[], end: number): DirectMap | undefined {
  const votes = new Map<string, Vote>();
  for (const { address, mode, ownPage, verified } of roots) {
    if (ownPage === undefined) continue;
    const page = ownPage - Math.floor(address / FRAME_BYTES);
    const vote = votes.get(`${mode} ${page}`) ?? { mode: pagingMode(mode), page, count: 0, weight: 0 };
    vote.count++;
    vote.weight += verified ? VERIFIED_WEIGHS : 1;
    votes.set(`${mode} ${page}`, vote);
  }
  const best = [...votes.values()].sort((a, b) => b.weight - a.weight)[0];
  return best && best.count >= AGREEING && isKernels(best.mode, best.page) ? mapFrom(best.mode, best.page, end) : undefined;
}

interface Vote {
  readonly mode: PagingMode;
  readonly page: number;
  count: number;
  weight: number;
}

/** By offset in the map, the roots that may be this kernel's: verified, or seen to map their own frame as it does. The first of each place: two readings have one name. */
export function rootsOf(map: DirectMap, roots: readonly NameableRoot[]): ReadonlyMap<number, NameableRoot> {
  const own = new Map<number, NameableRoot>();
  for (const root of roots) {
    const { address, mode, verified, ownPage } = root;
    const isWidth = (pagingMode(mode).virtualBits === 32) === (map.wordBytes === 4);
    const isMapped = ownPage !== undefined && ownPage - Math.floor(address / FRAME_BYTES) === map.page;
    const offset = map.offsetOf(address);
    if (isWidth && (verified || isMapped) && offset >= 0 && !own.has(offset)) own.set(offset, root);
  }
  return own;
}

/** The upper half; of a 32-bit space the upper three quarters, since it may be split at 1 GiB (Linux VMSPLIT_1G). */
const isKernels = ({ virtualBits, pageCount }: PagingMode, page: number): boolean => page >= (virtualBits === 32 ? pageCount / 4 : pageCount / 2);

const inOrder = { offsetOf: (address: number): number => address, addressOf: (offset: number): number => offset };

/** A map of memory in order from a page on. */
export function mapFrom({ virtualBits, pageCount }: PagingMode, page: number, end: number): DirectMap {
  const reach = Math.min(end, (pageCount - page) * FRAME_BYTES);
  const low = (page % FOUR_GIB_PAGES) * FRAME_BYTES;
  if (virtualBits === 32) return { wordBytes: 4, page, end: reach, high: 0, low, ...inOrder };
  const signBits = 2 ** 32 - 2 ** (virtualBits - 32);
  return { wordBytes: 8, page, end: reach, high: Math.floor(page / FOUR_GIB_PAGES) + signBits, low, ...inOrder };
}
