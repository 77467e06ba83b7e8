import type { EntryShape } from './entry.ts';
import { ACCESSED, isLeaf } from './entry.ts';
import type { Level, PagingFeatures, PagingMode } from './mode.ts';

/** One named bit of an entry, with what its value means here. Shaped as the contract's `BitField`. */
export interface EntryBit {
  readonly name: string;
  readonly bit: number;
  readonly value: number;
  readonly meaning: string;
  /** Section of the Intel SDM, volume 3A. */
  readonly source: string;
}

interface BitRule {
  readonly name: string;
  readonly bit: number;
  readonly set: string;
  readonly clear: string;
}

const rule = (name: string, bit: number, set: string, clear: string): BitRule => ({ name, bit, set, clear });

const PRESENT = rule('P', 0, 'present', 'not present: the other bits are software’s');
const WRITE = rule('RW', 1, 'writes allowed', 'read-only');
const USER = rule('US', 2, 'ring 3 may use it', 'supervisor only: rings 0, 1, 2');
const WRITE_THROUGH = rule('PWT', 3, 'write-through', 'write-back');
const CACHE_OFF = rule('PCD', 4, 'cache disabled', 'cached');
const USED = rule('A', 5, 'accessed', 'not accessed since cleared');
const WRITTEN = rule('D', 6, 'written', 'not written since cleared');
const SIZE = rule('PS', 7, 'maps memory itself', 'names a table');
const PAT_PTE = rule('PAT', 7, 'PAT index + 4', 'PAT index + 0');
const PAT_LARGE = rule('PAT', 12, 'PAT index + 4', 'PAT index + 0');
const GLOBAL_PAGE = rule('G', 8, 'global: kept over CR3 loads', 'not global');
const EXECUTE_DISABLE = rule('XD', 63, 'no fetch', 'fetch allowed');

/** Bits of a present entry worth a word, in bit order. */
function rulesFor(mode: PagingMode, level: Level, shape: EntryShape, leaf: boolean): readonly BitRule[] {
  const xd = shape.hasXd ? [EXECUTE_DISABLE] : [];
  // Native PAE PDPTE: P, PWT, PCD and nothing else (SDM 3A table 4-8).
  if (!level.hasRights) return [PRESENT, WRITE_THROUGH, CACHE_OFF];
  const common = [PRESENT, WRITE, USER, WRITE_THROUGH, CACHE_OFF, USED];
  if (!leaf) return [...common, ...(level.mapsMemory === 'if-PS' ? [SIZE] : []), ...xd];
  if (level.mapsMemory === 'always') return [...common, WRITTEN, PAT_PTE, GLOBAL_PAGE, ...xd];
  return [...common, WRITTEN, SIZE, GLOBAL_PAGE, PAT_LARGE, ...(mode.entryBytes === 8 ? xd : [])];
}

/** SDM 3A sections by mode: where the entry's format is tabled. */
const SECTION = {
  '32-bit': 'SDM 3A 4.3',
  pae: 'SDM 3A 4.4',
  'pae-under-xen64': 'SDM 3A 4.5',
  '4-level': 'SDM 3A 4.5',
  '5-level': 'SDM 3A 4.5',
} as const;

const bitOf = (low: number, high: number, bit: number): number => (bit < 32 ? (low >>> bit) & 1 : (high >>> (bit - 32)) & 1);

/** The named bits of an entry (present or not), lowest first. */
export function entryBits(mode: PagingMode, level: Level, shape: EntryShape, low: number, high: number): readonly EntryBit[] {
  return rulesFor(mode, level, shape, isLeaf(shape, low)).map((r) => {
    const value = bitOf(low, high, r.bit);
    return { name: r.name, bit: r.bit, value, meaning: value ? r.set : r.clear, source: SECTION[mode.id] };
  });
}

