import { lastAtOrBelow } from '#core/base/bisect.ts';
import { commas } from '#core/base/hex.ts';
import { BlockStore } from './block-store.ts';
import type { ByteSource, Origin } from './byte-source.ts';
import type { LossySource, LostRun } from './lossy-source.ts';
import { readRanges } from './read-ranges.ts';

/** Blocks one behind another, ascending: where each begins unpacked, and where it lies packed. */
export interface BlockTable {
  /** One more than there are blocks: the last is where all ends. */
  readonly starts: Float64Array;
  readonly fileOffsets: Float64Array;
  readonly packedBytes: Float64Array;
}

/** Of 64 KiB each, 512 GiB. */
const MOST_BLOCKS = 8 * 1024 * 1024;

/** A table that is made block by block. */
export class BlockRows {
  readonly #starts: number[] = [0];
  readonly #fileOffsets: number[] = [];
  readonly #packedBytes: number[] = [];

  get count(): number {
    return this.#fileOffsets.length;
  }

  /** More were made to fill memory. */
  get isFull(): boolean {
    return this.count >= MOST_BLOCKS;
  }

  /** Unpacked bytes of all blocks so far. */
  get end(): number {
    return this.#starts[this.count] ?? 0;
  }

  add(fileOffset: number, packedBytes: number, unpackedBytes: number): void {
    this.#starts.push(this.end + unpackedBytes);
    this.#fileOffsets.push(fileOffset);
    this.#packedBytes.push(packedBytes);
  }

