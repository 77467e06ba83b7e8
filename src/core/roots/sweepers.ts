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

/** Fewer bytes are swept before threads have started and their code has grown fast. */
const LEAST_BYTES = 2 ** 29;

/**
 * Threads worth starting, at most `most`; 0 where one alone is quicker. One processor is for reading and for merging what they find: on two, others
 * take longer than this thread does.
 */
export function threadsFor(bytes: number, processors: number, most: number): number {
  const others = Math.min(most, processors - 1);
  return bytes < LEAST_BYTES || others < 2 ? 0 : others;
}

/**
 * A sweeper in a thread that opens the dump for itself.
 * @param opened How many frames it holds there. @param frames How many it holds here: a thread that counts others sees another file.
 */
export function sweeperIn(opened: Promise<number>, frames: number, sweep: Sweeper): Sweeper {
  // Heard when the first part is asked for.
  opened.catch(() => undefined);
  return async (part) => {
    try {
      if ((await opened) !== frames) throw new Error('it holds another number of frames there');
      return await sweep(part);
    } catch (error) {
      // What the file itself is at fault for, the thread that searches meets too, and says.
      throw new SweeperLost(String(error), { cause: error });
    }
  };
}
