/**
 * What a session answers, as plain data that crosses a worker boundary unchanged (structured clone).
 * Numbers: frames and machine addresses are plain numbers here (< 2^53, exact); a virtual address is (page, offset).
 * The page's views are functions of these and of a `Place`; they never see a dump's bytes except through `readPages`.
 */
import type { Problem } from '#core/base/problem.ts';

export type { TextAnnotation, TextPlace } from '#core/formats/text/annotation.ts';

import type { VirtualAddress } from '#core/memory/address.ts';
import type { Presence, PresenceRun } from '#core/memory/presence.ts';
import type { PagingFeatures, PagingModeId, Root } from '#core/paging/mode.ts';

// ── The image ────────────────────────────────────────────────────────────────────────────────────────────────

export interface ImageSummary {
  readonly name: string;
  /** Bytes of the file as given (before unwrapping). */
  readonly fileSize: number;
  /** Bytes of the file once unwrapped, which offsets in the space `file` count; left out where nothing wraps it. */
  readonly sourceSize?: number;
  /** Hex SHA-256 over size and sampled blocks of the file as given: names the image in a permalink. */
  readonly fingerprint: string;
  readonly format: {
    /** `elf-qemu`, `raw`, `text` … */
    readonly id: string;
    readonly label: string;
    /** How it was recognised, one sentence with the bytes seen. */
    readonly how: string;
    /** Wrappers opened on the way in, outermost first: `gzip`, `zstd`. */
    readonly wrappers: readonly string[];
  };
  /** Whose numbers the tables hold: decides whether frames are called MFN (machine) or frame/PA (native). */
  readonly frameWord: 'MFN' | 'frame';
  readonly extents: readonly { readonly start: number; readonly length: number; readonly kind: Presence }[];
  /** True where `extents` was cut because there are too many to list. */
  readonly extentsCut: boolean;
  readonly heldBytes: number;
  /** One past the highest machine byte the dump speaks of. */
  readonly end: number;
  readonly roots: readonly RootChoice[];
  /** Text dumps: which virtual page was taken to be which frame, and why. The user may change each. */
  readonly inferences: readonly Inference[];
  /** Text dumps only: the text itself, for the permalink and the source pane. */
  readonly text?: string;
  readonly problems: readonly Problem[];
}

export interface RootChoice extends Root {
  /** "CPU 1", "xenctrl -l3", "typed": short, for the picker. */
  readonly origin: string;
  /** Why it is believed and what is odd, one sentence. */
  readonly reason: string;
  readonly features: PagingFeatures;
  readonly cpu?: { readonly index: number; readonly cr0: number; readonly cr3: number; readonly cr4: number; readonly inUserMode?: boolean };
  /** False where the root table itself is not in the dump. */
  readonly held: boolean;
  /** Set where a search found it: true where independent facts agree. */
  readonly verified?: boolean;
}

/** A virtual page of a text dump taken to be a machine frame. */
export interface Inference {
  readonly page: number;
  /** Undefined where nothing told the frame: the rows can then only be seen by their virtual address. */
  readonly frame?: number;
  readonly reason: string;
  /** Lines of the text that gave the bytes, 1-based. */
  readonly lines: readonly number[];
  readonly edited: boolean;
}

// ── The atlas of one root ────────────────────────────────────────────────────────────────────────────────────

/** What a page of the space is, for painting and sums; exactly one each. `writable` + … adds up to the whole space. */
export type PageKind = 'writable' | 'read-only' | 'loop' | 'absent' | 'not-zero' | 'elided' | 'zero';
/**
 * Order of the columns of `Coverage.counts`: the seven kinds, then two overlays that are not part of the sum.
 * `loop`: a page seen through a self-map or linear page table, so its bytes are a page table's. `absent`: behind a table, or an
 * entry, that the dump lacks. `not-zero`: P clear, other bits set. `elided`: entry assumed zero. `zero`: entry zero, or above is.
 */
export const COVERAGE_COLUMNS = ['writable', 'read-only', 'loop', 'absent', 'not-zero', 'elided', 'zero', 'user', 'fetch'] as const;
export type CoverageColumn = (typeof COVERAGE_COLUMNS)[number];
export type PageCounts = Readonly<Record<CoverageColumn, number>>;

