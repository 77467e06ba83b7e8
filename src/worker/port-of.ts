import type { WorkerPort } from './line.ts';

/** A worker as those who hold it need it. */
export function portOf(worker: Worker): WorkerPort {
  return {
    endpoint: worker,
    terminate: () => worker.terminate(),
    onBroken(listener) {
      worker.addEventListener('error', (event) => listener(event.message || 'its code could not be loaded'));
      worker.addEventListener('messageerror', () => listener('a message could not be read'));
    },
  };
}
