/**
 * Linux, any version from 2.6 on: the kernel maps all memory in one piece, `mm_struct.pgd` is the address of the root in it, a task has
 * `mm` and `active_mm` side by side and its name in `comm` (include/linux/mm_types.h, include/linux/sched.h). All distances are learnt.
 */
import { commas, hex } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { directMapOf, rootsOf } from './direct-map.ts';
import type { Gathering, NameableRoot, ProcessGuess, Signature, WordStretch } from './guess.ts';
import { COMM_BYTES, learnLayout, type TaskLayout } from './linux-layout.ts';
import { type Chosen, chosenTask, type NamedTask, namedTask, readTasks, sampleOf, type TaskPlace, taskPlaces, withoutCopies } from './linux-tasks.ts';
import { pgdOffset } from './pgd-offset.ts';
import { Pointers } from './pointers.ts';

export const linux: Signature = {
  gather(roots, end) {
    const map = directMapOf(roots, end);
    if (!map) return undefined;
    const own = rootsOf(map, roots);
    return new LinuxGathering(own, new Pointers(map, new Set(own.keys())));
  },
};

/** Bytes after a task's `mm` in which `comm` is looked for: it is 150 to 300 in kernels 2.6 to 6.12. Longer would reach the next task's in a slab. */
const TASK_BYTES = 0x600;
/** Tasks read at a time. */
const TOGETHER = 512;

class LinuxGathering implements Gathering {
  readonly #roots: ReadonlyMap<number, NameableRoot>;
  readonly #pointers: Pointers;

  constructor(roots: ReadonlyMap<number, NameableRoot>, pointers: Pointers) {
    this.#roots = roots;
    this.#pointers = pointers;
  }

  look(stretch: WordStretch): void {
    this.#pointers.look(stretch);
  }

  async name(image: MemoryImage, task: Task): Promise<ReadonlyMap<NameableRoot, ProcessGuess>> {
    const found = pgdOffset(this.#pointers);
    const places = found ? taskPlaces(this.#pointers.twins, found) : [];
    const layout = learnLayout(await readTasks(image, sampleOf(places), TASK_BYTES), this.#pointers.map);
    if (!found || !layout) return new Map();
    const named = withPairs(this.#roots, guesses(await namedTasks(image, places, layout, task), layout));
    return byRoot(this.#roots, named);
  }
}

function byRoot(roots: ReadonlyMap<number, NameableRoot>, named: ReadonlyMap<number, ProcessGuess>): ReadonlyMap<NameableRoot, ProcessGuess> {
  const found = new Map<NameableRoot, ProcessGuess>();
  for (const [address, root] of roots) {
    const guess = named.get(address);
    if (guess) found.set(root, guess);
  }
  return found;
}

async function namedTasks(image: MemoryImage, places: readonly TaskPlace[], layout: TaskLayout, task: Task): Promise<readonly NamedTask[]> {
  const named: NamedTask[] = [];
  for (let at = 0; at < places.length; at += TOGETHER) {
    task.check();
    const some = places.slice(at, at + TOGETHER);
    const read = await readTasks(image, some, layout.comm + COMM_BYTES);
    named.push(...some.flatMap((place, i) => namedTask(place, read[i]?.bytes ?? new Uint8Array(0), layout) ?? []));
  }
  return named;
}

function guesses(tasks: readonly NamedTask[], layout: TaskLayout): Map<number, ProcessGuess> {
  const tasksOf = new Map<number, NamedTask[]>();
  for (const task of withoutCopies(tasks)) {
    const own = tasksOf.get(task.root) ?? [];
    own.push(task);
    tasksOf.set(task.root, own);
  }
  const named = new Map<number, ProcessGuess>();
  for (const [root, own] of tasksOf) {
    const chosen = chosenTask(own);
    if (chosen) named.set(root, guess(chosen, own.length, layout));
  }
  return named;
}

function guess({ task, pid }: Chosen, tasks: number, { comm, processes }: TaskLayout): ProcessGuess {
  const threads = tasks > 1 ? `, one of ${commas(tasks)} tasks` : '';
  const reason =
    `the name is at ${hex(task.place + comm)}${threads}, its mm at ${hex(task.place)} leads to the mm_struct at ${hex(task.mm)}, ` +
    `whose pgd is this root; ${commas(processes)} Linux processes are alike`;
  return { name: task.name, ...(pid !== undefined && { pid }), reason };
}

/** The user half of a pair goes by the name of the kernel half, which alone an mm_struct names. */
function withPairs(roots: ReadonlyMap<number, NameableRoot>, named: Map<number, ProcessGuess>): ReadonlyMap<number, ProcessGuess> {
  for (const { address, pair } of roots.values()) {
    const other = pair === undefined || named.has(address) ? undefined : named.get(pair);
    if (other) named.set(address, { ...other, reason: `the user half of a pair (page-table isolation); of the other half: ${other.reason}` });
  }
  return named;
}
