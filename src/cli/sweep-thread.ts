import { parentPort, workerData } from 'node:worker_threads';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { HeldFrames } from '#core/roots/held-frames.ts';
import { ReadingRoom } from '#core/roots/read-stretches.ts';
import { buffersOf, type Part, type SweptPart, sweepPart } from '#core/roots/sweep-part.ts';
import type { OpenOptions } from '#core/session/contract.ts';
import { asOneDump, openFile } from './node-byte-source.ts';

/** What a thread that sweeps is given. */
export interface SweepWork {
  /** Of the dump, and of the file that belongs to it. */
  readonly paths: readonly string[];
  readonly options: OpenOptions;
}

/** What a thread says: once how many frames the dump holds, then each part that it was asked for. */
export type SweepAnswer = number | SweptPart;

/** The whole of a thread that sweeps parts of a dump for roots: it opens the files anew. What throws here ends the thread, and is heard outside. */
export async function sweepForParent(): Promise<void> {
  const { paths, options } = workerData as SweepWork;
  const { image } = (await openDump(asOneDump(await Promise.all(paths.map((path) => openFile(path)))), quietTask, options)).dump;
  const held = new HeldFrames(image.extents);
  const room = new ReadingRoom();
  parentPort?.on('message', async (part: Part) => {
    const swept = await sweepPart(image, held, part, room, quietTask);
    parentPort?.postMessage(swept satisfies SweepAnswer, buffersOf(swept));
  });
  parentPort?.postMessage(held.count satisfies SweepAnswer);
}
