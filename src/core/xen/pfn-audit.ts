import { lastAtOrBelow } from '#core/base/bisect.ts';
import { type EntryShape, isLeaf, isPresent } from '#core/paging/entry.ts';
import { isAbsent, type TableForest } from '#core/tables/fetch-tables.ts';
import { type TableIndex, WORD_HELD } from '#core/tables/table-store.ts';
import { mfnOf, type P2m, type PfnByMfn, pfnOf } from './frame-numbers.ts';
import { frameHeld, frameIn } from './held-frame.ts';
import { kindOfM2pWord, type M2p, m2pWord } from './m2p.ts';
import { type SlipReason, SlipRuns } from './slip-runs.ts';

/** A PV guest whose entries are looked at. */
export interface PfnAuditInput {
  readonly forest: TableForest;
  readonly p2m: P2m;
  /** The same, the other way round. */
  readonly pfns: PfnByMfn;
  readonly m2p?: M2p;
  /** The pages that are not the hypervisor's, ascending, disjoint. */
  readonly guestPages: readonly { readonly firstPage: number; readonly pageCount: number }[];
  /** Pages to which the builder mapped PFN 0, the next ones to the next PFNs. */
  readonly bases: readonly number[];
  /** Frames of Xen's that a guest maps by right: its shared_info. */
  readonly lent: ReadonlySet<number>;
}

export interface PfnAudit {
  /** Present entries looked at, each once. */
  readonly checked: number;
  readonly runs: SlipRuns;
}

/**
 * Entries of a guest's own tables that hold a PFN where an MFN is due, the classic slip of a port to Xen: the frame is none of the
 * guest's (no PFN leads to it, so P2M[M2P[f]] ≠ f, reference 3.3), and it is a PFN that has a frame. One pass: each table once, where
 * it is first met, the hypervisor's spans and what a slip leads to left out.
 */
export function auditPfns(input: PfnAuditInput): PfnAudit {
  const pass: Pass = {
    input,
    firstPages: Float64Array.from(input.guestPages, ({ firstPage }) => firstPage),
    seen: new Set([0]),
    checked: 0,
    runs: new SlipRuns(),
  };
  visit(pass, { table: 0, level: 0, firstPage: 0 });
  return { checked: pass.checked, runs: pass.runs };
}

interface Pass {
  readonly input: PfnAuditInput;
  readonly firstPages: Float64Array;
  readonly seen: Set<TableIndex>;
  readonly runs: SlipRuns;
  checked: number;
}

interface Visit {
  readonly table: TableIndex;
  readonly level: number;
  readonly firstPage: number;
}

function visit(pass: Pass, at: Visit): void {
  const { store, shapes } = pass.input.forest;
  const shape = shapes[at.level];
  if (!shape || isAbsent(store, at.table)) return;
  const words = store.words(at.table);
  const codes = store.wordPresence(at.table);
  const isWhole = guestsShare(pass, at.firstPage, shape.entries * shape.pagesPerEntry) === 'all';
  for (let slot = 0; slot < shape.entries; slot++) {
    const word = slot * shape.words;
    const isHeld = codes === undefined || codes[word + shape.words - 1] === WORD_HELD;
    if (!isPresent(words[word] ?? 0) || !isHeld) continue;
    const page = at.firstPage + slot * shape.pagesPerEntry;
    if (isWhole || guestsShare(pass, page, shape.pagesPerEntry) !== 'none') look(pass, at, shape, slot, page, words);
  }
}

function look(pass: Pass, at: Visit, shape: EntryShape, slot: number, page: number, words: Uint32Array): void {
  pass.checked++;
  const namesTable = !isLeaf(shape, words[slot * shape.words] ?? 0);
  const frame = frameIn(shape, words, slot);
  // Most entries lead to the guest's own frames: those that map memory need no more.
  if (!namesTable && pfnOf(pass.input.pfns, frame) !== undefined) return;
  const entry: Held = { slot, page, frame, namesTable };
  if (namesTable) goThrough(pass, at, entry);
  else check(pass, at, entry);
}

