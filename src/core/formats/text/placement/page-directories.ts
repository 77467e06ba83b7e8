import { hex, virtualHex } from '#core/base/hex.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import { isPresent } from '#core/paging/entry.ts';
import { isPdpte } from './root-page.ts';
import type { PlacementRule, PlacementState, Proposal, TextRoot } from './rule.ts';
import type { TextMemory } from './text-memory.ts';

const TABLE_ENTRIES = 512;
/** Pages looked through for a linear page table. */
const MOST_PAGES = 4096;

/** Four entries in a row that name the four page directories, and where: a linear page table. */
interface LinearTable {
  readonly page: number;
  readonly slot: number;
  readonly line: number;
}

/**
 * PAE: a kernel that keeps its four page directories in four neighbouring pages. They are known by standing right after the root's page, or by
 * holding a linear page table, whose four entries name the same four frames.
 */
export const pageDirectories: PlacementRule = (state) => state.roots.flatMap((root) => (root.mode.rootEntries === 4 ? fourPages(state, root) : []));

function fourPages(state: PlacementState, root: TextRoot): Proposal[] {
  const frames = framesOfPdpt(state.memory, root);
  if (frames === undefined || frames.every((frame) => state.memory.hasFrame(frame))) return [];
  const linear = findLinearTable(state, frames);
  const after = state.memory.pages.find((page) => state.memory.frameOf(page) === Math.floor(root.address / FRAME_BYTES));
  const first = startOfFour(state, linear, after);
  if (first === undefined) return [];
  const open = new Set(state.open);
  const evidence = { linear, afterRoot: after !== undefined && first === after + 1 };
  return frames.flatMap((frame, index): Proposal[] => {
    const page = first + index;
    return open.has(page) ? [{ page, frame, reason: reasonOf(state, page, index, frame, evidence) }] : [];
  });
}

function framesOfPdpt(memory: TextMemory, root: TextRoot): number[] | undefined {
  const words = [0, 1, 2, 3].map((slot) => memory.wordAt(root.address + slot * 8, 8));
  const frames = words.flatMap((word) => (word !== undefined && isPdpte(word) ? [word.high * 0x10_0000 + (word.low >>> 12)] : []));
  return frames.length === 4 && new Set(frames).size === 4 ? frames : undefined;
}

/** First of the four pages: the page after the root's if all four were dumped, else the four around a linear page table. */
function startOfFour({ memory }: PlacementState, linear: LinearTable | undefined, rootPage: number | undefined): number | undefined {
  const isFour = (first: number): boolean => [0, 1, 2, 3].every((index) => memory.isDumped(first + index));
  if (rootPage !== undefined && isFour(rootPage + 1) && (linear === undefined || isWithin(rootPage + 1, linear.page))) return rootPage + 1;
  if (linear === undefined) return undefined;
  const starts = [3, 2, 1, 0].map((index) => linear.page - index).filter(isFour);
  return starts.length === 1 ? starts[0] : undefined;
}

const isWithin = (first: number, page: number): boolean => page >= first && page < first + 4;

function findLinearTable({ memory, open }: PlacementState, frames: readonly number[]): LinearTable | undefined {
  for (const page of open.slice(0, MOST_PAGES)) {
    for (let slot = 0; slot + 4 <= TABLE_ENTRIES; slot++) {
      if (!names(memory, page, slot, frames[0] ?? 0)) continue;
      if (frames.every((frame, index) => names(memory, page, slot + index, frame))) {
        return { page, slot, line: memory.wordOfPage(page, slot * 8, 8)?.line ?? 0 };
      }
    }
  }
  return undefined;
}

function names(memory: TextMemory, page: number, slot: number, frame: number): boolean {
  const word = memory.wordOfPage(page, slot * 8, 8);
  return word !== undefined && isPresent(word.low) && (word.high & 0xf_ffff) * 0x10_0000 + (word.low >>> 12) === frame;
}

/** What tells that the four pages are the page directories. */
interface Evidence {
  readonly linear: LinearTable | undefined;
  readonly afterRoot: boolean;
}

function reasonOf({ mode }: PlacementState, page: number, index: number, frame: number, { linear, afterRoot }: Evidence): string {
  const where = afterRoot
    ? 'the four pages after the root’s are its page directories in order'
    : 'four neighbouring pages are the page directories in order';
  const start = `PDPTE ${index} names frame ${hex(frame)}, and ${where}`;
  if (linear === undefined) return `${start}. Nothing in them proves it.`;
  const slots = `slots ${linear.slot}–${linear.slot + 3} at ${virtualHex(linear.page, linear.slot * 8, mode.virtualBits)} (line ${linear.line})`;
  const self = page === linear.page ? `; slot ${linear.slot + index} names this very page` : '';
  return `${start}: ${slots} name the same four frames${self}.`;
}
