import type { Problem } from '#core/base/problem.ts';
import type { FrameName } from '#core/formats/format.ts';
import type { MemoryRegion, RegionChoice } from '#core/formats/raw/regions.ts';
import type { Presence } from '#core/memory/presence.ts';
import type { PagingFeatures, Root } from '#core/paging/mode.ts';
import type { ProcessGuess } from '#core/roots/names/guess.ts';

export type { MemoryRegion, ProcessGuess, RegionChoice };

export interface ImageSummary {
  /** The file's; of two opened as one "a.vmem + a.vmss", of a split dump "part-1 + 3 more". */
  readonly name: string;
  /** Bytes of the file as given (before unwrapping). */
  readonly fileSize: number;
  /** Bytes that the file unpacks to, which offsets in the space `file` count; left out where it is neither packed nor rearranged. */
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
  readonly frameWord: FrameName;
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
  /** Raw memory only: where its parts were taken to lie. The user may change it. */
  readonly regions?: RegionChoice;
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
  /** Set where a search found it: the lowest page that maps the root's own frame; and the other half of a pair (page-table isolation). */
  readonly ownPage?: number;
  readonly pair?: number;
  /** Which process it probably is: a guess from what structures in memory look like. */
  readonly process?: ProcessGuess;
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
