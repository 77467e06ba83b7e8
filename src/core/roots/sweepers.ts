import type { Part, SweptPart } from './sweep-part.ts';

/** Sweeps one part; in this thread or another. @throws Cancelled, what reading throws, or SweeperLost. */
export type Sweeper = (part: Part) => Promise<SweptPart>;

/** A sweeper can do no more, for whatever reason: its part is given to another, and at last to the thread that searches. */
export class SweeperLost extends Error {
  override readonly name = 'SweeperLost';
}

/** Sweepers in other threads, of one dump, for one search. */
export interface Sweepers {
  readonly all: readonly Sweeper[];
  /** Ends the threads; a part under way is lost. */
  end(): void;
}

/** Starts threads that open the same dump anew; undefined where that would be of no use. `bytes`: to be swept. `frames`: that the dump holds, on which all must agree. */
export type StartSweepers = (bytes: number, frames: number) => Sweepers | undefined;
