import { bytesOfText } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { NameableRoot, ProcessGuess, Signature } from './guess.ts';
import { linux } from './linux.signature.ts';
import { heldBytes, readAll } from './read-all.ts';
import { windows } from './windows.signature.ts';

const signatures: readonly Signature[] = [linux, windows];

/**
 * Guesses which process each root is of, from what the structures of an operating system look like: no symbols, no version. Reads the
 * image once more, unless no signature can tell anything of these roots. By root, one of those given; what it cannot tell is left out.
 * @throws Cancelled when the task says so, or what reading throws.
 */
export async function nameRoots(image: MemoryImage, roots: readonly NameableRoot[], task: Task): Promise<ReadonlyMap<NameableRoot, ProcessGuess>> {
  const gatherings = signatures.flatMap((signature) => signature.gather(roots, image.end) ?? []);
  if (gatherings.length === 0) return new Map();
  const total = heldBytes(image);
  let done = 0;
  for await (const stretch of readAll(image)) {
    task.check();
    for (const gathering of gatherings) gathering.look(stretch);
    done += stretch.words.length * 4;
    task.report({ step: `Naming processes: ${bytesOfText(done, total)} read`, done, total });
  }
  for (const gathering of gatherings) {
    const names = await gathering.name(image, task);
    if (names.size > 0) return names;
  }
  return new Map();
}
