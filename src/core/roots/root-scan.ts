import type { Task } from '#core/base/task.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { PagingModeId, Root } from '#core/paging/mode.ts';
import { CandidateList, SAMPLED } from './candidate-list.ts';
import { reachOf } from './classify.ts';
import type { Ground, Survey } from './count-tables.ts';
import { CountedTables } from './counted-tables.ts';
import { ABSENT, ALL_ZERO, FrameClasses, TABLE_32, TABLE_64, UNKNOWN } from './frame-classes.ts';
import type { FoundRoot } from './judge.ts';
import { KeptTables } from './kept-tables.ts';
import { type Believed, rank } from './ranking.ts';
import { Surroundings } from './surroundings.ts';
import { isHopeless, survey } from './survey.ts';
import type { SweptPart } from './sweep-part.ts';

/** Candidates surveyed at a time: each may wait for its reads, together they wait once. */
const TOGETHER = 16;
/** Surveys go on until they have read so many tables, and one more for each frame held: beyond, the image was made to look like tables. */
const TABLES_AT_LEAST = 20_000;

type State = 'ready' | 'waiting' | 'refuted';

interface Ready extends Root {
  /** Of a PAE root: its entries. */
  readonly words: Uint32Array | undefined;
}

/** All that is known of an image while parts of it are swept, in whichever order they come. */
export class RootScan {
  readonly #ground: Ground;
  readonly #candidates = new CandidateList();
  readonly #believed = new Map<string, Believed>();
  readonly #surroundings = new Surroundings();
  /** To be surveyed now. */
  readonly #ready: Ready[] = [];
  /** Surveyed, but with frames among theirs that were not looked at yet. */
  readonly #again: Ready[] = [];
  #frames = 0;
  #tablesRead = 0;
  #isWhole = false;

  constructor(image: MemoryImage) {
    const classes = new FrameClasses(image.extents);
    this.#ground = { tables: new KeptTables(image), classes, reach: reachOf(image.end), counted: new CountedTables() };
  }

  get classes(): FrameClasses {
    return this.#ground.classes;
  }

  /** Frames looked at so far. */
  get frames(): number {
    return this.#frames;
  }

  /** All has been swept, and looked at. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Places that wait for their tables to be looked at. */
  get candidates(): number {
    return this.#candidates.count;
  }

  add({ part, codes, candidates, tables }: SweptPart): void {
    this.#ground.classes.put(part.first, codes);
    this.#ground.tables.addAll(tables);
    this.#candidates.addAll(candidates);
    this.#frames += codes.length;
  }

  /**
   * Reads the tables below candidates all of whose sampled entries lead to tables; forgets those with one that does not. One that names
   * frames not looked at yet is judged by the others, and again when all has been swept. True if any was believed.
   * @throws Cancelled, or what reading throws.
   */
  async survey(task: Task): Promise<boolean> {
    const isLast = this.#frames === this.#ground.classes.held.count;
    const before = this.#believed.size;
    this.#takeReady(isLast);
    // What is left when a check or a read throws is surveyed the next time.
    while (this.#ready.length > 0) {
      if (this.#tablesRead > TABLES_AT_LEAST + this.#ground.classes.held.count) this.#ready.length = 0;
      task.check();
      await this.#surveySome(this.#ready.slice(0, TOGETHER));
      this.#ready.splice(0, TOGETHER);
    }
    this.#isWhole = isLast;
    return this.#believed.size > before;
  }

  /** Best first, whichever order the parts came in. */
  ranked(): readonly FoundRoot[] {
    const believed = [...this.#believed.values()].sort((a, b) => a.root.address - b.root.address || (a.root.mode < b.root.mode ? -1 : 1));
    return rank(believed, { classes: this.#ground.classes, surroundings: this.#surroundings, isWhole: this.#isWhole });
  }

  /** Takes out of the list those that can be surveyed now, and those that are refuted. */
  #takeReady(isLast: boolean): void {
    const list = this.#candidates;
    if (isLast) this.#ready.push(...this.#again.splice(0));
    list.keep((at) => {
      const state = this.#stateOf(at);
      const mode = list.mode(at);
      if (state === 'ready') this.#ready.push({ address: list.address(at), mode, words: mode === 'pae' ? list.sample(at) : undefined });
      return state === 'waiting';
    });
  }

  #stateOf(at: number): State {
    const mode = this.#candidates.mode(at);
    let worst: State = mode === '32-bit' ? 'ready' : 'refuted';
    for (let i = 0; i < SAMPLED; i++) {
      const state = this.#sampleState(mode, this.#candidates.frame(at, i));
      if (state === 'refuted') return state;
      if (state === 'waiting' || (state === 'ready' && worst !== 'waiting')) worst = state;
    }
    return worst;
  }

  /** What one entry says: it leads to a table, speaks against, or must wait; undefined where it says nothing. */
  #sampleState(mode: PagingModeId, frame: number): State | undefined {
    if (frame < 0) return undefined;
    const code = this.#ground.classes.at(frame);
    if (code === UNKNOWN) return 'waiting';
    if ((code & (mode === '32-bit' ? TABLE_32 : TABLE_64)) !== 0) return 'ready';
    // A dump may lack tables further down; a PAE root whose PDs are missing is only a guess.
    const harmless = mode === 'pae' ? ALL_ZERO : ALL_ZERO | ABSENT;
    return (code & harmless) === 0 ? 'refuted' : undefined;
  }

  async #surveySome(roots: readonly Ready[]): Promise<void> {
    const surveys = await Promise.all(roots.map((root) => survey(this.#ground, root, root.words)));
    for (const [i, seen] of surveys.entries()) {
      const root = roots[i];
      if (root) await this.#believe(root, seen);
    }
  }

  async #believe(root: Ready, seen: Survey): Promise<void> {
    const key = `${root.mode} ${root.address}`;
    this.#tablesRead += seen.tablesRead + 1;
    if (seen.unknown > 0) this.#again.push(root);
    if (isHopeless(seen) || seen.leaves === 0) {
      this.#believed.delete(key);
      return;
    }
    this.#believed.set(key, { root, survey: seen });
    if (root.mode === 'pae') await this.#surroundings.add(this.#ground, root.address);
  }
}
