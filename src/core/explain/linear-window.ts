import type { RootChoice, Translation } from '#core/session/contract.ts';
import { entriesOf, slotsAt } from './entry-runs.ts';
import type { EntryFact, ExplainInput } from './explain-input.ts';
import { shortSource, spansOf } from './spans.ts';
import { slotsText } from './words.ts';

/** A window through which the page tables see themselves: the PTE of a page P is at `firstPage` * 4096 + P * entry size. */
export interface LinearWindow {
  readonly firstPage: number;
  readonly pageCount: number;
  /** "slots 492–495": the entries that make it. */
  readonly source: string;
  /** False where the layout reserves it and no entry makes it. */
  readonly held: boolean;
}

/** A byte of a linear window, or the place of an entry in it. */
export interface WindowPlace {
  readonly page: number;
  readonly offset: number;
}

/** An entry seen through a window: 0 = the PTE of `page`, 1 = its PDE, and so on up. */
export interface SeenEntry {
  readonly page: number;
  readonly height: number;
}

/** Windows that the tables themselves make, then those that only the layout speaks of. */
export function linearWindows(input: ExplainInput): readonly LinearWindow[] {
  const made = madeWindows(input);
  const spoken = spansOf(input, 'linear-page-table')
    .filter((span) => made.every((window) => window.firstPage !== span.firstPage))
    .map((span) => ({ firstPage: span.firstPage, pageCount: span.pageCount, source: shortSource(span), held: false }));
  return [...made, ...spoken];
}

/** Found once for a root: the search looks at every directory entry. */
const found = new WeakMap<RootChoice, readonly LinearWindow[]>();

function madeWindows(input: ExplainInput): readonly LinearWindow[] {
  const known = found.get(input.root);
  if (known) return known;
  const made = input.mode.id.startsWith('pae') ? paeWindows(input) : rootWindows(input);
  found.set(input.root, made);
  return made;
}

const windowPages = (input: ExplainInput): number => (input.mode.pageCount * input.mode.entryBytes) / 4096;

/** One slot of the root that names the root (2-, 4-, 5-level). */
function rootWindows(input: ExplainInput): readonly LinearWindow[] {
  const rootFrame = Math.floor(input.root.address / 4096);
  const pagesPerEntry = input.mode.levels[0]?.pagesPerEntry ?? 1;
  return entriesOf(input, [])
    .filter((entry) => entry.present && !entry.isLeaf && entry.frame === rootFrame)
    .map((entry) => ({ firstPage: entry.slot * pagesPerEntry, pageCount: windowPages(input), source: `slot ${entry.slot}`, held: true }));
}

/** Four neighbouring slots of a page directory that name the four page directories in order (reference 5.4). */
function paeWindows(input: ExplainInput): readonly LinearWindow[] {
  const directories = entriesOf(input, []).map((entry) => (entry.present ? entry.frame : undefined));
  const windows: LinearWindow[] = [];
  for (let pdpt = 0; pdpt < directories.length; pdpt++) {
    for (const slot of loopStarts(input, pdpt, directories)) {
      windows.push({ firstPage: (pdpt * 512 + slot) * 512, pageCount: windowPages(input), source: slotsText(slot, slot + 3), held: true });
    }
  }
  return windows;
}

function loopStarts(input: ExplainInput, pdpt: number, directories: readonly (number | undefined)[]): readonly number[] {
  const starts: number[] = [];
  const path = [pdpt];
  for (let slot = 0; slot + 4 <= slotsAt(input, 1); slot++) {
    const names = (entry: EntryFact | undefined, at: number): boolean => entry?.present === true && !entry.isLeaf && entry.frame === directories[at];
    if (
      directories.every((frame, at) => frame === undefined || names(input.facts.entry(path, slot + at), at)) &&
      directories.some((frame) => frame !== undefined)
    )
      starts.push(slot);
  }
  return starts;
}

/** Where the entry of `page` at `height` above the PT is seen through a window. */
export function seenAt(input: ExplainInput, window: LinearWindow, entry: SeenEntry): WindowPlace {
  let { page } = entry;
  for (let height = 0; ; height++) {
    const bytes = page * input.mode.entryBytes;
    const at = { page: window.firstPage + Math.floor(bytes / 4096), offset: bytes % 4096 };
    if (height === entry.height) return at;
    page = at.page;
  }
}

/** Which entry a byte of a window is: unwinds as often as the result lies in the window again. */
export function entryAt(input: ExplainInput, window: LinearWindow, at: WindowPlace): SeenEntry | undefined {
  const inside = (page: number): boolean => page >= window.firstPage && page < window.firstPage + window.pageCount;
  if (!inside(at.page)) return undefined;
  const top = input.mode.id.startsWith('pae') ? 1 : input.mode.levels.length - 1;
  let page = indexOf(input, window, at);
  let height = 0;
  while (inside(page) && height < top) {
    page = indexOf(input, window, { page, offset: 0 });
    height++;
  }
  return { page, height };
}

const indexOf = (input: ExplainInput, window: LinearWindow, at: WindowPlace): number =>
  Math.floor(((at.page - window.firstPage) * 4096 + at.offset) / input.mode.entryBytes);

/** Machine address of the entry of a walk at `height` above the PT, where the walk names it (even if the dump lacks its table). */
export function entryAddressIn(input: ExplainInput, walk: Translation, height: number): number | undefined {
  const level = input.mode.levels.length - 1 - height;
  const read = walk.steps.find((step) => step.level === level);
  if (read) return read.entryAddress;
  if (walk.outcome.kind !== 'table-absent' || walk.outcome.level !== level) return undefined;
  const entries = 4096 / input.mode.entryBytes;
  const slot = Math.floor(walk.address.page / (input.mode.levels[level]?.pagesPerEntry ?? 1)) % entries;
  return walk.outcome.frame * 4096 + slot * input.mode.entryBytes;
}
