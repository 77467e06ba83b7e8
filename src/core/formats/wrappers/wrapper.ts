import type { Task } from '#core/base/task.ts';
import type { BlockStore } from '#core/memory/block-store.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import type { SequentialReader } from '#core/memory/sequential-reader.ts';

/** Where a wrapped stream stops making sense. What came before it was inflated. */
export interface Breakage {
  readonly fileOffset: number;
  /** "it ends within a block", "bad block type": continues a sentence. */
  readonly reason: string;
}

/** What is wrapped, seen through: bytes are found when they are asked for, none are kept. */
export interface View {
  readonly source: ByteSource;
  readonly breakage?: Breakage;
}

/** One way of wrapping a whole file: one file `NAME.wrapper.ts` in this folder, its default export; `unwrap.ts` gathers them. */
export type Wrapper = {
  readonly id: string;
  recognise(head: Uint8Array): boolean;
} & (
  | {
      /** Inflates until the end, a breakage, or until the store is full. Loads its decoder when first called. @throws Cancelled */
      inflate(input: SequentialReader, output: BlockStore): Promise<Breakage | undefined>;
    }
  | {
      /** For what can be read at any place: finds where its parts lie. @throws Cancelled */
      view(source: ByteSource, task: Task): Promise<View>;
    }
);
