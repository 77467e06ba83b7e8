import type { Task } from '#core/base/task.ts';
import { FRAME_BYTES, machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { isHypercallPage } from './hypercall-page.ts';
import { parseStartInfo, type StartInfo } from './start-info.ts';

/** Pages by which a Xen guest is known. */
export interface Landmarks {
  readonly startInfo?: StartInfo;
  readonly hypercallFrame?: number;
}

/** Frames looked at together. */
const BATCH = 1024;

/** The first start_info and hypercall page among the frames; the search ends when `all` wanted are found. Absent frames are passed over. */
export async function findLandmarks(image: MemoryImage, frames: readonly number[] | Uint32Array, task: Task, all = false): Promise<Landmarks> {
  let startInfo: StartInfo | undefined;
  let hypercallFrame: number | undefined;
  const isDone = (): boolean => startInfo !== undefined && (!all || hypercallFrame !== undefined);
  for (let from = 0; from < frames.length && !isDone(); from += BATCH) {
    task.check();
    task.report({ step: 'looking for start_info', done: from, total: frames.length });
    const batch = Array.from(frames.slice(from, from + BATCH));
    const pieces = await image.read(batch.map((frame) => ({ start: machineAddress(frame * FRAME_BYTES), length: FRAME_BYTES })));
    for (const [index, { bytes }] of pieces.entries()) {
      const frame = batch[index] ?? 0;
      startInfo ??= parseStartInfo(frame, bytes);
      hypercallFrame ??= all && isHypercallPage(bytes) ? frame : undefined;
    }
  }
  return { ...(startInfo && { startInfo }), ...(hypercallFrame !== undefined && { hypercallFrame }) };
}
