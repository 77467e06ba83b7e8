/**
 * Windows, XP to 11: a process object begins with a dispatcher header of type 3, then an empty list, then DirectoryTableBase (KPROCESS:
 * 18 and 28 on 64-bit, 10 and 18 on 32-bit). Where its number and its name lie (EPROCESS: UniqueProcessId before ActiveProcessLinks,
 * ImageFileName) is learnt, from System, which is process 4, on.
 */
import { commas, hex } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import { machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { AGREEING, directMapOf } from './direct-map.ts';
import type { Gathering, NameableRoot, ProcessGuess, Signature, WordStretch } from './guess.ts';
import { nameLength, nameText } from './process-name.ts';
import { ProcessObjects } from './process-objects.ts';
import { learnObjects, NAME_BYTES, type ObjectBytes, type ObjectLayout, pidAt } from './windows-layout.ts';

export const windows: Signature = {
  /** Not where a kernel maps all memory in order: Windows does not. */
  async gather(image, roots) {
    const own = roots.filter(({ verified }) => verified);
    if (own.length < AGREEING || directMapOf(roots, image.end)) return undefined;
    const narrow = own.filter(({ mode }) => pagingMode(mode).virtualBits === 32);
    const wordBytes = narrow.length * 2 > own.length ? 4 : 8;
    const likely = wordBytes === 4 ? narrow : own.filter((root) => !narrow.includes(root));
    return likely.length < AGREEING ? undefined : new WindowsGathering(likely, wordBytes);
  },
};

/** Of a process object: ImageFileName lies 174 to 5a8 bytes in. */
const OBJECT_BYTES = 0x800;

class WindowsGathering implements Gathering {
  readonly #roots: ReadonlyMap<number, NameableRoot>;
  readonly #objects: ProcessObjects;
  readonly #wordBytes: 4 | 8;

  constructor(roots: readonly NameableRoot[], wordBytes: 4 | 8) {
    this.#roots = new Map([...roots].reverse().map((root) => [root.address, root]));
    this.#objects = new ProcessObjects(this.#roots, wordBytes);
    this.#wordBytes = wordBytes;
  }

  look(stretch: WordStretch): void {
    this.#objects.look(stretch);
  }

  async name(image: MemoryImage, task: Task): Promise<ReadonlyMap<NameableRoot, ProcessGuess>> {
    task.check();
    const places = this.#objects.found;
    const pieces = await image.read(places.map(({ place }) => ({ start: machineAddress(place), length: OBJECT_BYTES })));
    const objects = places.map((object, i) => ({ ...object, bytes: pieces[i]?.bytes ?? new Uint8Array(OBJECT_BYTES) }));
    const layout = learnObjects(objects, this.#wordBytes);
    return layout ? this.#guesses(objects, layout) : new Map();
  }

  /** A root that two processes claim has none: one of them has ended, and which is not told. */
  #guesses(objects: readonly ObjectBytes[], layout: ObjectLayout): ReadonlyMap<NameableRoot, ProcessGuess> {
    const named = new Map<NameableRoot, ProcessGuess>();
    const refused = new Set<NameableRoot>();
    for (const object of objects) {
      const root = this.#roots.get(object.root);
      const guess = guessOf(object, layout);
      if (!root || !guess) continue;
      if ((named.get(root)?.pid ?? guess.pid) !== guess.pid) refused.add(root);
      named.set(root, guess);
    }
    for (const root of refused) named.delete(root);
    return named;
  }
}

/** Undefined where it shows no number and name: the idle process has the number 0. */
function guessOf({ place, bytes }: ObjectBytes, layout: ObjectLayout): ProcessGuess | undefined {
  const pid = pidAt(bytes, layout.pid, layout.wordBytes);
  const length = nameLength(bytes, layout.name, NAME_BYTES);
  if (pid === undefined || length === 0) return undefined;
  const reason =
    `the name is at ${hex(place + layout.name)}, in a process object at ${hex(place)} whose DirectoryTableBase is this root; ` +
    `${commas(layout.processes)} Windows processes are alike, System among them`;
  return { name: nameText(bytes.subarray(layout.name, layout.name + length)), pid, reason };
}