  table(): BlockTable {
    return {
      starts: Float64Array.from(this.#starts),
      fileOffsets: Float64Array.from(this.#fileOffsets),
      packedBytes: Float64Array.from(this.#packedBytes),
    };
  }
}

/** Unpacks a block to the end of `output`; says why it is damaged, and then leaves there what came before the damage. */
export type Unpack = (packed: Uint8Array, output: BlockStore, block: number) => string | undefined | Promise<string | undefined>;

/** Of blocks that are not zero, kept unpacked. */
const KEPT_BYTES = 384 * 1024 * 1024;
/** Packed bytes read at once, a block at least. */
const BATCH_BYTES = 8 * 1024 * 1024;
/** What a block costs at least, in bytes kept. */
const LEAST_COST = 64 * 1024;

const NOTHING = new BlockStore('', 0);

/**
 * Blocks as if they lay unpacked one after another: each is unpacked when it is read, and those last used are kept. A block is packed in
 * itself, so that damage in one is no loss to others. It is lost whole: where its wrong bytes begin is not known, since decoders go on for
 * a while. There it gives zeros, and `lost` tells.
 */
export class BlockSource implements LossySource {
  readonly name: string;
  readonly size: number;
  readonly #source: ByteSource;
  readonly #table: BlockTable;
  readonly #unpack: Unpack;
  /** In order of use, oldest first. */
  readonly #kept = new Map<number, Promise<BlockStore>>();
  readonly #costs = new Map<number, number>();
  #cost = 0;
  /** Why a block is damaged. */
  readonly #losses = new Map<number, string>();

  constructor(source: ByteSource, table: BlockTable, unpack: Unpack) {
    this.name = source.name;
    this.#source = source;
    this.#table = table;
    this.#unpack = unpack;
    this.size = table.starts.at(-1) ?? 0;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    const bytes = new Uint8Array(Math.max(0, end - offset));
    for (let block = this.#blockAt(offset), start = offset; start < end; ) {
      const batch = this.#batch(block, end);
      for (const store of await this.#stores(block, batch)) {
        const [from, until] = [Math.max(offset, this.#start(block)), Math.min(end, this.#start(block + 1))];
        bytes.set(await store.read(from - this.#start(block), until - from), from - offset);
        start = until;
        block++;
      }
    }
    return bytes;
  }

  async origin(offset: number): Promise<Origin> {
    const block = this.#blockAt(offset);
    const packed = { bytes: this.#table.packedBytes[block] ?? 0, within: offset - this.#start(block) };
    return { source: this.#source, offset: this.#table.fileOffsets[block] ?? 0, packed };
  }

  lost(offset: number, length: number): readonly LostRun[] {
    const runs: LostRun[] = [];
    const end = Math.min(this.size, offset + length);
    for (let block = this.#blockAt(offset); this.#losses.size > 0 && this.#start(block) < end; block++) {
      const why = this.#losses.get(block);
      const [from, until] = [Math.max(offset, this.#start(block)), Math.min(end, this.#start(block + 1))];
      if (why !== undefined && from < until) runs.push({ offset: from, length: until - from, reason: this.#reason(block, why) });
    }
    return runs;
  }

  #reason(block: number, why: string): string {
    return `the packed block at byte ${commas(this.#table.fileOffsets[block] ?? 0)} of the file is damaged (${why})`;
  }

  #start(block: number): number {
    return this.#table.starts[block] ?? this.size;
  }

  /** Blocks of no bytes are passed over: the last that begins there is the one that has bytes. */
  #blockAt(offset: number): number {
    return Math.max(0, lastAtOrBelow(this.#table.starts, offset));
  }

  /** How many blocks from this one on to read together: to the end asked for, or until they are many bytes. */
  #batch(block: number, end: number): number {
    let packed = 0;
    let count = 0;
    for (let at = block; this.#start(at) < end && (count === 0 || packed < BATCH_BYTES); at++) {
      packed += this.#table.packedBytes[at] ?? 0;
      count++;
    }
    return count;
  }

  /** Asks for all before it waits, so that one block is not unpacked twice by reads at the same time. */
  async #stores(first: number, count: number): Promise<BlockStore[]> {
    const missing: number[] = [];
    for (let block = first; block < first + count; block++) if (!this.#kept.has(block)) missing.push(block);
    const packed = this.#packed(missing);
    const stores = Array.from({ length: count }, (_, index) => this.#store(first + index, packed.get(first + index)));
    return Promise.all(stores);
  }

  #packed(blocks: readonly number[]): ReadonlyMap<number, Promise<Uint8Array>> {
    const { fileOffsets, packedBytes } = this.#table;
    const ranges = blocks.map((block) => ({ offset: fileOffsets[block] ?? 0, length: packedBytes[block] ?? 0 }));
    const read = readRanges(this.#source, ranges);
    return new Map(blocks.map((block, index) => [block, read.then((bytes) => bytes[index] ?? new Uint8Array(0))]));
  }

  #store(block: number, packed: Promise<Uint8Array> | undefined): Promise<BlockStore> {
    const kept = this.#kept.get(block);
    const store = kept ?? this.#unpacked(block, packed ?? Promise.resolve(new Uint8Array(0)));
    this.#kept.delete(block);
    this.#kept.set(block, store);
    return store;
  }

  async #unpacked(block: number, packed: Promise<Uint8Array>): Promise<BlockStore> {
    try {
      const bytes = this.#start(block + 1) - this.#start(block);
      const unpacked = new BlockStore('', bytes);
      const fault = await this.#unpack(await packed, unpacked, block);
      const why = fault ?? (unpacked.size === bytes ? undefined : 'it gives another length than it should');
      if (why !== undefined) this.#losses.set(block, why);
      const store = why === undefined ? unpacked : NOTHING;
      this.#keep(block, Math.max(LEAST_COST, store.storedBytes));
      return store;
    } catch (error) {
      // The medium failed: the next read shall try again.
      this.#kept.delete(block);
      throw error;
    }
  }

  /** Drops the blocks that were not used for longest; those still on their way stay. */
  #keep(block: number, cost: number): void {
    this.#costs.set(block, cost);
    this.#cost += cost;
    for (const oldest of this.#kept.keys()) {
      if (this.#cost <= KEPT_BYTES) return;
      this.#cost -= this.#costs.get(oldest) ?? 0;
      if (this.#costs.delete(oldest)) this.#kept.delete(oldest);
    }
  }
}
