import type { Layout } from '#core/layouts/layout.ts';
import type { VirtualAddress } from '#core/memory/address.ts';
import type { Presence } from '#core/memory/presence.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import type {
  AtlasSummary,
  BytePage,
  FramePassport,
  ImageSummary,
  RootChoice,
  TablePath,
  TextAnnotation,
  Translation,
  WalkStep,
} from '#core/session/contract.ts';
import type { SlipReason } from '#core/xen/slip-runs.ts';

/** One entry of a table of the open root, decoded as far as a sentence needs it. */
export interface EntryFact {
  readonly low: number;
  readonly high: number;
  readonly presence: Presence;
  readonly present: boolean;
  /** True where this entry maps memory itself. */
  readonly isLeaf: boolean;
  /** First frame it names: of the table, or of the page. Meaningless unless present. */
  readonly frame: number;
}

/** What an explanation may ask of the open root. Everything is answered from tables already read: nothing waits. */
export interface RootFacts {
  /** Entry `slot` of the table reached by `path` ([] = the root table); undefined where that table is not in the dump. */
  entry(path: TablePath, slot: number): EntryFact | undefined;
  /** Walks another address of the same root. */
  translate(address: VirtualAddress): Translation;
  /** The pages that map a frame, and the paths by which it is a page table. */
  passport(frame: number): FramePassport;
  /** Where a frame's bytes came from, if not from the frame itself: "copied to C0000000 by bcopy (line 81)". */
  noteOf(frame: number): string | undefined;
  /** Guest frame of a page that lies in the kernel’s first mapping, which the domain builder lays out in order (reference 3.4). */
  expectedGuestFrame(page: number): number | undefined;
  /** Bytes of a virtual page, if `pagesWanted` asked for it. */
  bytesOf(page: number): PageBytes | undefined;
  /** What a text says besides rows of memory, in text order; empty for other dumps. */
  readonly annotations: readonly TextAnnotation[];
}

/** A page’s 4096 bytes, with what the dump says of each. */
export type PageBytes = Pick<BytePage, 'bytes' | 'presence'>;

/** An entry that holds a PFN where an MFN is due. */
export interface SlipFact {
  /** The step of the walk that read it. */
  readonly step: WalkStep;
  readonly pfn: number;
  /** P2M[pfn]. */
  readonly meant: number;
  readonly reason: Exclude<SlipReason, 'number'>;
}

/** All that an explanation is made of: one translation and what stands around it. */
export interface ExplainInput {
  readonly translation: Translation;
  readonly root: RootChoice;
  readonly mode: PagingMode;
  readonly layout: Layout;
  readonly atlas: AtlasSummary;
  readonly image: ImageSummary;
  readonly facts: RootFacts;
  /** Bytes touched from the address on, for the verdicts; 1 if left out. */
  readonly accessBytes?: number;
  /** The entry of the walk that holds a PFN, where one does. */
  readonly slip?: SlipFact;
}
