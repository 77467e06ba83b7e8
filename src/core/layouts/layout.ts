import type { PagingModeId } from '#core/paging/mode.ts';

/** A span that an operating system or hypervisor reserves for one purpose. Pages are unsigned page numbers of the mode. */
export interface LayoutSpan {
  readonly firstPage: number;
  readonly pageCount: number;
  readonly name: string;
  readonly shortName: string;
  /** Header or document the numbers come from. */
  readonly source: string;
  /** Side bracket: "Xen", "guest", "kernel", "user". */
  readonly side: string;
  /** Who may touch it, in words, if more than the entries say. */
  readonly note?: string;
  /** True: the whole span is one row of the map, also where it is empty. Otherwise the span only names what is mapped in it. */
  readonly reserved?: boolean;
  /** Pages that the span has in a build of the other kind, where the header's own comment lists both: SIZE without PAE, PAE-SIZE with. */
  readonly otherSize?: number;
  /** What it is to the explanations, which count and compute with it. */
  readonly role?: SpanRole;
  /** For `m2p` and `frame-table`: bytes each machine frame takes there (4 or 8; 24 for a 32-bit Xen's page_info). */
  readonly bytesPerFrame?: number;
}

/**
 * `m2p`: a table of guest frame numbers by machine frame, from its first byte on. `frame-table`: one record a machine frame.
 * `linear-page-table`: the PTE of VA is at start + (VA >> 12) * entry size. `shadow-linear`: the same of shadow tables.
 * `direct-map`: machine memory in order, from machine byte 0.
 */
export type SpanRole = 'm2p' | 'frame-table' | 'linear-page-table' | 'shadow-linear' | 'direct-map';

/** What a layout may look at to say how well it fits: a few cheap questions about the atlas. */
export interface LayoutEvidence {
  readonly mode: PagingModeId;
  readonly isTextDump: boolean;
  /** Raw entry (low, high) of a slot of the table reached by `path`, undefined if that table or entry is not known. */
  entry(path: readonly number[], slot: number): { readonly low: number; readonly high: number } | undefined;
  /** Frame of the table reached by `path`. */
  frameOf(path: readonly number[]): number | undefined;
}

/** A stretch of mappings that lie together and agree in rights: what a rule looks at to name it. */
export interface Stretch {
  readonly firstPage: number;
  readonly pageCount: number;
  readonly mappedPages: number;
  /** `rwx` if 95 % of the mapped pages agree, else `mix`. */
  readonly rights: string;
  /** Rights of its first page. */
  readonly firstRights: string;
  /** Mapped by leaves larger than 4 KiB, pages. */
  readonly largePages: number;
  /** Page minus frame, where at least 90 % of the mapped pages share it: then machine memory lies there in order. */
  readonly shift?: number;
}

export interface NamedStretch {
  readonly name: string;
  readonly stretch: Stretch;
}

/** Names stretches by what they do, where no fixed span can: bases that an OS draws at random, sizes that follow from memory. */
export interface LayoutRule {
  readonly name: string;
  readonly shortName: string;
  /** Why this stretch is that, with its numbers; undefined where it is not. `named`: what earlier rules found, low to high. */
  explains(stretch: Stretch, named: readonly NamedStretch[]): string | undefined;
}

/** One layout: one file `NAME.layout.ts` in this folder, its default export; `index.ts` gathers them. Data, as little code as possible. */
export interface Layout {
  readonly id: string;
  /** Of an operating system under a hypervisor: the hypervisor's own layout. */
  readonly baseId?: string;
  readonly label: string;
  readonly modes: readonly PagingModeId[];
  /** Reasons it fits, strongest first, with numbers; the score orders candidates. Score 0: does not fit. 1: fallback. */
  fits(evidence: LayoutEvidence): { readonly score: number; readonly reasons: readonly string[] };
  /** Low to high, disjoint. */
  readonly spans: readonly LayoutSpan[];
  readonly borders: readonly { readonly page: number; readonly label: string; readonly kind: 'limit' | 'owner' | 'canonical' }[];
  /** Name of the side that begins at each page, low to high, the first at page 0. None: one side, without a name. */
  readonly sides?: readonly { readonly firstPage: number; readonly name: string }[];
  /** Tried in order on stretches that no span names. */
  readonly rules?: readonly LayoutRule[];
  /** First page that a segment limit keeps rings 1–3 from; undefined = flat. */
  readonly segmentLimitPage?: number;
  /** Page that a guest’s builder maps to the guest’s frame 0, pages after it to the next ones; undefined where nothing tells. */
  readonly guestBasePage?: number;
  /** Rings whose verdicts are shown. A 32-bit PV guest's kernel runs in ring 1; a 64-bit one in ring 3, as its processes do (reference 1.3). */
  readonly rings: 'native' | 'xen-pv-32' | 'xen-pv-64';
}
