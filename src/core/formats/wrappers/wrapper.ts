import type { BlockStore } from '#core/memory/block-store.ts';
import type { SequentialReader } from '#core/memory/sequential-reader.ts';

/** Where a wrapped stream stops making sense. What came before it was inflated. */
export interface Breakage {
  readonly fileOffset: number;
  /** "it ends within a block", "bad block type": continues a sentence. */
  readonly reason: string;
}

/** One way of wrapping a whole file: one file `NAME.wrapper.ts` in this folder, its default export; `unwrap.ts` gathers them. */
export interface Wrapper {
  readonly id: string;
  recognise(head: Uint8Array): boolean;
  /** Inflates until the end, a breakage, or until the store is full. Loads its decoder when first called. @throws Cancelled */
  inflate(input: SequentialReader, output: BlockStore): Promise<Breakage | undefined>;
}
