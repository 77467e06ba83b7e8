import { FRAME_BYTES, machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { type EntryShape, isPresent } from '#core/paging/entry.ts';
import { mfnOf, type PfnByMfn, pfnOf } from './frame-numbers.ts';
import { frameIn } from './held-frame.ts';
import type { PfnAudit, PfnAuditInput } from './pfn-audit.ts';

/** Frames read to see whether they are tables. */
const MOST_READ = 256;

/** Looks into the frames that entries would name if what they hold were turned into MFNs: a page table there is a reason to believe it. */
export async function confirmTables(image: MemoryImage, input: PfnAuditInput, { runs }: PfnAudit): Promise<void> {
  const rows: number[] = [];
  for (let row = 0; row < runs.count && rows.length < MOST_READ; row++) {
    const { namesTable, reason } = runs.at(row);
    if (namesTable && reason === 'number') rows.push(row);
  }
  const frames = rows.map((row) => mfnOf(input.p2m, runs.at(row).pfn) ?? 0);
  const pieces = await image.read(frames.map((frame) => ({ start: machineAddress(frame * FRAME_BYTES), length: FRAME_BYTES })));
  rows.forEach((row, at) => {
    const piece = pieces[at];
    const shape = input.forest.shapes[runs.at(row).level + 1];
    if (shape && piece?.presence.every(({ presence }) => presence === 'held') && isTable(input.pfns, shape, piece.bytes))
      runs.strengthen(row, 'table');
  });
}

/** True where nine of ten present entries lead to frames of the guest's. */
function isTable(pfns: PfnByMfn, shape: EntryShape, bytes: Uint8Array): boolean {
  const words = new Uint32Array(bytes.slice().buffer);
  let [present, own] = [0, 0];
  for (let slot = 0; slot * shape.words < words.length; slot++) {
    if (!isPresent(words[slot * shape.words] ?? 0)) continue;
    present++;
    if (pfnOf(pfns, frameIn(shape, words, slot)) !== undefined) own++;
  }
  return present > 0 && own >= present * 0.9;
}
