import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SweptPart } from '#core/roots/sweep-part.ts';
import { type StartSweepers, type Sweeper, sweeperIn, threadsFor } from '#core/roots/sweepers.ts';
import { isAddress } from './node-byte-source.ts';
import type { SweepAnswer, SweepWork } from './sweep-thread.ts';

const MOST_THREADS = 8;

/** Threads that run `script` (which calls `sweepForParent` there); none for what is behind a server: it would be fetched more than once. */
export function sweepThreads(script: URL, work: SweepWork, processors = availableParallelism()): StartSweepers {
  const isHere = !work.paths.some(isAddress);
  return (bytes, frames) => {
    const many = isHere ? threadsFor(bytes, processors, MOST_THREADS) : 0;
    if (many === 0) return undefined;
    const threads = Array.from({ length: many }, () => new Worker(script, { workerData: work }));
    return { all: threads.map((thread) => sweeperOn(thread, frames)), end: () => threads.forEach((thread) => void thread.terminate()) };
  };
}

/** The first answer tells how many frames the dump holds there. */
function sweeperOn(thread: Worker, frames: number): Sweeper {
  const opened = nextAnswer(thread) as Promise<number>;
  return sweeperIn(opened, frames, (part) => {
    const swept = nextAnswer(thread) as Promise<SweptPart>;
    thread.postMessage(part);
    return swept;
  });
}

/** One question is asked at a time. @throws where the thread ends. */
function nextAnswer(thread: Worker): Promise<SweepAnswer> {
  return new Promise((resolve, reject) => {
    const listeners = {
      message: (answer: SweepAnswer) => settle(() => resolve(answer)),
      error: (error: Error) => settle(() => reject(error)),
      exit: () => settle(() => reject(new Error('the thread ended'))),
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
