import { bytesText } from '#core/base/hex.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { memoryPieces } from './memory-pieces.ts';
import type { PlannedFile } from './planned-file.ts';
import { bytesIn, wholeContents } from './spans.ts';

/** Flat memory: byte n of the file is machine address n. What the dump does not hold becomes zeros, and is no longer told from them. */
export function rawFile(image: MemoryImage): PlannedFile {
  const { spans, absences } = wholeContents(image);
  const held = spans.filter(({ presence }) => presence === 'held');
  const filled = bytesIn(absences.filter(({ start }) => start < image.end));
  const assumed = bytesIn(spans.filter(({ presence }) => presence === 'assumed-zero'));
  return {
    size: image.end,
    storedBytes: bytesIn(held),
    notes: [
      ...(filled > 0 ? [`${bytesText(filled)} that the dump does not hold are zeros in this file, as holes: raw memory cannot say “absent”.`] : []),
      ...(assumed > 0 ? [`${bytesText(assumed)} that the text left out are zeros.`] : []),
    ],
    pieces: (task) =>
      memoryPieces(
        image,
        held.map(({ start, end }) => ({ start, length: end - start, offset: start })),
        task,
      ),
  };
}
