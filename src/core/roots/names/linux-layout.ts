import { AGREEING, type DirectMap } from './direct-map.ts';
import { plainNameLength } from './process-name.ts';

/** Of `comm` (Linux include/linux/sched.h, TASK_COMM_LEN). */
export const COMM_BYTES = 16;
/** A pid is below 2^22 (Linux include/linux/threads.h, PID_MAX_LIMIT). */
const PID_END = 2 ** 22;
/** One sample in so many may be none. */
const FEW = 16;

/** What lies at a task's `mm` and after it. */
export interface TaskBytes {
  /** Offset in the map of the mm_struct. */
  readonly mm: number;
  readonly bytes: Uint8Array;
}

/** Bytes from a task's `mm` to other fields: they differ from kernel to kernel. */
export interface TaskLayout {
  readonly comm: number;
  /** Of `pid`, which `tgid` follows; undefined where it is not sure. */
  readonly pid: number | undefined;
  /** Processes that show this layout. */
  readonly processes: number;
}

/** What most samples agree on; undefined where fewer than three processes have a name at the same distance, or names alone speak for it. */
export function learnLayout(samples: readonly TaskBytes[], map: DirectMap): TaskLayout | undefined {
  const found = learnComm(samples, map);
  if (!found) return undefined;
  const named = samples.filter(({ bytes }) => plainNameLength(bytes, found.comm, COMM_BYTES) > 0);
  const pid = learnPid(named, found.comm, map.wordBytes);
  return found.hasCreds || pid !== undefined ? { ...found, pid } : undefined;
}

interface Fit {
  readonly comm: number;
  readonly processes: number;
  /** The two pointers to a process's rights stand before it. */
  readonly hasCreds: boolean;
  /** All names together, in bytes. */
  readonly letters: number;
  /** Names are neither all the same, nor mostly as long as what vector registers hold. */
  readonly areNames: boolean;
}

/**
 * Where most letters are behind `real_cred` and `cred`, nearly always equal (since 2.6.29; a key's pointer may stand between). Else the
 * first place with what can be nothing but names: registers are kept behind, and may hold letters too.
 */
function learnComm(samples: readonly TaskBytes[], map: DirectMap): Fit | undefined {
  const all = new Set(samples.map(({ mm }) => mm)).size;
  const reach = Math.max(0, ...samples.map(({ bytes }) => bytes.length)) - COMM_BYTES;
  let best: Fit | undefined;
  let first: Fit | undefined;
  // Even: in kernels before 2.6.29 a short stands before it.
  for (let comm = 2 * map.wordBytes; comm <= reach; comm += 2) {
    const fit = fitAt(samples, comm, map);
    if (fit.processes < AGREEING || fit.processes * 2 < all) continue;
    if (fit.hasCreds && fit.letters > (best?.letters ?? 0)) best = fit;
    if (fit.areNames) first ??= wholeNames(fitAt(samples, startOfNames(samples, comm), map));
  }
  return best ?? first;
}

const wholeNames = (fit: Fit): Fit | undefined => (fit.areNames ? fit : undefined);

function fitAt(samples: readonly TaskBytes[], comm: number, map: DirectMap): Fit {
  const mms = new Set<number>();
  let [named, letters, long, creds] = [0, 0, 0, 0];
  for (const { mm, bytes } of samples) {
    const length = plainNameLength(bytes, comm, COMM_BYTES);
    if (length === 0) continue;
    named++;
    letters += length;
    if (length >= COMM_BYTES - 2) long++;
    mms.add(mm);
    if (hasCreds(bytes, comm, map)) creds++;
  }
  // One or two letters are a number as well.
  const processes = letters > 2 * named ? mms.size : 0;
  const areNames = long * 2 <= named && namesAt(samples, comm).size > 1;
  return { comm, processes, letters, hasCreds: creds * 4 >= named * 3, areNames };
}

/** The same pointer twice, right before or with another between. */
function hasCreds(bytes: Uint8Array, comm: number, map: DirectMap): boolean {
  const { wordBytes } = map;
  return comm % wordBytes === 0 && (isTwin(bytes, comm - 2 * wordBytes, map) || isTwin(bytes, comm - 3 * wordBytes, map));
}

function isTwin(bytes: Uint8Array, at: number, map: DirectMap): boolean {
  if (at < 0) return false;
  const [one, other] = [at, at + map.wordBytes].map((place) => pointedAt(bytes, place, map));
  return one !== undefined && one === other;
}

/** Machine address that a pointer into the direct map leads to; undefined where it is none. */
function pointedAt(bytes: Uint8Array, at: number, { wordBytes, high, low, end }: DirectMap): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const upper = wordBytes === 8 ? view.getUint32(at + 4, true) : 0;
  const target = (upper - high) * 2 ** 32 + view.getUint32(at, true) - low;
  return target >= 0 && target < end ? target : undefined;
}

/** Goes back while that makes half of the names longer: what stands before names are pointers, whose last bytes are no letters. */
function startOfNames(samples: readonly TaskBytes[], found: number): number {
  let comm = found;
  while (comm >= 2 && isWithinNames(samples, comm)) comm -= 2;
  return comm;
}

function isWithinNames(samples: readonly TaskBytes[], comm: number): boolean {
  const lengths = samples.map(({ bytes }) => [plainNameLength(bytes, comm, COMM_BYTES), plainNameLength(bytes, comm - 2, COMM_BYTES)] as const);
  const named = lengths.filter(([length]) => length > 0);
  return named.filter(([length, longer]) => longer === length + 2).length * 2 >= named.length;
}

function namesAt(samples: readonly TaskBytes[], comm: number): ReadonlySet<string> {
  const names = samples.map(({ bytes }) => String.fromCharCode(...bytes.subarray(comm, comm + plainNameLength(bytes, comm, COMM_BYTES))));
  return new Set(names.filter((name) => name !== ''));
}

/** The only place before `comm` where two numbers stand as pid and tgid do; undefined where there are more, or none. */
function learnPid(samples: readonly TaskBytes[], comm: number, wordBytes: number): number | undefined {
  const fits: number[] = [];
  for (let at = 2 * wordBytes; at + 8 <= comm; at += 4) if (arePids(samples, at)) fits.push(at);
  return fits.length === 1 ? fits[0] : undefined;
}

/** Nearly no two processes have the same pid (a task may be there twice, in a copy of memory); the tasks of most processes have one tgid, which is the pid of one of them: its leader. */
function arePids(samples: readonly TaskBytes[], at: number): boolean {
  const owners = new Map<number, number>();
  const groups = new Map<number, Set<number>>();
  const led = new Set<number>();
  let wrong = 0;
  for (const { mm, bytes } of samples) {
    const { pid, tgid } = pidsAt(bytes, at);
    if (!isPid(pid) || !isPid(tgid) || (owners.get(pid) ?? mm) !== mm) wrong++;
    if (wrong * FEW > samples.length) return false;
    owners.set(pid, mm);
    groups.set(mm, (groups.get(mm) ?? new Set()).add(tgid));
    if (pid === tgid) led.add(mm);
  }
  const wellLed = [...led].filter((mm) => groups.get(mm)?.size === 1).length;
  return wellLed >= AGREEING && wellLed * 4 >= groups.size * 3;
}

export const isPid = (value: number): boolean => value > 0 && value < PID_END;

export function pidsAt(bytes: Uint8Array, at: number): { readonly pid: number; readonly tgid: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return at + 8 <= bytes.length ? { pid: view.getUint32(at, true), tgid: view.getUint32(at + 4, true) } : { pid: 0, tgid: 0 };
}
