/**
 * The page walk by the letter of the Intel SDM, volume 3A, chapter 4, in BigInt and without a thought for speed: the oracle that the
 * product's walk is held against. Shares no code with it.
 */
import type { PagingModeId } from '#core/paging/mode.ts';

export interface Memory {
  /** Little-endian value of `bytes` bytes, or undefined where the dump does not have them. */
  read(address: bigint, bytes: 4 | 8): bigint | undefined;
}

export type Answer =
  | { kind: 'mapped'; address: bigint; writable: boolean; user: boolean; executable: boolean; size: bigint }
  | { kind: 'not-present'; level: number; entry: bigint }
  | { kind: 'absent'; level: number };

const bit = (value: bigint, n: number): boolean => ((value >> BigInt(n)) & 1n) === 1n;
const bits = (value: bigint, high: number, low: number): bigint => (value >> BigInt(low)) & ((1n << BigInt(high - low + 1)) - 1n);

/** Figure 4-2 … 4-4: 32-bit paging. */
function walk32(memory: Memory, cr3: bigint, va: bigint, pse: boolean): Answer {
  const pde = memory.read((bits(cr3, 31, 12) << 12n) | (bits(va, 31, 22) << 2n), 4);
  if (pde === undefined) return { kind: 'absent', level: 0 };
  if (!bit(pde, 0)) return { kind: 'not-present', level: 0, entry: pde };
  if (pse && bit(pde, 7)) {
    // Table 4-4: bits 31:22 from the PDE, 39:32 from PDE bits 20:13.
    const address = (bits(pde, 20, 13) << 32n) | (bits(pde, 31, 22) << 22n) | bits(va, 21, 0);
    return { kind: 'mapped', address, writable: bit(pde, 1), user: bit(pde, 2), executable: true, size: 1n << 22n };
  }
  const pte = memory.read((bits(pde, 31, 12) << 12n) | (bits(va, 21, 12) << 2n), 4);
  if (pte === undefined) return { kind: 'absent', level: 1 };
  if (!bit(pte, 0)) return { kind: 'not-present', level: 1, entry: pte };
  const address = (bits(pte, 31, 12) << 12n) | bits(va, 11, 0);
  return { kind: 'mapped', address, writable: bit(pde, 1) && bit(pte, 1), user: bit(pde, 2) && bit(pte, 2), executable: true, size: 4096n };
}

interface Rights {
  writable: boolean;
  user: boolean;
  executable: boolean;
}

const narrowed = (rights: Rights, entry: bigint, nxe: boolean): Rights => ({
  writable: rights.writable && bit(entry, 1),
  user: rights.user && bit(entry, 2),
  executable: rights.executable && !(nxe && bit(entry, 63)),
});

/** The levels from a PD down are the same in PAE, 4- and 5-level paging (figures 4-5 … 4-10). */
function walkFrom(
  memory: Memory,
  table: bigint,
  va: bigint,
  lows: readonly number[],
  level: number,
  rights: Rights,
  nxe: boolean,
  mayMap: (low: number) => boolean,
): Answer {
  const [low = 12, ...rest] = lows;
  const entry = memory.read(table | (bits(va, low + 8, low) << 3n), 8);
  if (entry === undefined) return { kind: 'absent', level };
  if (!bit(entry, 0)) return { kind: 'not-present', level, entry };
  const now = narrowed(rights, entry, nxe);
  if (low === 12 || (mayMap(low) && bit(entry, 7))) {
    const address = (bits(entry, 51, low) << BigInt(low)) | bits(va, low - 1, 0);
    return { kind: 'mapped', address, ...now, size: 1n << BigInt(low) };
  }
  return walkFrom(memory, bits(entry, 51, 12) << 12n, va, rest, level + 1, now, nxe, mayMap);
}

const ALL: Rights = { writable: true, user: true, executable: true };

/** Section 4.4: the PDPTE is one of four, and gives no rights; under a 64-bit Xen it is a real level-3 entry and does. */
function walkPae(memory: Memory, root: bigint, va: bigint, nxe: boolean, counts: boolean): Answer {
  const pdpte = memory.read(root + (bits(va, 31, 30) << 3n), 8);
  if (pdpte === undefined) return { kind: 'absent', level: 0 };
  if (!bit(pdpte, 0)) return { kind: 'not-present', level: 0, entry: pdpte };
  const rights = counts ? narrowed(ALL, pdpte, nxe) : ALL;
  return walkFrom(memory, bits(pdpte, 51, 12) << 12n, va, [21, 12], 1, rights, nxe, (low) => low === 21);
}

/** Walks `va` (translated bits only) from a root at machine address `root`. */
export function walkByTheManual(memory: Memory, mode: PagingModeId, root: bigint, va: bigint, { pse = true, nxe = true } = {}): Answer {
  const mapsMemory = (low: number): boolean => low === 30 || low === 21;
  switch (mode) {
    case '32-bit':
      return walk32(memory, root, va, pse);
    case 'pae':
      return walkPae(memory, root, va, nxe, false);
    case 'pae-under-xen64':
      return walkPae(memory, root, va, nxe, true);
    case '4-level':
      return walkFrom(memory, root, va, [39, 30, 21, 12], 0, ALL, nxe, mapsMemory);
    case '5-level':
      return walkFrom(memory, root, va, [48, 39, 30, 21, 12], 0, ALL, nxe, mapsMemory);
  }
}
