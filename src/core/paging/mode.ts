/** `pae-under-xen64`: a 32-bit PAE guest whose four PDPTEs a 64-bit Xen walks as a real level-3 table, so their RW and US count. */
export type PagingModeId = '32-bit' | 'pae' | 'pae-under-xen64' | '4-level' | '5-level';

/** One level of a page-table tree, as the SDM's tables describe it (vol. 3A, ch. 4). */
export interface Level {
  /** The table: PML5, PML4, PDPT, PD, PT. */
  readonly tableName: string;
  /** One entry of it: PML5E, PML4E, PDPTE, PDE, PTE. */
  readonly entryName: string;
  readonly indexBits: number;
  /** Pages (4 KiB) of virtual space one entry covers. */
  readonly pagesPerEntry: number;
  /** Lowest bit of the virtual address that indexes this level: 12 for a PT. */
  readonly lowBit: number;
  /** When an entry maps memory itself instead of naming a table. */
  readonly mapsMemory: 'never' | 'if-PS' | 'always';
  /** False for native PAE PDPTEs: they have no RW, US, XD (SDM 4.4.1). */
  readonly hasRights: boolean;
}

export interface PagingMode {
  readonly id: PagingModeId;
  /** As shown: "PAE", "4 levels". */
  readonly label: string;
  /** 4 or 8. */
  readonly entryBytes: 4 | 8;
  /** Bits of a virtual address that are translated: 32, 48, 57. */
  readonly virtualBits: number;
  /** Pages of the whole space: 2^20, 2^36, 2^45. */
  readonly pageCount: number;
  /** Root first. */
  readonly levels: readonly Level[];
  /** Mask by which CR3 becomes the root's machine address, as alignment in bytes: 32 for PAE (SDM 4.4.1), else 4096. */
  readonly rootAlignment: number;
  /** Entries in the root table: 4 for PAE, else 512 or 1024. */
  readonly rootEntries: number;
}

/** What the CPU had switched on; unknown things take the value most guests have. */
export interface PagingFeatures {
  /** CR4.PSE: 4 MB pages in 32-bit mode (elsewhere PS always counts). */
  readonly pse: boolean;
  /** EFER.NXE: bit 63 forbids fetch; else it is reserved. */
  readonly nxe: boolean;
  /** CR0.WP: supervisor writes obey R/W. */
  readonly wp: boolean;
  readonly smep: boolean;
  readonly smap: boolean;
  /** MAXPHYADDR: width of a machine address; entry bits above are reserved. */
  readonly physicalBits: number;
  /** True where the above were read from the dump's CPU notes, false where assumed. */
  readonly known: boolean;
}

/** Where a page-table tree starts and how to read it. */
export interface Root {
  /** Machine address of the root table: 32-byte aligned in PAE, else 4096. */
  readonly address: number;
  readonly mode: PagingModeId;
}