/** Bits that must be 0 in a present entry, as two words (reference 2.3, from SDM 3A tables 4-4 … 4-20). */
export function reservedMask(
  mode: PagingMode,
  level: Level,
  shape: EntryShape,
  features: PagingFeatures,
  low: number,
): { low: number; high: number } {
  const leaf = isLeaf(shape, low);
  if (mode.entryBytes === 4) return { low: leaf && level.mapsMemory === 'if-PS' ? reservedPse36(features.physicalBits) : 0, high: 0 };
  return { low: reservedLow(level, leaf), high: reservedHigh(mode, level, features) };
}

/** 4 MB PDE: bit 21, and those of 20:13 that lie above MAXPHYADDR - 1 (SDM 3A 4.3, M = min(40, MAXPHYADDR)). */
function reservedPse36(physicalBits: number): number {
  const used = Math.max(0, Math.min(40, physicalBits) - 32);
  return (1 << 21) | (((0xff << used) & 0xff) << 13);
}

function reservedLow(level: Level, leaf: boolean): number {
  if (!level.hasRights) return 0x1e6;
  // PML4E and PML5E: PS must be 0.
  if (level.mapsMemory === 'never') return level.indexBits === 9 ? 0x80 : 0;
  if (!leaf || level.mapsMemory === 'always') return 0;
  // Below a large page's size only PAT (bit 12) may be set. 1 GB: bits 29:13; 2 MB: bits 20:13.
  return (level.lowBit === 30 ? 0x3fff_e000 : 0x001f_e000) >>> 0;
}

function reservedHigh(mode: PagingMode, level: Level, features: PagingFeatures): number {
  const width = Math.max(0, features.physicalBits - 32);
  const aboveWidth = width >= 20 ? 0 : 0x000f_ffff - (2 ** width - 1);
  // PAE: bits 62:52 are reserved too (SDM 3A table 4-9 ff.); 4- and 5-level ignore them. Bit 63 is reserved unless EFER.NXE.
  const pae = mode.id === 'pae' ? (level.hasRights ? 0x7ff0_0000 : 0xfff0_0000) : 0;
  const xd = features.nxe ? 0 : 0x8000_0000;
  return (aboveWidth | pae | xd) >>> 0;
}

/** Set bits of a two-word mask in words: "bits 5, 13–20". Empty when none. */
export function bitsText(low: number, high: number): string {
  const bits: number[] = [];
  for (let bit = 0; bit < 64; bit++) if (bitOf(low, high, bit)) bits.push(bit);
  if (bits.length === 0) return '';
  return `${bits.length === 1 ? 'bit' : 'bits'} ${spans(bits)}`;
}

function spans(sorted: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < sorted.length; ) {
    let j = i;
    while (sorted[j + 1] === (sorted[j] ?? 0) + 1) j++;
    parts.push(i === j ? `${sorted[i]}` : `${sorted[i]}–${sorted[j]}`);
    i = j + 1;
  }
  return parts.join(', ');
}

/** Reserved bits that are set in a present entry, in words with what a CPU would do; empty where none is. */
export function reservedText(mode: PagingMode, level: Level, shape: EntryShape, features: PagingFeatures, low: number, high: number): string {
  const mask = reservedMask(mode, level, shape, features, low);
  const set = bitsText(low & mask.low, (high & mask.high) >>> 0);
  if (!set) return '';
  // QEMU sets A in PAE PDPTEs as it walks (seen in its dumps); a CPU never does, and would refuse to load it.
  if (!level.hasRights && (low & mask.low) === ACCESSED && (high & mask.high) === 0) return 'bit 5 (A) is QEMU’s mark; a CPU has it reserved';
  // PAE PDPTEs are checked when CR3 is loaded, and that is #GP(0) (SDM 3A 4.4.1); everywhere else it is #PF with RSVD.
  return level.hasRights ? `${set} reserved: #PF with RSVD` : `${set} reserved: #GP(0) when CR3 is loaded`;
}
