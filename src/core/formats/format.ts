import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { PagingFeatures, PagingModeId } from '#core/paging/mode.ts';
import type { P2m } from '#core/xen/frame-numbers.ts';
import type { MemoryRegion, RegionChoice } from './raw/regions.ts';
import type { TextAnnotation } from './text/annotation.ts';

/** The first 64 KiB and the last 4 KiB of a source: all that a format may look at to recognise it. Never the name. */
export interface Glimpse {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly size: number;
}

/** `magic`: bytes that nothing else begins with. `structure`: several fields agree. `fallback`: nothing better fits. */
export type Certainty = 'magic' | 'structure' | 'fallback';

export interface Recognition {
  readonly certainty: Certainty;
  /** One sentence with the bytes seen: "begins 7f 45 4c 46, e_type 4, and has QEMU notes". */
  readonly how: string;
}

/** A root that the dump itself names. */
export interface RootHint {
  readonly address: number;
  readonly mode: PagingModeId;
  readonly origin: string;
  readonly reason: string;
  readonly features: PagingFeatures;
  readonly cpu?: { readonly index: number; readonly cr0: number; readonly cr3: number; readonly cr4: number; readonly inUserMode?: boolean };
}

/** What the numbers in the tables are: the machine's frames under Xen, a guest's own where the saver rewrote them, or just frames. */
export type FrameName = 'MFN' | 'PFN' | 'frame';

export interface TextPlacement {
  readonly page: number;
  readonly frame?: number;
  readonly reason: string;
  readonly lines: readonly number[];
  readonly edited: boolean;
}

/** A dump, opened. Everything wrong in it is in `problems`; what is readable is in `image`. */
export interface OpenedDump {
  readonly image: MemoryImage;
  /** The bytes that the image's file offsets count, where these are not the file's own: pages that the file holds packed. */
  readonly bytes?: ByteSource;
  readonly roots: readonly RootHint[];
  /** Set where the modes of `roots` are known for sure, so that tables shall not be asked. */
  readonly rootsAreSure?: true;
  readonly frameWord: FrameName;
  readonly problems: readonly Problem[];
  /** ELF notes of CPUs and kernel as the dump holds them, for an ELF file made of it: registers and VMCOREINFO are there for other tools. */
  readonly notes?: readonly DumpNote[];
  /** Dumps of Xen guests that list their guest frames: PFN to MFN. */
  readonly frameNumbers?: P2m;
  /** A saved PV guest, whose frames are PFNs: where what Xen and it share is. */
  readonly savedXen?: SavedXen;
  /** What the dump itself says of a frame, as a sentence: its type in a saved Xen guest. */
  readonly frameNote?: (frame: number) => string | undefined;
  /** Raw memory only. */
  readonly regions?: RegionChoice;
  /** Text dumps only. */
  readonly text?: {
    readonly text: string;
    readonly placements: readonly TextPlacement[];
    readonly notes: readonly FrameNote[];
    /** Rows that no frame was found for, by their virtual address (page * 4096 + offset stands for a machine address). */
    readonly unplaced?: MemoryImage;
    /** Commands, copies, values and failed reads, in text order. */
    readonly annotations?: readonly TextAnnotation[];
  };
}

export interface SavedXen {
  readonly wordBytes: 4 | 8;
  /** PFN of start_info, as VCPU 0 gave it when it asked to be suspended. */
  readonly startInfoFrame?: number;
  /** The shared_info page, which is no frame of the guest's. */
  readonly sharedInfo?: { readonly fileOffset: number; readonly bytes: Uint8Array };
}

/** An ELF note. */
export interface DumpNote {
  readonly name: string;
  readonly type: number;
  readonly body: Uint8Array;
}

/** Where a frame's bytes came from, if not from the frame itself: "copied to C0000000 by bcopy (line 81)". */
export interface FrameNote {
  readonly frame: number;
  readonly note: string;
}

export interface FormatOptions {
  /** Raw memory: where parts of the file lie, in place of what page tables in it tell. */
  readonly regions?: readonly MemoryRegion[];
  readonly placements?: readonly { readonly page: number; readonly frame: number | null }[];
}

/** Files that are one dump. */
export interface JoinedFormat {
  /** `order`: which of the files belong together, two at least, by their place in what was given; the first is the one that the image's file offsets count. */
  recognise(files: readonly Glimpse[]): (Recognition & { readonly order: readonly number[] }) | undefined;
  /** In that order. */
  open(files: readonly ByteSource[], task: Task): Promise<OpenedDump>;
}

/** One dump format: one file `NAME.format.ts` in this folder, its default export; `index.ts` gathers them. */
export interface DumpFormat {
  readonly id: string;
  readonly label: string;
  recognise(glimpse: Glimpse): Recognition | undefined;
  /** Never throws for what the bytes hold; a dump of which nothing is readable has a `stop` problem and no extents. */
  open(source: ByteSource, task: Task, options: FormatOptions): Promise<OpenedDump>;
  readonly joined?: JoinedFormat;
}
