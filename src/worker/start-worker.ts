import type { WorkerPort } from './line.ts';
import { portOf } from './port-of.ts';
import type { Given } from './protocol.ts';

let spare: Worker | undefined;

const newWorker = () => new Worker(new URL('./dump.worker.ts', import.meta.url), { type: 'module', name: 'pagewalk reader' });

/** Starts a worker ahead of time, so that the first dump need not wait for one. */
export function keepSpareWorker(): void {
  spare ??= newWorker();
}

const newRemoteWorker = () => new Worker(new URL('./remote.worker.ts', import.meta.url), { type: 'module', name: 'pagewalk remote reader' });

/** A worker of its own for one dump; only one that may ask other hosts reads an image behind a server. */
export function startWorker(given: Given): WorkerPort {
  return portOf(given.kind === 'remote' ? newRemoteWorker() : takeSpare());
}

function takeSpare(): Worker {
  const worker = spare ?? newWorker();
  spare = undefined;
  return worker;
}