export interface AtlasSummary {
  readonly root: RootChoice;
  /** Pages of the whole space. */
  readonly pageCount: number;
  /** Pages by kind; the first seven add up to `pageCount`. */
  readonly counts: PageCounts;
  /** Present leaf entries, each counted once per virtual place. May be far above `distinctLeaves` (shared tables). */
  readonly leaves: number;
  /** Leaf entries counted once per table that holds them. */
  readonly distinctLeaves: number;
  readonly tables: number;
  /** Tables named by a present entry but not in the dump. */
  readonly absentTables: number;
  readonly layout: LayoutChoice;
  /** Every layout that speaks of the mode, with how well it fits this root. */
  readonly layouts: readonly { readonly id: string; readonly label: string; readonly reasons?: readonly string[] }[];
  /** Low to high, disjoint. Holes are what lies between. */
  readonly regions: readonly Region[];
  /** Boundaries worth a line: the segment limit, kernel/user, the canonical hole. Low to high. */
  readonly borders: readonly Border[];
  /** Reads of the source this atlas took, their bytes, and the time in milliseconds. */
  readonly cost: { readonly reads: number; readonly bytes: number; readonly milliseconds: number };
  readonly problems: readonly Problem[];
}

export interface LayoutChoice {
  readonly id: string;
  readonly label: string;
  readonly reasons: readonly string[];
  /** False where the user chose it. */
  readonly automatic: boolean;
}

export interface Region {
  readonly firstPage: number;
  readonly pageCount: number;
  /** Pages present in it. */
  readonly mappedPages: number;
  /** "M2P, read-only", "Direct map", "256 pages": a rule's name or its make-up. */
  readonly name: string;
  /** Short form for narrow panes. */
  readonly shortName: string;
  /** Where the name comes from, with the rule: shown on hover. */
  readonly why: string;
  /** `rwx`, `r--`, `mix`, or `---`. */
  readonly rights: string;
  /** Dominant kind, for the swatch. */
  readonly kind: PageKind;
  /** Which half it belongs to: the name of the side bracket ("Xen", "guest", "kernel", "user"). */
  readonly side: string;
  /** True where the layout reserves this span (then "4 of 16 MB" is shown), false where the span is only what is mapped. */
  readonly reserved: boolean;
  /** Where `mappedPages` counts the same table many times: how many times. 1 otherwise. */
  readonly times: number;
}

export interface Border {
  readonly page: number;
  /** "segment limit F67FFFFF", "kernel and user", "no address: 16,776,960 TB, not canonical". */
  readonly label: string;
  readonly kind: 'limit' | 'owner' | 'canonical';
}

/** A window of pages and the number of equal bins wanted of it. */
export interface CoverageWindow {
  readonly firstPage: number;
  readonly pageCount: number;
  readonly bins: number;
}

/** counts[bin * COVERAGE_COLUMNS.length + column] = pages of that kind in the bin. */
export interface Coverage extends CoverageWindow {
  readonly counts: Float64Array;
}

// ── The tree of tables ───────────────────────────────────────────────────────────────────────────────────────

/** A table by the slots that lead to it from the root: [] is the root table, [3] PD[3], [3, 495] what slot 495 of it names. */
export type TablePath = readonly number[];

/** What an entry is. `loop`: names a table already above or beside it, so it is shown as a reference. */
export type EntryKind = 'table' | 'leaf' | 'loop' | 'absent-table' | 'not-present' | 'not-zero' | 'elided' | 'entry-absent';

export interface TableView {
  readonly path: TablePath;
  /** Index into the mode's levels. */
  readonly level: number;
  /** "PDPT", "PD[3]", "PT[128]": name with the slot that leads there. */
  readonly name: string;
  readonly frame: number;
  /** Machine address of its first entry (PAE root: within the frame). */
  readonly address: number;
  readonly entries: number;
  readonly present: number;
  readonly firstPage: number;
  readonly pagesPerEntry: number;
  /** Present leaves in and below it, over its whole span. */
  readonly leaves: number;
  /** Folded rows, ascending by slot. */
  readonly rows: readonly TableRow[];
  /** One PageKind index (into COVERAGE_COLUMNS; 255 = a table below) per slot, for the thumbnail. */
  readonly thumbnail: Uint8Array;
  /** Places (other paths) where this same table is used; 1 = only here. */
  readonly uses: number;
  /** Entries not known (elided or absent) and zero, for the status bar. */
  readonly zero: number;
  readonly elided: number;
  readonly absent: number;
  /** Where the frame itself is seen in the space, if it is: the virtual address of its first entry. */
  readonly seenAt?: VirtualAddress;
}

