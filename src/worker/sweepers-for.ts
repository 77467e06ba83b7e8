import { type Sweeper, SweeperLost } from '#core/roots/sweepers.ts';
import type { SweepersFor } from '#core/session/sweepers-for.ts';
import { type ReaderLine, startLine, type WorkerPort } from './line.ts';
import type { Given } from './protocol.ts';

/** Fewer bytes are swept before threads have started and their code has grown fast. */
const LEAST_BYTES = 2 ** 29;
/** Each holds some 60 MB, and the page may hold 300. Reading a file is the browser's work, of which more threads get no more. */
const THREADS = 2;
/** One is for the browser, that reads: with two, a search of 5.5 GiB by other workers took longer than without. */
const LEAST_PROCESSORS = 3;

/**
 * Workers of the same script that open the file anew and sweep parts of it. None where there is no file, or little to sweep: what is behind a
 * server is read once, by one.
 */
export const sweepersFor =
  (newPort: () => WorkerPort, given: Given): SweepersFor =>
  (options) =>
  (bytes, frames) => {
    if (given.kind !== 'file' || bytes < LEAST_BYTES || navigator.hardwareConcurrency < LEAST_PROCESSORS) return undefined;
    const lines = Array.from({ length: THREADS }, () => startLine(newPort(), () => undefined));
    return {
      all: lines.map((line) => sweeperOn(line, line.openToSweep(given, options), frames)),
      end: () => lines.forEach((line) => void line.end()),
    };
  };

/** @param opened How many frames this one holds. */
function sweeperOn(line: ReaderLine, opened: Promise<number>, frames: number): Sweeper {
  // Heard when the first part is asked for.
  opened.catch(() => undefined);
  return async (part) => {
    try {
      if ((await opened) !== frames) throw new Error('it holds another number of frames there');
      return await line.sweep(part);
    } catch (error) {
      // What the file itself is at fault for, the thread that searches meets too, and says.
      throw new SweeperLost(String(error), { cause: error });
    }
  };
}
