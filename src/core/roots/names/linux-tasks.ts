import { FRAME_BYTES, MACHINE_END, machineAddress } from '#core/memory/address.ts';
import type { MachineRange, MemoryImage } from '#core/memory/memory-image.ts';
import type { DirectMap } from './direct-map.ts';
import { COMM_BYTES, isPid, pidsAt, type TaskBytes, type TaskLayout } from './linux-layout.ts';
import type { PgdOffset } from './pgd-offset.ts';
import type { PlaceColumns } from './place-columns.ts';
import { nameLength, nameText, plainNameLength } from './process-name.ts';

/** Where a task's `mm` may be, and the mm_struct and the root that it would lead to: offsets in the map. */
export interface TaskPlace {
  readonly place: number;
  readonly mm: number;
  readonly root: number;
}

/** A task that shows the layout. */
export interface NamedTask extends TaskPlace {
  readonly name: string;
  /** Undefined where the layout does not tell. */
  readonly pids: { readonly pid: number; readonly tgid: number } | undefined;
}

/** No image reaches it. */
const BEYOND = MACHINE_END - FRAME_BYTES;
/** Tasks looked at: a large server's threads. */
const MOST_TASKS = 2 ** 15;

/** Twins that point at an mm_struct of a root. */
export function taskPlaces(twins: PlaceColumns, { mms }: PgdOffset): readonly TaskPlace[] {
  const found: TaskPlace[] = [];
  for (let at = 0; at < twins.count && found.length < MOST_TASKS; at++) {
    const mm = twins.value(at);
    const root = mms.get(mm);
    if (root !== undefined) found.push({ place: twins.place(at), mm, root });
  }
  return found;
}

/** Places of each root that are learnt from: most processes have one task, and what else looks like one are remains on stacks. */
const SAMPLED_EACH = 8;
const SAMPLED = 2048;

/** The first places of each root. */
export function sampleOf(places: readonly TaskPlace[]): readonly TaskPlace[] {
  const taken = new Map<number, number>();
  const sample = places.filter(({ root }) => {
    taken.set(root, (taken.get(root) ?? 0) + 1);
    return (taken.get(root) ?? 0) <= SAMPLED_EACH;
  });
  return sample.slice(0, SAMPLED);
}

/** What lies at each place and after it; pages that follow one another in the map may lie anywhere. */
export async function readTasks(image: MemoryImage, map: DirectMap, places: readonly TaskPlace[], length: number): Promise<readonly TaskBytes[]> {
  const ranges = places.flatMap(({ place }) => pieces(map, place, length));
  const read = (await image.read(ranges)).values();
  return places.map(({ place, mm }) => {
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces(map, place, length)) {
      bytes.set(read.next().value?.bytes ?? [], at);
      at += piece.length;
    }
    return { mm, bytes };
  });
}

/** A page that is not there gives zeros, as what lies beyond memory does. */
function pieces(map: DirectMap, place: number, length: number): readonly MachineRange[] {
  const ranges: MachineRange[] = [];
  for (let at = place; at < place + length; ) {
    const end = Math.min(place + length, (Math.floor(at / FRAME_BYTES) + 1) * FRAME_BYTES);
    const address = map.addressOf(at);
    ranges.push({ start: machineAddress(address < 0 ? BEYOND : address), length: end - at });
    at = end;
  }
  return ranges;
}

/** The task at a place; undefined where what lies there does not show the layout. */
export function namedTask(place: TaskPlace, bytes: Uint8Array, { comm, pid }: TaskLayout): NamedTask | undefined {
  const pids = pid === undefined ? undefined : pidsAt(bytes, pid);
  if (pids && !(isPid(pids.pid) && isPid(pids.tgid))) return undefined;
  // With right pids a name may be of any bytes; without, it must look like one.
  const length = (pids ? nameLength : plainNameLength)(bytes, comm, COMM_BYTES);
  return length === 0 ? undefined : { ...place, name: nameText(bytes.subarray(comm, comm + length)), pids };
}

/** A task may be there twice where memory holds a copy of itself: in a cache of files, or a suspended image. */
export function withoutCopies(tasks: readonly NamedTask[]): readonly NamedTask[] {
  const seen = new Set<string>();
  return tasks.filter(({ mm, pids }) => {
    const key = `${mm} ${pids?.pid}`;
    const isNew = pids === undefined || !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** The task that a root's tasks go by, and how sure its pid is. */
export interface Chosen {
  readonly task: NamedTask;
  readonly pid: number | undefined;
}

/** The group's leader; where it has ended, or pids are not known, one of those with the most common name. Undefined where the tasks do not agree. */
export function chosenTask(tasks: readonly NamedTask[]): Chosen | undefined {
  if (new Set(tasks.map(({ mm }) => mm)).size !== 1) return undefined;
  const leaders = tasks.filter(({ pids }) => pids && pids.pid === pids.tgid);
  const [leader] = leaders;
  if (leaders.length === 1 && leader) return { task: leader, pid: leader.pids?.pid };
  const task = mostCommon(leaders.length > 0 ? leaders : tasks, leaders.length > 0);
  const groups = new Set(tasks.map(({ pids }) => pids?.tgid));
  return task && { task, pid: groups.size === 1 ? task.pids?.tgid : undefined };
}

/** One of those with the name that most have; undefined where two names are as common, or where all must agree and do not. */
function mostCommon(tasks: readonly NamedTask[], mustAgree: boolean): NamedTask | undefined {
  const counts = new Map<string, number>();
  for (const { name } of tasks) counts.set(name, (counts.get(name) ?? 0) + 1);
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  if (!first || (second && (mustAgree || second[1] === first[1]))) return undefined;
  return tasks.find(({ name }) => name === first[0]);
}