export interface TableRow {
  readonly firstSlot: number;
  readonly lastSlot: number;
  /** Slots in it: (last - first) / step + 1. */
  readonly count: number;
  /** Constant stride in slots; 1 = neighbours. */
  readonly step: number;
  /** Set for the row that stands for what lies between the slots of a stride: that stride. `count` then leaves out slots that other rows show. */
  readonly between?: number;
  readonly kind: EntryKind;
  readonly firstPage: number;
  /** Pages of virtual space from first slot to last, gaps of a stride included. */
  readonly pageCount: number;
  /** First entry, two words. */
  readonly low: number;
  readonly high: number;
  readonly entryPresence: Presence;
  /** Flags of the first entry: letters of PWUADSGN, set or not, in that order. */
  readonly flags: readonly EntryFlag[];
  /** Frame named by the first entry; undefined when not present. */
  readonly frame?: number;
  /** Guest frame of it, "Xen" or unknown: filled when a P2M/M2P is known. */
  readonly guestFrame?: number;
  /** How the frames go on through the run. */
  readonly order: 'single' | 'in order' | 'mixed' | 'same';
  /** Bytes a leaf maps: 4096, 2 MB, 4 MB, 1 GB; 0 if not a leaf. */
  readonly leafBytes: number;
  /** Kind of page for the swatch. */
  readonly pageKind: PageKind;
  readonly rights: string;
  /** Words for the last column: "M2P, read-only", "PD[0] as a table", "424 slots, 848 MB, elided in the text". */
  readonly text: string;
  readonly note?: string;
  /** Present leaves below, for table rows. */
  readonly leaves: number;
  /** For table rows: how many slots (anywhere) name this same table. */
  readonly uses: number;
  readonly thumbnail?: Uint8Array;
  /** For a loop: the path of the table that is meant, so that Enter may jump there. */
  readonly loopTo?: TablePath;
  /** For absent tables: why. */
  readonly reason?: string;
}

export interface EntryFlag {
  /** P W U A D S G N. */
  readonly letter: string;
  readonly set: boolean;
  /** "R/W: may be written". */
  readonly meaning: string;
}

// ── One address ──────────────────────────────────────────────────────────────────────────────────────────────

export type RightWord = 'allows' | 'refuses' | 'no-say';

export interface BitField {
  /** As the manual writes it: P, RW, US, PWT, PCD, A, D, PS, PAT, G, XD. */
  readonly name: string;
  /** Bit number, or lowest bit of a field. */
  readonly bit: number;
  readonly value: number;
  readonly meaning: string;
  /** SDM section. */
  readonly source: string;
}

export interface WalkStep {
  readonly level: number;
  /** "PDPT", "PD", "PT". */
  readonly tableName: string;
  readonly entryName: string;
  readonly slot: number;
  readonly tableFrame: number;
  /** The guest's own number (PFN) of the table's frame, where a P2M or M2P tells it. */
  readonly tableGuestFrame?: number;
  /** Machine address of the entry. */
  readonly entryAddress: number;
  /** Where the entry lies in the file, if held. */
  readonly fileOffset?: number;
  readonly line?: number;
  /** Virtual address at which the guest itself sees this entry, if any page maps it. */
  readonly seenAt?: VirtualAddress;
  readonly presence: Presence;
  readonly low: number;
  readonly high: number;
  readonly bits: readonly BitField[];
  readonly present: boolean;
  /** True where this entry maps memory itself. */
  readonly isLeaf: boolean;
  readonly write: RightWord;
  readonly user: RightWord;
  readonly fetch: RightWord;
  /** Reserved bits that are set, as a mask in words ("bits 1, 2"), and what a CPU would do. Empty if none. */
  readonly reserved: string;
}

export type WalkOutcome =
  | {
      readonly kind: 'mapped';
      readonly machineAddress: number;
      readonly frame: number;
      /** First frame and size of the page, in frames: 1, 512, 1024, 262144. */
      readonly pageFrame: number;
      readonly pageFrames: number;
      readonly presence: Presence;
      readonly fileOffset?: number;
      /** For an absent frame: why. */
      readonly reason?: string;
      /** The guest's own number (PFN) of `frame`, where a P2M or M2P tells it. */
      readonly guestFrame?: number;
    }
  | {
      readonly kind: 'not-present';
      readonly level: number;
      /** What P=0 bits say: "all zero", "assumed zero", or "not zero". */
      readonly detail: string;
    }
  | { readonly kind: 'table-absent'; readonly level: number; readonly frame: number; readonly reason: string }
  | { readonly kind: 'entry-absent'; readonly level: number; readonly reason: string };

