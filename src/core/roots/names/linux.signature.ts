/**
 * Linux, any version from 2.6 on: the kernel maps all memory in one piece, `mm_struct.pgd` is the address of the root in it, a task has
 * `mm` and `active_mm` side by side and its name in `comm` (include/linux/mm_types.h, include/linux/sched.h). All distances are learnt.
 */
import { commas, hex, virtualHex } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { type DirectMap, directMapOf, rootsOf } from './direct-map.ts';
import type { Gathering, NameableRoot, ProcessGuess, Signature, WordStretch } from './guess.ts';
import { COMM_BYTES, learnLayout, type TaskLayout } from './linux-layout.ts';
import { type Chosen, chosenTask, type NamedTask, namedTask, readTasks, sampleOf, type TaskPlace, taskPlaces, withoutCopies } from './linux-tasks.ts';
import { pgdOffset } from './pgd-offset.ts';
import { Pointers } from './pointers.ts';
import { isXens, scatteredMapsOf } from './scattered-map.ts';

export const linux: Signature = {
  async gather(image, roots, task) {
    const linear = directMapOf(roots, image.end);
    const scattered = linear && !isXens(linear) ? [] : await scatteredMapsOf(image, roots, task);
    const maps = scattered.length === 0 && linear ? [linear] : scattered;
    return maps.length === 0 ? undefined : new Together(maps.map((map) => new LinuxGathering(map, rootsOf(map, roots))));
  },
};

/** Bytes after a task's `mm` in which `comm` is looked for: it is 150 to 300 in kernels 2.6 to 6.12. Longer would reach the next task's in a slab. */
const TASK_BYTES = 0x600;
/** Tasks read at a time. */
const TOGETHER = 512;

/** The kernels of one image: a host's and its guests'. */
class Together implements Gathering {
  readonly #each: readonly Gathering[];

  constructor(each: readonly Gathering[]) {
    this.#each = each;
  }

  look(stretch: WordStretch): void {
    for (const one of this.#each) one.look(stretch);
  }

  async name(image: MemoryImage, task: Task): Promise<ReadonlyMap<NameableRoot, ProcessGuess>> {
    const named = new Map<NameableRoot, ProcessGuess>();
    for (const one of this.#each) for (const [root, guess] of await one.name(image, task)) named.set(root, guess);
    return named;
  }
}

class LinuxGathering implements Gathering {
  /** By offset in the map. */
  readonly #roots: ReadonlyMap<number, NameableRoot>;
  readonly #pointers: Pointers;

  constructor(map: DirectMap, roots: ReadonlyMap<number, NameableRoot>) {
    this.#roots = roots;
    this.#pointers = new Pointers(map, roots);
  }

  look(stretch: WordStretch): void {
    this.#pointers.look(stretch);
  }

  async name(image: MemoryImage, task: Task): Promise<ReadonlyMap<NameableRoot, ProcessGuess>> {
    const found = pgdOffset(this.#pointers);
    const places = found ? taskPlaces(this.#pointers.twins, found) : [];
    const layout = learnLayout(await readTasks(image, this.#pointers.map, sampleOf(places), TASK_BYTES), this.#pointers.map);
    if (!found || !layout) return new Map();
    const guesses = new Map<NameableRoot, ProcessGuess>();
    for (const [offset, tasks] of tasksByRoot(await namedTasks(image, this.#pointers.map, places, layout, task))) {
      const [root, chosen] = [this.#roots.get(offset), chosenTask(tasks)];
      if (root && chosen) guesses.set(root, guess(chosen, tasks.length, layout, this.#pointers.map));
    }
    return withPairs([...this.#roots.values()], guesses);
  }
}

async function namedTasks(
  image: MemoryImage,
  map: DirectMap,
  places: readonly TaskPlace[],
  layout: TaskLayout,
  task: Task,
): Promise<readonly NamedTask[]> {
  const named: NamedTask[] = [];
  for (let at = 0; at < places.length; at += TOGETHER) {
    task.check();
    const some = places.slice(at, at + TOGETHER);
    const read = await readTasks(image, map, some, layout.comm + COMM_BYTES);
    named.push(...some.flatMap((place, i) => namedTask(place, read[i]?.bytes ?? new Uint8Array(0), layout) ?? []));
  }
  return named;
}

function tasksByRoot(tasks: readonly NamedTask[]): ReadonlyMap<number, readonly NamedTask[]> {
  const byRoot = new Map<number, NamedTask[]>();
  for (const task of withoutCopies(tasks)) {
    const own = byRoot.get(task.root) ?? [];
    own.push(task);
    byRoot.set(task.root, own);
  }
  return byRoot;
}

function guess({ task, pid }: Chosen, tasks: number, { comm, processes }: TaskLayout, map: DirectMap): ProcessGuess {
  const { page, wordBytes } = map;
  const threads = tasks > 1 ? `, one of ${commas(tasks)} tasks` : '';
  const mm = virtualHex(page + Math.floor(task.mm / FRAME_BYTES), task.mm % FRAME_BYTES, wordBytes === 4 ? 32 : page < 2 ** 36 ? 48 : 57);
  const reason =
    `the name is at ${hex(map.addressOf(task.place + comm))}${threads}, its mm at ${hex(map.addressOf(task.place))} leads to the mm_struct at ${mm}, ` +
    `whose pgd is this root; ${commas(processes)} Linux processes are alike`;
  return { name: task.name, ...(pid !== undefined && { pid }), reason };
}

/** The user half of a pair goes by the name of the kernel half, which alone an mm_struct names. */
function withPairs(roots: readonly NameableRoot[], named: Map<NameableRoot, ProcessGuess>): ReadonlyMap<NameableRoot, ProcessGuess> {
  const byAddress = new Map(roots.map((root) => [root.address, root]));
  for (const root of roots) {
    const kernels = root.pair === undefined ? undefined : byAddress.get(root.pair);
    const other = kernels && !named.has(root) ? named.get(kernels) : undefined;
    if (other) named.set(root, { ...other, reason: `the user half of a pair (page-table isolation); of the other half: ${other.reason}` });
  }
  return named;
}
