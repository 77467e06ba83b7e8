import { AGREEING } from './direct-map.ts';
import { plainNameLength } from './process-name.ts';
import type { ProcessObject } from './process-objects.ts';

/** Of ImageFileName: 15 bytes, of which the last is 0, or 16 in XP. */
export const NAME_BYTES = 16;
/** The process that every Windows has. */
const SYSTEM = Uint8Array.from('System\0', (letter) => letter.charCodeAt(0));
const SYSTEM_PID = 4;
/** Process numbers are handles: multiples of 4, and far below this. */
const PID_END = 2 ** 26;
/** One object in so many may show nothing of it: a process that has ended, or none at all. */
const FEW = 4;

export interface ObjectBytes extends ProcessObject {
  readonly bytes: Uint8Array;
}

/** Bytes from the start of a process object: they differ from version to version. */
export interface ObjectLayout {
  readonly wordBytes: 4 | 8;
  readonly pid: number;
  readonly name: number;
  /** Processes that show this layout. */
  readonly processes: number;
}

/** The only two places that most objects have a number and a name at, and one of them 4 and System; undefined where there is no such, or two. */
export function learnObjects(objects: readonly ObjectBytes[], wordBytes: 4 | 8): ObjectLayout | undefined {
  const fits: ObjectLayout[] = [];
  for (const name of namePlaces(objects)) {
    for (let pid = wordBytes; pid + 3 * wordBytes <= name; pid += wordBytes) {
      const processes = processesAt(objects, { wordBytes, pid, name });
      if (processes >= AGREEING && processes * FEW >= objects.length * (FEW - 1)) fits.push({ wordBytes, pid, name, processes });
    }
  }
  return fits.length === 1 ? fits[0] : undefined;
}

/** An image made so may say it everywhere. */
const MOST_PLACES = 16;

/** Where an object says "System". */
function namePlaces(objects: readonly ObjectBytes[]): ReadonlySet<number> {
  const places = new Set<number>();
  for (const { bytes } of objects)
    for (let at = bytes.indexOf(SYSTEM[0] ?? 0); at >= 0; at = bytes.indexOf(SYSTEM[0] ?? 0, at + 1))
      if (SYSTEM.every((letter, i) => bytes[at + i] === letter)) places.add(at);
  return places.size > MOST_PLACES ? new Set() : places;
}

/** How many roots have a process there, no two the same number; 0 where System is not among them. */
function processesAt(objects: readonly ObjectBytes[], { wordBytes, pid: at, name }: Omit<ObjectLayout, 'processes'>): number {
  const owners = new Map<number, number>();
  let hasSystem = false;
  for (const { root, bytes } of objects) {
    const pid = pidAt(bytes, at, wordBytes);
    if (pid === undefined || plainNameLength(bytes, name, NAME_BYTES) === 0) continue;
    if ((owners.get(pid) ?? root) !== root) return 0;
    owners.set(pid, root);
    if (pid === SYSTEM_PID && SYSTEM.every((letter, i) => bytes[name + i] === letter)) hasSystem = true;
  }
  return hasSystem ? owners.size : 0;
}

/** A process's number, with the pointers of ActiveProcessLinks after it; undefined where it is none. */
export function pidAt(bytes: Uint8Array, at: number, wordBytes: 4 | 8): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pid = view.getUint32(at, true);
  const isNumber = pid > 0 && pid % 4 === 0 && pid < PID_END && (wordBytes === 4 || view.getUint32(at + 4, true) === 0);
  const top = (place: number): number => view.getUint32(place + wordBytes - 4, true);
  const kernel = wordBytes === 8 ? 0xffff_8000 : 0x8000_0000;
  return isNumber && top(at + wordBytes) >= kernel && top(at + 2 * wordBytes) >= kernel ? pid : undefined;
}
