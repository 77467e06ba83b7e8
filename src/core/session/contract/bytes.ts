import type { PresenceRun } from '#core/memory/presence.ts';
import type { StructField } from '#core/xen/struct-field.ts';
import type { TablePath } from './table.ts';

/** Whose numbers the rows of a hex pane are. `file` counts bytes of the file, or of what it unpacks to. */
export type HexSpace = 'virtual' | 'machine' | 'file';

export interface BytePage {
  readonly space: HexSpace;
  /** Number of the 4 KiB page in that space. */
  readonly page: number;
  /** 4096 bytes; meaningful only where `presence` says held or zero. */
  readonly bytes: Uint8Array;
  readonly presence: readonly PresenceRun[];
  /** Its file offsets count bytes of what the file unpacks to. */
  readonly isUnpacked?: true;
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
  /** If it is a page of the machine-to-physical table: the frame of its first word, and per word an index into M2P_KINDS. */
  readonly m2p?: { readonly firstMfn: number; readonly bytesPerWord: 4 | 8; readonly kinds: Uint8Array };
  /** If it is a structure of Xen's: its fields by offset in the page. */
  readonly struct?: { readonly name: 'start_info' | 'shared_info'; readonly fields: readonly StructField[] };
  /** A note where the bytes come from if not from the frame itself (a copy made by bcopy …). */
  readonly note?: string;
}
/** In thumbnails and `cells`: the slot names a table below. */
export const TABLE_CELL = 255;
