import { invariant } from '#core/base/invariant.ts';
import type { Level, PagingFeatures, PagingMode, PagingModeId } from './mode.ts';

const K = 1024;
const M = K * K;
const G = K * M;

/** 8-byte entries, 512 a table (SDM 3A 4.4.2, 4.5.4). */
const PTE: Level = { tableName: 'PT', entryName: 'PTE', indexBits: 9, pagesPerEntry: 1, lowBit: 12, mapsMemory: 'always', hasRights: true };
const PDE: Level = { tableName: 'PD', entryName: 'PDE', indexBits: 9, pagesPerEntry: 512, lowBit: 21, mapsMemory: 'if-PS', hasRights: true };
const PDPTE: Level = {
  tableName: 'PDPT',
  entryName: 'PDPTE',
  indexBits: 9,
  pagesPerEntry: 256 * K,
  lowBit: 30,
  mapsMemory: 'if-PS',
  hasRights: true,
};
const PML4E: Level = {
  tableName: 'PML4',
  entryName: 'PML4E',
  indexBits: 9,
  pagesPerEntry: 128 * M,
  lowBit: 39,
  mapsMemory: 'never',
  hasRights: true,
};
const PML5E: Level = { tableName: 'PML5', entryName: 'PML5E', indexBits: 9, pagesPerEntry: 64 * G, lowBit: 48, mapsMemory: 'never', hasRights: true };

/** PAE: two index bits, no page size, and no rights of its own (SDM 3A 4.4.1, table 4-8). */
const PAE_PDPTE: Level = { ...PDPTE, indexBits: 2, mapsMemory: 'never', hasRights: false };
/** The same four entries read by a 64-bit Xen as a level-3 table (reference 1.4): RW, US and XD count. */
const COMPAT_PDPTE: Level = { ...PAE_PDPTE, hasRights: true };

export const pagingModes: readonly PagingMode[] = [
  {
    id: '32-bit',
    label: '2 levels, 32-bit',
    entryBytes: 4,
    virtualBits: 32,
    pageCount: M,
    rootAlignment: 4096,
    rootEntries: 1024,
    // SDM 3A 4.3, tables 4-4 to 4-6.
    levels: [
      { ...PDE, indexBits: 10, pagesPerEntry: K, lowBit: 22 },
      { ...PTE, indexBits: 10 },
    ],
  },
  { id: 'pae', label: 'PAE', entryBytes: 8, virtualBits: 32, pageCount: M, rootAlignment: 32, rootEntries: 4, levels: [PAE_PDPTE, PDE, PTE] },
  {
    id: 'pae-under-xen64',
    label: 'PAE under 64-bit Xen',
    entryBytes: 8,
    virtualBits: 32,
    pageCount: M,
    rootAlignment: 4096,
    rootEntries: 4,
    levels: [COMPAT_PDPTE, PDE, PTE],
  },
  {
    id: '4-level',
    label: '4 levels',
    entryBytes: 8,
    virtualBits: 48,
    pageCount: 64 * G,
    rootAlignment: 4096,
    rootEntries: 512,
    levels: [PML4E, PDPTE, PDE, PTE],
  },
  {
    id: '5-level',
    label: '5 levels',
    entryBytes: 8,
    virtualBits: 57,
    pageCount: 32 * K * G,
    rootAlignment: 4096,
    rootEntries: 512,
    levels: [PML5E, PML4E, PDPTE, PDE, PTE],
  },
];

const byId = new Map(pagingModes.map((mode) => [mode.id, mode]));

export function pagingMode(id: PagingModeId): PagingMode {
  const mode = byId.get(id);
  invariant(mode, `paging mode ${id} is described`);
  return mode;
}

export function levelOf(mode: PagingMode, index: number): Level {
  const level = mode.levels[index];
  invariant(level, `${mode.id} has a level ${index}`);
  return level;
}

/** Entries in a table of this level: 4 for a PAE root, else 512 or 1024. */
export const entriesAt = (level: Level): number => 2 ** level.indexBits;

/** What most guests of today have; `known: false` says that it is an assumption. */
export const usualFeatures: PagingFeatures = { pse: true, nxe: true, wp: true, smep: false, smap: false, physicalBits: 52, known: false };

/** The root's machine address in a CR3 value: drops PCID, PWT and PCD (SDM 3A table 4-7, 4-12). */
export function rootInCr3(mode: PagingMode, cr3: number): number {
  return cr3 - (cr3 % mode.rootAlignment);
}

/** As `rootInCr3`, of a register stored in 8 bytes: what stands above the mode's own width is no part of it (SDM 3A tables 4-3, 4-7, 4-12). */
export const rootInStoredCr3 = (mode: PagingMode, cr3: number): number => rootInCr3(mode, cr3 % (mode.virtualBits === 32 ? 2 ** 32 : 2 ** 52));