export interface Translation {
  readonly address: VirtualAddress;
  readonly mode: PagingModeId;
  readonly steps: readonly WalkStep[];
  readonly outcome: WalkOutcome;
  /** Over all levels; meaningful when mapped, else what is known so far. */
  readonly rights: { readonly write: boolean; readonly user: boolean; readonly fetch: boolean };
  /** Index of the step that first refused; undefined if none. */
  readonly writeRefusedAt?: number;
  readonly userRefusedAt?: number;
  readonly fetchRefusedAt?: number;
  /** Path of the table that holds the last entry read. */
  readonly path: TablePath;
  /** Slot of the last entry read. */
  readonly slot: number;
  readonly region?: Region;
}

/** A sentence of the explain panel: parts are words or numbers that can be clicked. */
export interface Sentence {
  readonly parts: readonly (string | NumberLink)[];
  /** "line 46", "slots 436–447", "SDM 4.4.2", "computed". */
  readonly source: string;
}

export interface NumberLink {
  readonly text: string;
  readonly target: Target;
}

/** A place a number may lead to. */
export type Target =
  | { readonly kind: 'virtual'; readonly address: VirtualAddress }
  | { readonly kind: 'frame'; readonly frame: number; readonly offset: number }
  | { readonly kind: 'file'; readonly offset: number }
  | { readonly kind: 'table'; readonly path: TablePath; readonly slot: number };

export interface VerdictRow {
  /** "ring 3", "ring 0", "ring 0, AC set", "ring 1, guest kernel". */
  readonly who: string;
  readonly read: Verdict;
  readonly write: Verdict;
  readonly fetch: Verdict;
  readonly decidedBy: string;
}
/** `fault`: "#PF 5", "#GP". Undefined = allowed; `unknown` where the walk ended in something the dump lacks. */
export interface Verdict {
  readonly allowed: boolean | 'unknown';
  readonly fault?: string;
}

export type ExplanationCard = 'm2p' | 'plan';

export interface Explanation {
  /** "machine-to-physical table (M2P), the guest's read-only alias". */
  readonly title: string;
  readonly sentences: readonly Sentence[];
  /** What else is known, strongest first: shown on demand. */
  readonly more?: readonly Sentence[];
  /** What may be read or done from here: a card on the M2P, the planner of a recursive map. */
  readonly cards?: readonly ExplanationCard[];
  readonly verdicts: readonly VerdictRow[];
}

/** One virtual place of a frame. */
export interface FramePlace {
  readonly firstPage: number;
  /** Neighbouring pages of the same frame (shared tables) folded: how many virtual places this row stands for. */
  readonly times: number;
  readonly rights: string;
  readonly kind: PageKind;
  readonly what: string;
  /** "PTE", "PDE, 2 MB": the entry that decides. */
  readonly decidedBy: string;
}

export interface FramePassport {
  readonly frame: number;
  readonly presence: Presence;
  readonly fileOffset?: number;
  readonly reason?: string;
  /** Virtual places in the open root, high to low, at most 200. */
  readonly places: readonly FramePlace[];
  /** All places, also those not listed. */
  readonly placeCount: number;
  /** If it is a page table of this root: the paths that lead to it, at most 20, with its level name. */
  readonly asTable: readonly { readonly path: TablePath; readonly name: string }[];
  /** The guest's own number (PFN) of this frame, where a P2M or M2P tells it. */
  readonly guestFrame?: number;
  /** P2M[guestFrame] and M2P[frame], each with its place. Under Xen only. */
  readonly p2m?: FrameWord;
  readonly m2p?: FrameWord;
}

/** One word of the table that leads from guest frames to machine frames (P2M), or back (M2P). */
export interface FrameWord {
  readonly table: 'P2M' | 'M2P';
  /** PFN or MFN. */
  readonly index: number;
  /** Undefined where the word is not in the dump, or the guest has no such frame. Fills are values too. */
  readonly value?: number;
  /** "PFN 3ae, and P2M[3ae] leads back", "debug fill of Xen 3.0–4.1: never given to a domain". */
  readonly meaning: string;
  readonly seenAt?: VirtualAddress;
  readonly machineAddress?: number;
  readonly fileOffset?: number;
  /** Why it is not known. */
  readonly reason?: string;
}

