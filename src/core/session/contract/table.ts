import type { VirtualAddress } from '#core/memory/address.ts';
import type { Presence } from '#core/memory/presence.ts';
import type { PageKind } from './atlas.ts';
import type { GuestNumber } from './frame.ts';

/** A table by the slots that lead to it from the root: [] is the root table, [3] PD[3], [3, 495] what slot 495 of it names. */
export type TablePath = readonly number[];

/** What an entry is. `loop`: names a table already above or beside it, so it is shown as a reference. */
export type EntryKind = 'table' | 'leaf' | 'loop' | 'absent-table' | 'not-present' | 'not-zero' | 'elided' | 'entry-absent';

export interface TableView extends GuestNumber {
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

/** The guest's number is that of `frame`. */
export interface TableRow extends GuestNumber {
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
