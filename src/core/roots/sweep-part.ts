import type { Task } from '#core/base/task.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { type CandidateColumns, CandidateList } from './candidate-list.ts';
import { classify, type Reach, reachOf, WORDS } from './classify.ts';
import { ABSENT, TABLE_32, TABLE_64 } from './frame-classes.ts';
import type { HeldFrames } from './held-frames.ts';
import { type TableColumns, TableList } from './kept-tables.ts';
import { FRAMES_PER_READ, type ReadingRoom, type ReadStretch, readStretches } from './read-stretches.ts';
import { gatherPdpt, gatherTables } from './shapes.ts';

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

/** The buffers of its columns, for whoever hands it to another thread. */
export const buffersOf = ({ codes, candidates, tables }: SweptPart): ArrayBuffer[] =>
  [codes, candidates.addresses, candidates.modes, candidates.samples, tables.frames, tables.words].map(({ buffer }) => buffer as ArrayBuffer);

/** Reads the frames of a part once. @throws Cancelled, or what reading throws. */
export async function sweepPart(image: MemoryImage, held: HeldFrames, part: Part, room: ReadingRoom, task: Task): Promise<SweptPart> {
  const sweep = new PartSweep(part, reachOf(image.end));
  for await (const stretch of readStretches(image, held.stretches(part.first, part.end, FRAMES_PER_READ), room)) {
    sweep.look(stretch);
    task.check();
  }
  return sweep.swept();
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

  look({ index, firstFrame, frames, words }: ReadStretch): void {
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