// ── Bytes ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Whose numbers the rows of a hex pane are. `file` counts bytes of the (unwrapped) source. */
export type HexSpace = 'virtual' | 'machine' | 'file';

export interface BytePage {
  readonly space: HexSpace;
  /** Number of the 4 KiB page in that space. */
  readonly page: number;
  /** 4096 bytes; meaningful only where `presence` says held or zero. */
  readonly bytes: Uint8Array;
  readonly presence: readonly PresenceRun[];
  /** The machine frame these bytes are of; undefined where not mapped, or a file page that is no memory. */
  readonly frame?: number;
  /** Of a file page that begins amid a frame and is one stretch of memory: machine address of its first byte. */
  readonly machineBase?: number;
  /** Virtual page asked for, or one that maps this frame (the lowest), if any. */
  readonly virtualPage?: number;
  /** Why nothing is there: "not present: PDE 430 of PD[3] is zero". */
  readonly reason?: string;
  /** If the frame is a page table of the open root. */
  readonly table?: {
    readonly path: TablePath;
    readonly name: string;
    readonly level: number;
    readonly entryBytes: 4 | 8;
    /** Offset of the table's first entry in the frame, bytes (PAE root), and number of entries. */
    readonly offset: number;
    readonly entries: number;
    /** Per entry: index into COVERAGE_COLUMNS kinds, or TABLE_CELL for a table below. */
    readonly cells: Uint8Array;
    /** Virtual page of the first entry's span, and pages per entry. */
    readonly firstPage: number;
    readonly pagesPerEntry: number;
  };
  /** A note where the bytes come from if not from the frame itself (a copy made by bcopy …). */
  readonly note?: string;
}
/** In thumbnails and `cells`: the slot names a table below. */
export const TABLE_CELL = 255;

// ── The address box ──────────────────────────────────────────────────────────────────────────────────────────

export interface Reading {
  /** "virtual address F5800000", "frame fbc00", "file offset 2,275". */
  readonly label: string;
  /** What it leads to: "M2P, read-only", "not present: PD[0] slot 0 is zero". */
  readonly leadsTo: string;
  readonly target: Target;
}

export interface Readings {
  /** Best first. Empty: `problem` says why. */
  readonly readings: readonly Reading[];
  /** A slip named: "fbc00000 is a machine address; the frame is fbc00". Never mended unasked. */
  readonly slip?: string;
  readonly problem?: string;
}

// ── The session ──────────────────────────────────────────────────────────────────────────────────────────────

export interface OpenOptions {
  /** Text dumps: virtual page → frame (or null = leave unplaced), overriding what was inferred. */
  readonly placements?: readonly { readonly page: number; readonly frame: number | null }[];
  /** Force a format id instead of recognising (e.g. `raw`). */
  readonly formatId?: string;
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
  explain(root: Root, address: VirtualAddress): Promise<Explanation>;
  passport(root: Root, frame: number): Promise<FramePassport>;
  /** Without a root only `machine` and `file` have pages. */
  readPages(root: Root | undefined, space: HexSpace, firstPage: number, pageCount: number): Promise<readonly BytePage[]>;
  /** `near` anchors relative input (+1000, -8); `nearMachine` in its stead, where a machine byte is in view. Without a root: machine memory and file only. */
  readings(root: Root | undefined, text: string, near: VirtualAddress, nearMachine?: number): Promise<Readings>;
  /** `page` itself if it is mapped, else the next mapped page above (the start of the last mapped stretch below, for -1); undefined if none. */
  nextMapped(root: Root, page: number, direction: 1 | -1): Promise<number | undefined>;
  /** Checks a root the user typed: mode guessed if not given. */
  considerRoot(address: number, mode?: PagingModeId): Promise<RootChoice>;
  /**
   * Looks for roots in all that the dump holds, knowing no operating system; the best first. Long: reports progress with the number
   * `found`, can be cancelled; asked twice it looks once, and the answer is kept.
   */
  findRoots(): Promise<readonly RootChoice[]>;
  /** What a search has found so far; empty before one. Also after it was cancelled. */
  foundRoots(): Promise<readonly RootChoice[]>;
}
