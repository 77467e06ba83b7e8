import type { SparseMemory } from './dump-builder.ts';

export type BuiltMode = '32-bit' | 'pae' | '4-level' | '5-level';

/** Index bits of each level, root first; written down here again so that the product's own table is not its own judge. */
const SHAPES = {
  '32-bit': { entryBytes: 4, bits: [10, 10] },
  pae: { entryBytes: 8, bits: [2, 9, 9] },
  '4-level': { entryBytes: 8, bits: [9, 9, 9, 9] },
  '5-level': { entryBytes: 8, bits: [9, 9, 9, 9, 9] },
} as const;

const PRESENT = 1n;
const WRITABLE = 2n;
const USER = 4n;
const LARGE = 1n << 7n;

/** P, R/W and U/S. */
export const OPEN = PRESENT | WRITABLE | USER;

export interface MapOptions {
  /** Of the leaf: P, R/W and U/S by default. PS is added for large pages. */
  readonly flags?: bigint;
  /** Of tables made on the way. Ignored for native PAE's PDPTEs, which get P alone. */
  readonly tableFlags?: bigint;
  /** Levels above the PTE where the leaf stands: 1 = 2 MB (4 MB), 2 = 1 GB. */
  readonly up?: 0 | 1 | 2;
}

/** Page tables in a sparse memory. Virtual addresses are BigInts, with or without sign extension. */
export class TableBuilder {
  /** Machine address of the root table. */
  readonly root: number;
  readonly #shape: { readonly entryBytes: 4 | 8; readonly bits: readonly number[] };
  #nextFrame: number;

  constructor(
    readonly memory: SparseMemory,
    readonly mode: BuiltMode,
    { root, firstFrame = 0x100 }: { root?: number; firstFrame?: number } = {},
  ) {
    this.#shape = SHAPES[mode];
    this.#nextFrame = firstFrame;
    this.root = root ?? this.takeFrame() * 4096;
    memory.frame(Math.floor(this.root / 4096));
  }

  /** A new frame of zeros for a table. */
  takeFrame(): number {
    this.memory.frame(this.#nextFrame);
    return this.#nextFrame++;
  }

  /** Maps the page at a virtual address to a machine address, making the tables on the way. */
  map(virtual: bigint, machine: bigint, { flags = OPEN, tableFlags = OPEN, up = 0 }: MapOptions = {}): this {
    const depth = this.#shape.bits.length - 1 - up;
    for (let level = 0; level < depth; level++) this.#ensureTable(virtual, level, tableFlags);
    const large = up > 0 ? LARGE : 0n;
    return this.setEntry(virtual, depth, this.#leafBits(machine, up) | flags | large);
  }

  /** Writes the entry that a virtual address meets at a level (0 = root); the tables above must be there. */
  setEntry(virtual: bigint, level: number, value: bigint): this {
    this.memory.word(this.entryAddress(virtual, level), value, this.#shape.entryBytes);
    return this;
  }

  /** Machine address of the entry that a virtual address meets at a level (0 = root). */
  entryAddress(virtual: bigint, level: number): number {
    let table = BigInt(this.root);
    for (let above = 0; above < level; above++) table = this.#tableOf(this.memory.readWord(table + this.#at(virtual, above), this.#shape.entryBytes));
    return Number(table + this.#at(virtual, level));
  }

  #ensureTable(virtual: bigint, level: number, tableFlags: bigint): void {
    const address = this.entryAddress(virtual, level);
    if (this.memory.readWord(address, this.#shape.entryBytes) !== 0n) return;
    const flags = this.mode === 'pae' && level === 0 ? PRESENT : tableFlags;
    this.memory.word(address, BigInt(this.takeFrame() * 4096) | flags, this.#shape.entryBytes);
  }

  /** Byte offset of the address's slot in a table of the level. */
  #at(virtual: bigint, level: number): bigint {
    const below = this.#shape.bits.slice(level + 1).reduce((sum, bits) => sum + bits, 12);
    const slots = 1n << BigInt(this.#shape.bits[level] ?? 0);
    return ((virtual >> BigInt(below)) % slots) * BigInt(this.#shape.entryBytes);
  }

  #tableOf(entry: bigint): bigint {
    return entry & 0x000f_ffff_ffff_f000n;
  }

  /** PSE-36: in a 4 MB PDE, bits 20:13 hold address bits 39:32 (SDM vol. 3A, table 4-4). */
  #leafBits(machine: bigint, up: number): bigint {
    if (this.mode !== '32-bit' || up === 0) return machine;
    return (machine & 0xffc0_0000n) | (((machine >> 32n) & 0xffn) << 13n);
  }
}
