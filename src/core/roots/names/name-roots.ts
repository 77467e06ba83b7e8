import { bytesOfText } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { FrameClasses } from '#core/roots/frame-classes.ts';
import { notZero } from '#core/roots/not-zero.ts';
import { readStretches } from '#core/roots/read-stretches.ts';
import type { Gathering, NameableRoot, ProcessGuess, Signature } from './guess.ts';
import { linux } from './linux.signature.ts';
import { windows } from './windows.signature.ts';

const signatures: readonly Signature[] = [linux, windows];

/**
 * Guesses which process each root is of, from what the structures of an operating system look like: no symbols, no version. Reads the
 * image once more, unless no signature can tell anything of these roots. By root, one of those given; what it cannot tell is left out.
 * @param classes Of a search of this image, so that what is zero need not be read again; all is read where none was made.
 * @throws Cancelled when the task says so, or what reading throws.
 */
export async function nameRoots(
  image: MemoryImage,
  roots: readonly NameableRoot[],
  task: Task,
  classes = new FrameClasses(image.extents),
): Promise<ReadonlyMap<NameableRoot, ProcessGuess>> {
  const gatherings: Gathering[] = [];
  for (const signature of signatures) {
    const gathering = await signature.gather(image, roots, task);
    if (gathering) gatherings.push(gathering);
  }
  if (gatherings.length === 0) return new Map();
  const total = classes.held.count * FRAME_BYTES;
  for await (const { index, firstFrame, frames, words } of readStretches(image, notZero(classes))) {
    task.check();
    for (const gathering of gatherings) gathering.look({ start: firstFrame * FRAME_BYTES, words });
    const done = (index + frames) * FRAME_BYTES;
    task.report({ step: `Naming processes: ${bytesOfText(done, total)} read`, done, total });
  }
  for (const gathering of gatherings) {
    const names = await gathering.name(image, task);
    if (names.size > 0) return names;
  }
  return new Map();
}
