import { quietTask } from '#core/base/task.ts';
import type { PlannedFile } from '#core/write/planned-file.ts';

/** The bytes of a file that would be written; its pieces must ascend, be disjoint, and lie within it. */
export async function writtenBytes(plan: PlannedFile): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(plan.size);
  let next = 0;
  let stored = 0;
  for await (const piece of plan.pieces(quietTask)) {
    if (piece.offset < next || piece.offset + piece.bytes.length > plan.size) throw new Error(`a piece at ${piece.offset} is out of place`);
    bytes.set(piece.bytes, piece.offset);
    next = piece.offset + piece.bytes.length;
    stored += piece.bytes.length;
  }
  if (stored !== plan.storedBytes) throw new Error(`${stored} bytes were stored, ${plan.storedBytes} promised`);
  return bytes;
}
