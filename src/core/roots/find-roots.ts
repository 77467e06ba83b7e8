import { bytesText, commas } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { FrameClasses } from './frame-classes.ts';
import type { FoundRoot } from './judge.ts';
import { ReadingRoom } from './read-stretches.ts';
import { RootScan } from './root-scan.ts';
import { type Part, type SweptPart, sweepPart } from './sweep-part.ts';
import { type Sweeper, SweeperLost } from './sweepers.ts';

export type { FoundRoot };

/** 16 MiB: what is lost when a sweep is stopped in the middle of one. */
const FRAMES_PER_PART = 4096;
/** Candidates are looked at after each such share of the image, so that what is found early is told early. */
const LOOKS = 16;

/** Told what is known so far, best first, each time that it grows, and at the end. */
export type FoundListener = (roots: readonly FoundRoot[]) => void;

/**
 * Looks for roots of every mode in all that a dump holds, knowing no operating system: reads the image once, part by part, and the tables
 * below what has the shape of a root. A search that was stopped goes on where it was when it is run again.
 */
export class RootFinder {
  readonly #image: MemoryImage;
  readonly #scan: RootScan;
  readonly #parts: Part[];
  #looks = 0;
  #told: readonly FoundRoot[] = [];
  #looking: Promise<void> = Promise.resolve();

  constructor(image: MemoryImage) {
    this.#image = image;
    this.#scan = new RootScan(image);
    const frames = this.#scan.classes.held.count;
    this.#parts = Array.from({ length: Math.ceil(frames / FRAMES_PER_PART) }, (_, i) => ({
      first: i * FRAMES_PER_PART,
      end: Math.min(frames, (i + 1) * FRAMES_PER_PART),
    }));
  }

  /** What each frame looks like: known of all when the search is over. */
  get classes(): FrameClasses {
    return this.#scan.classes;
  }

  /** Frames that the dump holds whole. */
  get frames(): number {
    return this.#scan.classes.held.count;
  }

  /** Bytes still to be swept. */
  get bytesLeft(): number {
    return (this.frames - this.#scan.frames) * FRAME_BYTES;
  }

  /**
   * @param others Sweepers in other threads. This thread sweeps where there are none, or none any more.
   * @throws Cancelled when the task says so, or what reading throws; what was found has been told by then.
   */
  async run(task: Task, found: FoundListener, others: readonly Sweeper[] = []): Promise<readonly FoundRoot[]> {
    await this.#sweepAll(task, found, others);
    // Two at a time: one's words are looked at while the other's are read.
    if (this.#parts.length > 0) await this.#sweepAll(task, found, [this.#own(task), this.#own(task)]);
    if (!this.#scan.isWhole) await this.#look(task, found);
    return this.#told;
  }

  #own(task: Task): Sweeper {
    const room = new ReadingRoom();
    return (part) => sweepPart(this.#image, this.#scan.classes.held, part, room, task);
  }

  /** Ends when no part is left, or no sweeper; when one fails, after the others have put back or handed over what they have. */
  async #sweepAll(task: Task, found: FoundListener, sweepers: readonly Sweeper[]): Promise<void> {
    const ends = await Promise.allSettled(sweepers.map((sweeper) => this.#sweepWith(sweeper, task, found)));
    const failed = ends.find((end) => end.status === 'rejected' && !(end.reason instanceof SweeperLost));
    if (failed?.status === 'rejected') throw failed.reason;
  }

  async #sweepWith(sweeper: Sweeper, task: Task, found: FoundListener): Promise<void> {
    for (let part = this.#parts.shift(); part; part = this.#parts.shift()) {
      const swept = await this.#swept(sweeper, part);
      this.#scan.add(swept);
      this.#report(task);
      task.check();
      await this.#lookAtTimes(task, found);
    }
  }

  async #swept(sweeper: Sweeper, part: Part): Promise<SweptPart> {
    try {
      return await sweeper(part);
    } catch (error) {
      this.#parts.unshift(part);
      throw error;
    }
  }

  #report(task: Task): void {
    const { frames, classes, candidates } = this.#scan;
    const step = `${bytesText(frames * FRAME_BYTES)} read, ${commas(candidates)} places to look at`;
    task.report({ step, done: frames * FRAME_BYTES, total: classes.held.count * FRAME_BYTES, found: this.#told.length });
  }

  async #lookAtTimes(task: Task, found: FoundListener): Promise<void> {
    const look = Math.floor((this.#scan.frames * LOOKS) / this.#scan.classes.held.count);
    if (look === this.#looks) return;
    this.#looks = look;
    await this.#look(task, found);
  }

  /** One look after another, whoever asks for it. */
  #look(task: Task, found: FoundListener): Promise<void> {
    const look = this.#looking.then(() => this.#lookNow(task, found));
    this.#looking = look.catch(() => undefined);
    return look;
  }

  async #lookNow(task: Task, found: FoundListener): Promise<void> {
    const grew = await this.#scan.survey(task);
    if (!grew && !this.#scan.isWhole) return;
    this.#told = this.#scan.ranked();
    found(this.#told);
  }
}

/** A search in this thread, from beginning to end. See `RootFinder`. */
export const findRoots = (image: MemoryImage, task: Task, found: FoundListener): Promise<readonly FoundRoot[]> =>
  new RootFinder(image).run(task, found);
