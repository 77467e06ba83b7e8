import type { WorkerPort } from './line.ts';

let spare: Worker | undefined;

const newWorker = () => new Worker(new URL('./dump.worker.ts', import.meta.url), { type: 'module', name: 'pagewalk reader' });

/** Starts a worker ahead of time, so that the first dump need not wait for one. */
export function keepSpareWorker(): void {
  spare ??= newWorker();
}

/** A worker of its own for one dump. */
export function startWorker(): WorkerPort {
  const worker = spare ?? newWorker();
  spare = undefined;
  return {
    endpoint: worker,
    terminate: () => worker.terminate(),
    onBroken(listener) {
      worker.addEventListener('error', (event) => listener(event.message || 'its code could not be loaded'));
      worker.addEventListener('messageerror', () => listener('a message could not be read'));
    },
  };
}
