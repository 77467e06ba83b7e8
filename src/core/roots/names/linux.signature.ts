/**
 * Linux, any version from 2.6 on: the kernel maps all memory in one piece, `mm_struct.pgd` is the address of the root in it, a task has
 * `mm` and `active_mm` side by side and its name in `comm` (include/linux/mm_types.h, include/linux/sched.h). All distances are learnt.
 */
import { commas, hex } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { pagingMode } from '#core/paging/modes.ts';
import { directMapOf } from './direct-map.ts';
import type { Gathering, NameableRoot, ProcessGuess, Signature, WordStretch } from './guess.ts';
import { COMM_BYTES, learnLayout, type TaskLayout } from './linux-layout.ts';
import { type Chosen, chosenTask, type NamedTask, namedTask, readTasks, sampleOf, type TaskPlace, taskPlaces } from './linux-tasks.ts';
import { type PgdOffset, pgdOffset } from './pgd-offset.ts';
import { Pointers } from './pointers.ts';

export const linux: Signature = {
  gather(roots, end) {
    const map = directMapOf(roots, end);
    if (!map) return undefined;
    const bits = map.wordBytes * 8;
    const own = roots.filter(({ mode, verified }) => verified && (pagingMode(mode).virtualBits === 32) === (bits === 32));
    return new LinuxGathering(own, new Pointers(map, new Set(own.map(({ address }) => address))));
  },
};

/** Bytes after a task's `mm` in which `comm` is looked for: it is 150 to 300 in kernels 2.6 to 6.12. Longer would reach the next task's in a slab. */
const TASK_BYTES = 0x600;
/** Tasks read at a time. */
const TOGETHER = 512;

class LinuxGathering implements Gathering {
  readonly #roots: readonly NameableRoot[];
  readonly #pointers: Pointers;

  constructor(roots: readonly NameableRoot[], pointers: Pointers) {
    this.#roots = roots;
    this.#pointers = pointers;
  }

  look(stretch: WordStretch): void {
    this.#pointers.look(stretch);
  }

  async name(image: MemoryImage, task: Task): Promise<ReadonlyMap<number, ProcessGuess>> {
    const found = pgdOffset(this.#pointers);
    const places = found ? taskPlaces(this.#pointers.twins, found) : [];
    const layout = learnLayout(await readTasks(image, sampleOf(places), TASK_BYTES), this.#pointers.map);
    if (!found || !layout) return new Map();
    return withPairs(this.#roots, guesses(await namedTasks(image, places, layout, task), found, layout));
  }
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

function guesses(tasks: readonly NamedTask[], found: PgdOffset, layout: TaskLayout): Map<number, ProcessGuess> {
  const byRoot = new Map<number, NamedTask[]>();
  for (const task of tasks) byRoot.set(task.root, [...(byRoot.get(task.root) ?? []), task]);
  const named = new Map<number, ProcessGuess>();
  for (const [root, own] of byRoot) {
    const chosen = chosenTask(own);
    if (chosen) named.set(root, guess(chosen, own.length, found, layout));
  }
  return named;
}

function guess({ task, pid }: Chosen, tasks: number, { offset }: PgdOffset, { comm, processes }: TaskLayout): ProcessGuess {
  const threads = tasks > 1 ? `, one of ${commas(tasks)} that share it` : '';
  const reason =
    `a Linux task${threads} has its mm at ${hex(task.place)} and this name ${hex(comm)} bytes further; ` +
    `the mm_struct is at ${hex(task.mm)} and names this root ${hex(offset)} bytes in; ${commas(processes)} processes are laid out alike`;
  return { name: task.name, ...(pid !== undefined && { pid }), reason };
}

/** The user half of a pair goes by the name of the kernel half, which alone an mm_struct names. */
function withPairs(roots: readonly NameableRoot[], named: Map<number, ProcessGuess>): ReadonlyMap<number, ProcessGuess> {
  for (const { address, pair } of roots) {
    const other = pair === undefined || named.has(address) ? undefined : named.get(pair);
    if (other) named.set(address, { ...other, reason: `the user half of a pair (page-table isolation); of the other half: ${other.reason}` });
  }
  return named;
}
