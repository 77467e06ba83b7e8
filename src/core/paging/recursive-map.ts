import { invariant } from '#core/base/invariant.ts';

/** PDEs of a PAE space: four directories of 512. */
const DIRECTORY_ENTRIES = 512;
export const PAE_PDE_COUNT = 4 * DIRECTORY_ENTRIES;
/** A recursive map takes four neighbouring PDEs, one for each directory. */
export const RECURSIVE_PDES = 4;

/** P and A: read-only, as Xen demands of an entry that names a page directory. */
export const READ_ONLY_PDE = 0x021;

/** One of the four entries to write. */
export interface RecursivePde {
  /** Slot in the directory that holds it. */
  readonly slot: number;
  /** Machine address of the entry: what mmu_update is given. */
  readonly entryAddress: number;
  /** Which directory it names. */
  readonly names: number;
  /** Value to write; below 2^48, exact. */
  readonly value: number;
}

/** A place from which a PAE guest would see its own page tables as memory. */
export interface RecursiveMap {
  /** Directory that holds the four entries. */
  readonly directory: number;
  readonly entries: readonly RecursivePde[];
  /** PTmap: page of the PTE of address 0. The PTE of VA is at PTmap + (VA >> 12) * 8. */
  readonly firstPage: number;
  readonly pageCount: number;
  /** PTD: page at which the four directories are seen one after another. The PDE of VA is at PTD + (VA >> 21) * 8. */
  readonly directoriesPage: number;
  /** PTDpde: where the first of the four entries itself is seen. */
  readonly ownEntry: { readonly page: number; readonly offset: number };
}

/**
 * The recursive map that begins at a PDE index (0 … 2044, a multiple of four) over four page directories.
 * @param directories frames of PD[0] … PD[3]
 */
export function recursiveMap(firstPde: number, directories: readonly [number, number, number, number]): RecursiveMap {
  invariant(firstPde % RECURSIVE_PDES === 0 && firstPde >= 0 && firstPde < PAE_PDE_COUNT, 'a recursive map begins at a multiple of four');
  const directory = Math.floor(firstPde / DIRECTORY_ENTRIES);
  const holder = directories[directory] ?? 0;
  const firstPage = firstPde * 512;
  const directoriesPage = firstPage + firstPage / 512;
  const ownByte = firstPde * 8;
  return {
    directory,
    entries: directories.map((frame, names) => {
      const slot = (firstPde % DIRECTORY_ENTRIES) + names;
      return { slot, entryAddress: holder * 4096 + slot * 8, names, value: frame * 4096 + READ_ONLY_PDE };
    }),
    firstPage,
    pageCount: RECURSIVE_PDES * 512,
    directoriesPage,
    ownEntry: { page: directoriesPage + Math.floor(ownByte / 4096), offset: ownByte % 4096 },
  };
}
