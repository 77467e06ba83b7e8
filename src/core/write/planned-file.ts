import type { Task } from '#core/base/task.ts';

/** Bytes and where in the file they belong. */
export interface FilePiece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A file to be written, without the means to: core knows no disk. What no piece covers is zeros, best left as a hole. */
export interface PlannedFile {
  /** Bytes of the whole file. */
  readonly size: number;
  /** Bytes that pieces cover. */
  readonly storedBytes: number;
  /** What is in it, what was left out, what could not be carried over: a sentence each. */
  readonly notes: readonly string[];
  /**
   * The pieces, ascending by offset, each at most some 4 MiB: memory stays small whatever the file.
   * @throws Cancelled, and what reading the dump throws.
   */
  pieces(task: Task): AsyncGenerator<FilePiece, void>;
}
