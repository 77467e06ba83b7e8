import type { Level, PagingFeatures, PagingMode } from './mode.ts';
import { entriesAt } from './modes.ts';

/** Bits of an entry's low word (SDM 3A tables 4-4 … 4-20; the same in every mode). */
export const P = 0x001;
export const RW = 0x002;
export const US = 0x004;
export const PWT = 0x008;
export const PCD = 0x010;
export const ACCESSED = 0x020;
export const DIRTY = 0x040;
/** Page size in a PDE or PDPTE; PAT in a PTE. */
export const PS = 0x080;
export const GLOBAL = 0x100;

/** Bits 51:32 of a machine address in an entry's high word (SDM 3A 4.4.2: bits M-1:12, M at most 52). */
const FRAME_HIGH = 0x000f_ffff;

/** What a reader of one level must know, worked out once: how wide an entry is, when it maps memory, whether its rights count. */
export interface EntryShape {
  /** Words of 32 bits per entry: 1 or 2. */
  readonly words: 1 | 2;
  readonly entries: number;
  readonly pagesPerEntry: number;
  /** Low-word bits that must equal `leafValue` for an entry to map memory: (low & leafMask) === leafValue. */
  readonly leafMask: number;
  readonly leafValue: number;
  readonly hasRights: boolean;
  /** Bit 63 forbids fetch here (8-byte entries with rights, EFER.NXE). */
  readonly hasXd: boolean;
  /** 4 MB pages: entry bits 20:13 are machine address bits 39:32 (SDM 3A 4.3, PSE-36). */
  readonly pse36: boolean;
}

export function entryShape(mode: PagingMode, level: Level, features: PagingFeatures): EntryShape {
  const ps = level.mapsMemory === 'if-PS' && (mode.entryBytes === 8 || features.pse);
  const always = level.mapsMemory === 'always';
  return {
    words: mode.entryBytes === 8 ? 2 : 1,
    entries: entriesAt(level),
    pagesPerEntry: level.pagesPerEntry,
    leafMask: ps ? PS : 0,
    // A mask of 0 yields 0: equal to 0 where every entry is a leaf, never equal to 1 where none is.
    leafValue: always ? 0 : ps ? PS : 1,
    hasRights: level.hasRights,
    hasXd: mode.entryBytes === 8 && level.hasRights && features.nxe,
    pse36: mode.entryBytes === 4 && ps,
  };
}

export const isPresent = (low: number): boolean => (low & P) !== 0;

/** True where a present entry maps memory itself instead of naming a table. */
export const isLeaf = (shape: EntryShape, low: number): boolean => (low & shape.leafMask) === shape.leafValue;

/** Frame that an entry of two words names, in whichever mode: bits 51:12 (SDM 3A 4.4, 4.5). */
export const frameOfWide = (low: number, high: number): number => (high & FRAME_HIGH) * 0x10_0000 + (low >>> 12);

/** Frame of the table an entry names, or of the 4 KiB page of a PTE. XD and ignored bits do not leak in. */
export function frameNamed(shape: EntryShape, low: number, high: number): number {
  return shape.words === 1 ? low >>> 12 : frameOfWide(low, high);
}

/** First frame a leaf maps: bits below the page's size are PAT or reserved, not address. */
export function frameMapped(shape: EntryShape, low: number, high: number): number {
  if (shape.pse36) return ((low >>> 13) & 0xff) * 0x10_0000 + (low >>> 22) * 1024;
  const frame = frameNamed(shape, low, high);
  return frame - (frame % shape.pagesPerEntry);
}

/** Rights as three bits, each set where something is lost: they add up over levels by OR (SDM 3A 4.6). */
export const NO_WRITE = 1;
export const NO_USER = 2;
export const NO_FETCH = 4;

/** What one entry takes away. An entry without rights of its own (PAE PDPTE) takes nothing. */
export function rightsLost(shape: EntryShape, low: number, high: number): number {
  if (!shape.hasRights) return 0;
  return ((low & RW) === 0 ? NO_WRITE : 0) | ((low & US) === 0 ? NO_USER : 0) | (shape.hasXd && high >>> 31 === 1 ? NO_FETCH : 0);
}

/** "rwx" from what was lost. Reading is never lost by an entry that is present. */
export function rightsText(lost: number): string {
  return `r${(lost & NO_WRITE) === 0 ? 'w' : '-'}${(lost & NO_FETCH) === 0 ? 'x' : '-'}`;
}
