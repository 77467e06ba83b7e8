import type { Problem } from '#core/base/problem.ts';
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

/** What is wrapped, seen through: bytes are found (and unpacked) when they are asked for. */
export interface View {
  readonly source: ByteSource;
  readonly breakage?: Breakage;
  /** It had to be inflated, and there was no room for all. */
  readonly isFull?: boolean;
  /** What else is to be told. */
  readonly problems?: readonly Problem[];
}

/** Of a part that is unpacked whole for a look at one of its bytes; larger ones would cost too much each time. */
export const MOST_VIEWED_BYTES = 32 * 1024 * 1024;

/** One way of wrapping a whole file: one file `NAME.wrapper.ts` in this folder, its default export; `unwrap.ts` gathers them. */
export type Wrapper = {
  readonly id: string;
  recognise(head: Uint8Array): boolean;
} & (
  | {
      /** Inflates until the end, a breakage, or until the store is full. Loads its decoder when first called. @throws Cancelled */
      inflate(input: SequentialReader, output: BlockStore): Promise<Breakage | undefined>;
      /** Where its parts can be had each by itself, finds where they lie; undefined where not: then it is inflated. @throws Cancelled */
      view?(source: ByteSource, task: Task, room: number): Promise<View | undefined>;
    }
  | {
      /** For what can always be had so, or is a container of several files. `room`: bytes that may be stored. @throws Cancelled */
      view(source: ByteSource, task: Task, room: number): Promise<View>;
    }
);
