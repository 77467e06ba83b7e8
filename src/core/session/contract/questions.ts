import type { VirtualAddress } from '#core/memory/address.ts';
import type { PagingModeId, Root } from '#core/paging/mode.ts';
import type { AtlasSummary, Coverage, CoverageWindow } from './atlas.ts';
import type { BytePage, HexSpace } from './bytes.ts';
import type { Explanation } from './explanation.ts';
import type { FramePassport, FrameWord } from './frame.ts';
import type { ImageSummary, MemoryRegion, RootChoice } from './image.ts';
import type { M2pCells, M2pKind, M2pRunRow, M2pSummary } from './m2p.ts';
import type { PfnSlips } from './pfn-slips.ts';
import type { Readings } from './readings.ts';
import type { TablePath, TableView } from './table.ts';
import type { Translation } from './walk.ts';
import type { XenFacts } from './xen.ts';

export interface OpenOptions {
  /** Text dumps: virtual page → frame (or null = leave unplaced), overriding what was inferred. */
  readonly placements?: readonly { readonly page: number; readonly frame: number | null }[];
  /** Raw memory: where parts of the file lie, in place of what page tables in it tell. */
  readonly regions?: readonly MemoryRegion[];
  /** Force a format id instead of recognising (e.g. `raw`). */
  readonly formatId?: string;
}

/** A file made of a dump, to be saved. */
export interface MadeFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What is in it, a sentence each. */
  readonly notes: readonly string[];
}

/** One opened dump: every question the page or the command line asks. All methods reject with an Error on our own bugs only. */
export interface Questions {
  summary(): Promise<ImageSummary>;
  /** Reads the root's tables and builds its atlas (kept for the next call). Long: reports progress, can be cancelled. */
  atlas(root: Root, layoutId?: string): Promise<AtlasSummary>;
  coverage(root: Root, windows: readonly CoverageWindow[]): Promise<readonly Coverage[]>;
  /** `selectedSlot` is taken out of its run. `unfolded`: every slot is a row of its own (what an opened run shows). */
  table(root: Root, path: TablePath, selectedSlot?: number, unfolded?: boolean): Promise<TableView | undefined>;
  translate(root: Root, address: VirtualAddress): Promise<Translation>;
  explain(root: Root, address: VirtualAddress, accessBytes?: number): Promise<Explanation>;
  passport(root: Root, frame: number): Promise<FramePassport>;
  /** The machine-to-physical table that a root maps; undefined where it maps none. Long the first time: reads the table. */
  m2p(root: Root): Promise<M2pSummary | undefined>;
  m2pCells(root: Root, firstMfn: number, wordsPerCell: number, cells: number): Promise<M2pCells | undefined>;
  /** Runs of the table from a row on, at most 500.  */
  m2pRuns(root: Root, firstRow: number, count: number): Promise<readonly M2pRunRow[]>;
  /** Row of the run that a frame's word is in. */
  m2pRow(root: Root, mfn: number): Promise<number>;
  /** The next frame above whose word is of a kind, the first of them after the last; undefined where none is. */
  m2pNext(root: Root, mfn: number, kind: M2pKind): Promise<number | undefined>;
  /** Entries that hold a PFN where an MFN is due, at most 500 rows of them; undefined where no P2M was found. Long the first time. */
  pfnSlips(root: Root, firstRow: number, count: number): Promise<PfnSlips | undefined>;
  /** M2P[mfn] as this root sees it, with its place; undefined where nothing here is Xen's. */
  m2pWord(root: Root, mfn: number): Promise<FrameWord | undefined>;
  /** P2M[pfn] of the root's guest, with its place; undefined where nothing here is Xen's. */
  p2mWord(root: Root, pfn: number): Promise<FrameWord | undefined>;
  /** All that was found of Xen under a root; undefined where nothing is. Long: looks through the guest's pages. */
  xen(root: Root): Promise<XenFacts | undefined>;
  /** Without a root only `machine` and `file` have pages. */
  readPages(root: Root | undefined, space: HexSpace, firstPage: number, pageCount: number): Promise<readonly BytePage[]>;
  /** `near` anchors relative input (+1000, -8); `nearMachine` in its stead, where a machine byte is in view. Without a root: machine memory and file only. */
  readings(root: Root | undefined, text: string, near: VirtualAddress, nearMachine?: number): Promise<Readings>;
  /** `page` itself if it is mapped, else the next mapped page above (the start of the last mapped stretch below, for -1); undefined if none. */
  nextMapped(root: Root, page: number, direction: 1 | -1): Promise<number | undefined>;
  /** The page tables of a root alone, and the M2P it maps if wished, as a small ELF core that opens here as the dump does. Long: reads its tables. */
  capsule(root: Root, withM2p?: boolean): Promise<MadeFile>;
  /** Checks a root the user typed: mode guessed if not given. */
  considerRoot(address: number, mode?: PagingModeId): Promise<RootChoice>;
  /**
   * Looks for roots in all that the dump holds, knowing no operating system; the best first. Long: reports progress with the number
   * `found`, can be cancelled, and then goes on when asked again; asked twice it looks once, and the answer is kept.
   */
  findRoots(): Promise<readonly RootChoice[]>;
  /** What a search has found so far, each root with the process that it probably is of, where that can be told. Long: reads the image once more. */
  nameRoots(): Promise<readonly RootChoice[]>;
  /** Takes what an earlier search of the same image found, as if this one had found it; a search made after that counts alone. */
  takeRoots(roots: readonly RootChoice[]): Promise<void>;
  /** What a search has found so far; empty before one. Also after it was cancelled. */
  foundRoots(): Promise<readonly RootChoice[]>;
}
