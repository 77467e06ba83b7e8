import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Part, SweptPart } from '#core/roots/sweep-part.ts';
import { type StartSweepers, type Sweeper, SweeperLost } from '#core/roots/sweepers.ts';
import type { SweepAnswer, SweepWork } from './sweep-thread.ts';

/** Fewer bytes are swept before threads have started and their code has grown fast. */
const LEAST_BYTES = 2 ** 29;
const MOST_THREADS = 8;

/** Threads that run `script` (which calls `sweepForParent` there); none for what is behind a server: it would be fetched more than once. */
export function sweepThreads(script: URL, work: SweepWork, processors = availableParallelism()): StartSweepers {
  const isHere = !work.paths.some((path) => /^https?:/i.test(path));
  // One processor is for merging what they find; two threads on two processors take longer than one does.
  const many = Math.min(MOST_THREADS, processors - 1);
  return (bytes, frames) => {
    if (!isHere || bytes < LEAST_BYTES || many < 2) return undefined;
    const threads = Array.from({ length: many }, () => new Worker(script, { workerData: work }));
    return { all: threads.map((thread) => sweeperIn(thread, frames)), end: () => threads.forEach((thread) => void thread.terminate()) };
  };
}

/** @param frames That the dump holds: a thread that counts others sees another file. */
function sweeperIn(thread: Worker, frames: number): Sweeper {
  const opened = nextAnswer(thread);
  // Heard when the first part is asked for.
  opened.catch(() => undefined);
  return async (part: Part) => {
    if ((await opened) !== frames) throw new SweeperLost('it holds another number of frames there');
    const swept = nextAnswer(thread);
    thread.postMessage(part);
    return (await swept) as SweptPart;
  };
}

/** One question is asked at a time. @throws SweeperLost where the thread ends. */
function nextAnswer(thread: Worker): Promise<SweepAnswer> {
  return new Promise((resolve, reject) => {
    const listeners = {
      message: (answer: SweepAnswer) => settle(() => resolve(answer)),
      error: (error: Error) => settle(() => reject(new SweeperLost(error.message, { cause: error }))),
      exit: () => settle(() => reject(new SweeperLost('the thread ended'))),
    };
    const settle = (how: () => void): void => {
      for (const [name, listener] of Object.entries(listeners)) thread.off(name, listener);
      how();
    };
    for (const [name, listener] of Object.entries(listeners)) thread.on(name, listener);
    // One that has ended says nothing any more, and has no number (Node, worker_threads, threadId).
    if (thread.threadId < 0) listeners.exit();
  });
}