/** How much of a window of pages is the guest's. */
function guestsShare({ input, firstPages }: Pass, firstPage: number, pages: number): 'all' | 'some' | 'none' {
  const last = input.guestPages[lastAtOrBelow(firstPages, firstPage + pages - 1)];
  const end = last ? last.firstPage + last.pageCount : 0;
  if (!last || end <= firstPage) return 'none';
  return last.firstPage <= firstPage && end >= firstPage + pages ? 'all' : 'some';
}

/** An entry that is present: what it holds and where. */
interface Held {
  readonly slot: number;
  readonly page: number;
  readonly frame: number;
  readonly namesTable: boolean;
}

/** What a slip leads to is not what was meant; any other table is looked at where it is first met. */
function goThrough(pass: Pass, at: Visit, entry: Held): void {
  if (check(pass, at, entry)) return;
  const { store } = pass.input.forest;
  const named = store.find(entry.frame);
  if (named === undefined || pass.seen.has(named) || store.homeLevel(named) !== at.level + 1) return;
  pass.seen.add(named);
  visit(pass, { table: named, level: at.level + 1, firstPage: entry.page });
}

/** True where the entry holds a PFN; then it is noted. */
function check(pass: Pass, at: Visit, entry: Held): boolean {
  const { input, runs } = pass;
  const { frame } = entry;
  if (pfnOf(input.pfns, frame) !== undefined || mfnOf(input.p2m, frame) === undefined || input.lent.has(frame)) return false;
  const reason = reasonFor(input, at, entry);
  if (reason === 'number' && (isOfIsaHole(frame) || isPerhapsOwn(input, frame))) return false;
  const { slot: firstSlot, page: firstPage, namesTable } = entry;
  runs.add(
    { table: at.table, level: at.level, firstSlot, firstPage, pfn: frame, reason, namesTable },
    input.forest.shapes[at.level]?.pagesPerEntry ?? 1,
  );
  return true;
}

/** True where the dump may lack the page of the P2M that would lead back. */
function isPerhapsOwn({ p2m, m2p }: PfnAuditInput, frame: number): boolean {
  const word = m2p && m2pWord(m2p, frame);
  return word !== undefined && kindOfM2pWord(word) === 'valid' && mfnOf(p2m, word) === undefined;
}

function reasonFor(input: PfnAuditInput, at: Visit, { slot, page, frame, namesTable }: Held): SlipReason {
  const isPlaced = !namesTable && input.bases.some((base) => page - base === frame);
  if (isPlaced) return isIsaHoleAlone(input.forest, at, slot, frame) ? 'number' : 'place';
  if (namesTable && isTableOf(input, frame, at.level + 1)) return 'table';
  return isBetween(input, at, slot, frame, namesTable) ? 'neighbour' : 'number';
}

/** True where other entries, rightly, use this PFN's frame as a table of the level. */
function isTableOf({ forest: { store }, p2m }: PfnAuditInput, pfn: number, level: number): boolean {
  const table = store.find(mfnOf(p2m, pfn) ?? -1);
  return table !== undefined && !isAbsent(store, table) && store.homeLevel(table) === level;
}

/** True where the entry before or after leads to the PFN before or after. */
function isBetween(input: PfnAuditInput, { table, level }: Visit, slot: number, pfn: number, namesTable: boolean): boolean {
  const step = namesTable ? 1 : (input.forest.shapes[level]?.pagesPerEntry ?? 1);
  return [-1, 1].some((side) => {
    const frame = frameHeld(input.forest, table, level, slot + side);
    return frame !== undefined && pfnOf(input.pfns, frame) === pfn + side * step;
  });
}

/** The PC's hole for devices below 1 MB: dom0 maps these frames by their own numbers (reference 3.1). */
const [HOLE, HOLE_END] = [0xa0, 0x100];
const isOfIsaHole = (frame: number): boolean => frame >= HOLE && frame < HOLE_END;

/** True where the frames before and after the hole are not held alike: a kernel that maps the hole where it lies has only that. */
function isIsaHoleAlone(forest: TableForest, { table, level }: Visit, slot: number, frame: number): boolean {
  const held = (pfn: number): boolean => frameHeld(forest, table, level, slot + pfn - frame) === pfn;
  return isOfIsaHole(frame) && !held(HOLE - 1) && !held(HOLE_END);
}
