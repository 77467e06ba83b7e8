import { sweeperIn, threadsFor } from '#core/roots/sweepers.ts';
import type { SweepersFor } from '#core/session/sweepers-for.ts';
import { startLine, type WorkerPort } from './line.ts';
import type { Given } from './protocol.ts';

/** Each holds some 60 MB, and the page may hold 300. Reading a file is the browser's work, of which more threads get no more. */
const MOST_WORKERS = 2;

/**
 * Workers of the same script that open the file anew and sweep parts of it. None where there is no file, or little to sweep: what is behind a
 * server is read once, by one.
 */
export const sweepersFor =
  (newPort: () => WorkerPort, given: Given): SweepersFor =>
  (options) =>
  (bytes, frames) => {
    const workers = given.kind === 'file' ? threadsFor(bytes, navigator.hardwareConcurrency, MOST_WORKERS) : 0;
    if (workers === 0) return undefined;
    const lines = Array.from({ length: workers }, () => startLine(newPort(), () => undefined));
    return {
      all: lines.map((line) => sweeperIn(line.openToSweep(given, options), frames, (part) => line.sweep(part))),
      end: () => lines.forEach((line) => void line.end()),
    };
  };
