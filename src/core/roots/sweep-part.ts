import { pause } from '#core/base/pause.ts';
import type { Task } from '#core/base/task.ts';
import { FRAME_BYTES, machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { type CandidateColumns, CandidateList } from './candidate-list.ts';
import { classify, type Reach, reachOf, WORDS } from './classify.ts';
import { ABSENT, TABLE_32, TABLE_64 } from './frame-classes.ts';
import type { HeldFrames, HeldStretch } from './held-frames.ts';
import { type TableColumns, TableList } from './kept-tables.ts';
import { wordsOf } from './read-frames.ts';
import { gatherPdpt, gatherTables } from './shapes.ts';

/** Large enough that a read costs little beside its bytes; more than the block cache takes, so that it is not washed out. */
const FRAMES_PER_READ = 2048;
/** A source in memory answers without letting messages in. A pause costs a millisecond or more, as much as reading some MiB. */
const PAUSE_EVERY_MS = 50;

/** Frames of a dump by their index among all that are held: from `first` up to but not `end`. */
export interface Part {
  readonly first: number;
  readonly end: number;
}

/** What the frames of a part look like. Columns of their own buffers, so that a worker can hand them over. */
export interface SweptPart {
  readonly part: Part;
  /** A class for each frame; see `frame-classes.ts`. ABSENT where the file gave no bytes. */
  readonly codes: Uint8Array;
  readonly candidates: CandidateColumns;
  /** Frames that look like tables of wide entries. */
  readonly tables: TableColumns;
}

/** Room for two stretches: one's words are looked at while the next is read. Used again for each part. */
export class SweepRoom {
  readonly #buffers = [FRAMES_PER_READ, FRAMES_PER_READ].map((frames) => new Uint8Array(frames * FRAME_BYTES));
  #turn = 0;

  /** Taken in turn. */
  next(bytes: number): Uint8Array {
    this.#turn = 1 - this.#turn;
    return this.#buffers[this.#turn]?.subarray(0, bytes) ?? new Uint8Array(bytes);
  }
}

/** Reads the frames of a part once, from low to high; the next stretch is read while the last is worked on. @throws Cancelled, or what reading throws. */
export async function sweepPart(image: MemoryImage, held: HeldFrames, part: Part, room: SweepRoom, task: Task): Promise<SweptPart> {
  const sweep = new PartSweep(part, reachOf(image.end));
  const stretches = held.stretches(part.first, part.end, FRAMES_PER_READ);
  let current = stretches.next();
  let reading = current.done ? undefined : readOne(image, current.value, room);
  while (!current.done && reading) {
    const stretch = current.value;
    const bytes = await reading;
    current = stretches.next();
    reading = current.done ? undefined : readOne(image, current.value, room);
    // A rejection must not go unheard while the loop works; the await above throws it.
    reading?.catch(() => undefined);
    sweep.look(stretch, wordsOf(bytes));
    await pauseAtTimes();
    task.check();
  }
  return sweep.swept();
}

let paused = 0;

async function pauseAtTimes(): Promise<void> {
  if (Date.now() - paused < PAUSE_EVERY_MS) return;
  await pause();
  paused = Date.now();
}

function readOne(image: MemoryImage, { firstFrame, frames }: HeldStretch, room: SweepRoom): Promise<Uint8Array> {
  const length = frames * FRAME_BYTES;
  return image.readHeld({ start: machineAddress(firstFrame * FRAME_BYTES), length }, room.next(length));
}

class PartSweep {
  readonly #part: Part;
  readonly #reach: Reach;
  readonly #codes: Uint8Array;
  readonly #candidates = new CandidateList();
  readonly #tables = new TableList();

  constructor(part: Part, reach: Reach) {
    this.#part = part;
    this.#reach = reach;
    this.#codes = new Uint8Array(part.end - part.first).fill(ABSENT);
  }

  look({ index, firstFrame, frames }: HeldStretch, words: Uint32Array): void {
    const pdpt = (at: number) => gatherPdpt(words, at, firstFrame + Math.floor(at / WORDS), this.#reach, this.#candidates);
    const whole = Math.min(frames, Math.floor(words.length / WORDS));
    for (let i = 0; i < whole; i++) {
      const code = classify(words, i * WORDS, this.#reach, pdpt);
      this.#codes[index - this.#part.first + i] = code;
      if ((code & (TABLE_64 | TABLE_32)) !== 0) this.#gather(words, i * WORDS, firstFrame + i, code);
    }
  }

  #gather(words: Uint32Array, from: number, frame: number, code: number): void {
    gatherTables(words, from, frame, code, this.#candidates);
    if ((code & TABLE_64) !== 0) this.#tables.add(frame, words, from);
  }

  swept(): SweptPart {
    return { part: this.#part, codes: this.#codes, candidates: this.#candidates.columns(), tables: this.#tables.columns() };
  }
}
