import type { Task } from '#core/base/task.ts';
import { machineAddress } from '#core/memory/address.ts';
import type { MachineRange, MemoryImage } from '#core/memory/memory-image.ts';
import type { FilePiece } from './planned-file.ts';

/** Held memory and where in the file it goes. */
export interface PlacedSpan {
  readonly start: number;
  readonly length: number;
  readonly offset: number;
}

/** Read at a time. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** Small spans are read together, that many at most. */
const BATCH_SPANS = 4096;

/** The bytes of held memory as pieces of a file; what the dump fails to give after all is zeros. */
export async function* memoryPieces(image: MemoryImage, spans: readonly PlacedSpan[], task: Task): AsyncGenerator<FilePiece, void> {
  const total = spans.reduce((sum, { length }) => sum + length, 0);
  let done = 0;
  for (const batch of batches(spans)) {
    task.check();
    task.report({ step: 'writing', done, total });
    const ranges = batch.map(({ start, length }): MachineRange => ({ start: machineAddress(start), length }));
    for (const [index, { bytes }] of (await image.read(ranges)).entries()) yield { offset: batch[index]?.offset ?? 0, bytes };
    done += batch.reduce((sum, { length }) => sum + length, 0);
  }
  task.report({ step: 'writing', done: total, total });
}

/** Spans cut and gathered so that each batch is some 4 MiB at most. */
function* batches(spans: readonly PlacedSpan[]): Generator<PlacedSpan[], void> {
  let batch: PlacedSpan[] = [];
  let room = BATCH_BYTES;
  for (const span of spans) {
    for (let from = 0; from < span.length; ) {
      const length = Math.min(room, span.length - from);
      batch.push({ start: span.start + from, length, offset: span.offset + from });
      from += length;
      room -= length;
      if (room > 0 && batch.length < BATCH_SPANS) continue;
      yield batch;
      batch = [];
      room = BATCH_BYTES;
    }
  }
  if (batch.length > 0) yield batch;
}
