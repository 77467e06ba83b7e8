import { bytesText, commas } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { PagingModeId, Root } from '#core/paging/mode.ts';
import { CandidateList, SAMPLED } from './candidate-list.ts';
import { classify, reachOf, WORDS } from './classify.ts';
import type { Ground, Survey } from './count-tables.ts';
import { CountedTables } from './counted-tables.ts';
import { ABSENT, ALL_ZERO, FrameClasses, TABLE_32, TABLE_64, UNKNOWN } from './frame-classes.ts';
import { type FoundRoot, judge, type Pair } from './judge.ts';
import { gatherPdpt, gatherTables } from './shapes.ts';
import { Surroundings } from './surroundings.ts';
import { isHopeless, survey } from './survey.ts';
import { type Stretch, sweep } from './sweep.ts';

export type { FoundRoot };

/** Candidates are looked at after each such part of the image, so that what is found early is told early. */
const PARTS = 16;
/** Candidates surveyed at a time. */
const TOGETHER = 16;
/** Surveys go on until they have read so many tables, and one more for each frame held: beyond, the image was made to look like tables. */
const TABLES_AT_LEAST = 20_000;
/** Roots reported at most, best first. */
const MOST_FOUND = 1000;

type State = 'ready' | 'waiting' | 'refuted';

interface Believed {
  readonly root: Root;
  readonly survey: Survey;
}

/**
 * Looks for roots of every mode in all that a dump holds, knowing no operating system. Reads the image once from low to high, and the
 * tables below what has the shape of a root. `found` is told what is known so far, best first, each time that it grows.
 * @throws Cancelled when the task says so; what was found has been told by then.
 */
export async function findRoots(image: MemoryImage, task: Task, found: (roots: readonly FoundRoot[]) => void): Promise<readonly FoundRoot[]> {
  const scan = new RootScan(image);
  let told = 0;
  let part = 0;
  for await (const stretch of sweep(image, scan.ground.classes)) {
    scan.look(stretch);
    task.check();
    task.report({ step: scan.step, done: scan.frames * 4096, total: scan.ground.classes.frames * 4096, found: told });
    if ((scan.frames * PARTS) / scan.ground.classes.frames < part + 1) continue;
    part = Math.floor((scan.frames * PARTS) / scan.ground.classes.frames);
    if (!(await scan.survey(task))) continue;
    const ranked = scan.ranked();
    told = ranked.length;
    found(ranked);
  }
  await scan.survey(task);
  const ranked = scan.ranked();
  found(ranked);
  return ranked;
}

class RootScan {
  readonly ground: Ground;
  frames = 0;
  readonly #candidates = new CandidateList();
  readonly #believed: Believed[] = [];
  readonly #surroundings = new Surroundings();
  #tablesRead = 0;

  constructor(image: MemoryImage) {
    this.ground = { image, classes: new FrameClasses(image.extents), reach: reachOf(image.end), counted: new CountedTables() };
  }

  get step(): string {
    return `${bytesText(this.frames * 4096)} read, ${commas(this.#candidates.count)} places to look at`;
  }

  look({ firstFrame, frames, words }: Stretch): void {
    const { classes, reach } = this.ground;
    const candidates = this.#candidates;
    for (let i = 0; i < frames && (i + 1) * WORDS <= words.length; i++) {
      const code = classify(words, i * WORDS, reach, (at) => gatherPdpt(words, at, firstFrame + i, reach, candidates));
      classes.set(firstFrame + i, code);
      if ((code & (TABLE_64 | TABLE_32)) !== 0) gatherTables(words, i * WORDS, firstFrame + i, code, candidates);
    }
    this.frames += frames;
  }

  /** Reads the tables below candidates all of whose sampled entries lead to tables; forgets those with one that does not. True if any was believed. */
  async survey(task: Task): Promise<boolean> {
    const ready: Root[] = [];
    this.#candidates.keep((at) => {
      const state = this.#stateOf(at);
      if (state === 'ready') ready.push({ address: this.#candidates.address(at), mode: this.#candidates.mode(at) });
      return state === 'waiting';
    });
    const before = this.#believed.length;
    for (let at = 0; at < ready.length && this.#tablesRead <= TABLES_AT_LEAST + this.ground.classes.frames; at += TOGETHER) {
      task.check();
      await this.#surveySome(ready.slice(at, at + TOGETHER));
    }
    return this.#believed.length > before;
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
    const code = this.ground.classes.at(frame);
    if (code === UNKNOWN) return 'waiting';
    if ((code & (mode === '32-bit' ? TABLE_32 : TABLE_64)) !== 0) return 'ready';
    // A dump may lack tables further down; a PAE root whose PDs are missing is only a guess.
    const harmless = mode === 'pae' ? ALL_ZERO : ALL_ZERO | ABSENT;
    return (code & harmless) === 0 ? 'refuted' : undefined;
  }

  /** Each waits for its reads, level by level: together they wait once. */
  async #surveySome(roots: readonly Root[]): Promise<void> {
    const surveys = await Promise.all(roots.map((root) => survey(this.ground, root)));
    for (const [i, seen] of surveys.entries()) {
      const root = roots[i];
      this.#tablesRead += seen.tablesRead + 1;
      if (root === undefined || isHopeless(seen) || seen.leaves === 0) continue;
      this.#believed.push({ root, survey: seen });
      if (root.mode === 'pae') await this.#surroundings.add(this.ground.image, root.address);
    }
  }

  /** Tables of verified roots of five levels: each PML4 would do as a root of four. */
  #belowFive(judged: readonly FoundRoot[]): ReadonlySet<number> {
    const five = new Set(judged.filter(({ verified, mode }) => verified && mode === '5-level').map(({ address }) => address));
    const tables = this.#believed.filter(({ root }) => root.mode === '5-level' && five.has(root.address));
    return new Set(tables.flatMap(({ survey: seen }) => [...seen.upperTables]));
  }

  /** Best first; each place in the one reading that explains most, and four entries of a verified root of 512 are no root of their own. */
  ranked(): readonly FoundRoot[] {
    const judged = this.#judged();
    const taken = new Set(judged.filter(({ verified, mode }) => verified && isWide(mode)).map(({ address }) => address / 4096));
    const below = this.#belowFive(judged);
    const own = judged.filter(({ mode, address }) => {
      const frame = Math.floor(address / 4096);
      return isWide(mode) ? !(mode === '4-level' && below.has(frame)) : !taken.has(frame);
    });
    return oneReadingEach(own).sort(better).slice(0, MOST_FOUND);
  }

  #judged(): FoundRoot[] {
    const sharing = sharers(this.#believed);
    const inner = new Set(this.#believed.filter(({ root }) => isWide(root.mode)).flatMap(({ survey: seen }) => [...seen.upperTables]));
    const byPlace = new Map(this.#believed.map((believed) => [placeKey(believed.root), believed]));
    return this.#believed.flatMap(({ root, survey: seen }) => {
      const frame = Math.floor(root.address / 4096);
      const isTable = root.mode === 'pae' && (this.ground.classes.at(frame) & TABLE_64) !== 0;
      const pair = pairOf(root, seen, byPlace);
      const company = {
        sharing: (sharing.get(sharedKey(root, seen)) ?? 1) - 1,
        around: isTable ? this.#surroundings.around(root.address) : 0,
        inner: isTable && inner.has(frame),
        ...(pair && { pair }),
      };
      return judge(root, seen, company) ?? [];
    });
  }
}

const placeKey = ({ mode, address }: Root): string => `${mode} ${address}`;

/** The root in the frame beside, if both name the same tables in their lower half. */
function pairOf(root: Root, { lowerTables }: Survey, byPlace: ReadonlyMap<string, Believed>): Pair | undefined {
  const isOdd = Math.floor(root.address / 4096) % 2 === 1;
  const address = root.address + (isOdd ? -4096 : 4096);
  const other = byPlace.get(placeKey({ ...root, address }))?.survey;
  if (!other || lowerTables.size === 0 || other.lowerTables.size !== lowerTables.size) return undefined;
  return [...lowerTables].every((frame) => other.lowerTables.has(frame)) ? { address, shared: lowerTables.size } : undefined;
}

/** A root of five levels may be read as one of four as well, for what its last levels hold: the better reading stays. */
function oneReadingEach(roots: readonly FoundRoot[]): FoundRoot[] {
  const best = new Map<number, FoundRoot>();
  for (const root of roots.filter(({ mode }) => isWide(mode))) {
    const known = best.get(root.address);
    if (!known || root.score > known.score || (root.score === known.score && root.tables > known.tables)) best.set(root.address, root);
  }
  return roots.filter((root) => !isWide(root.mode) || best.get(root.address) === root);
}

const isWide = (mode: PagingModeId): boolean => mode === '4-level' || mode === '5-level';

const sharedKey = (root: Root, { topTable, topSlot }: Survey): string => `${root.mode} ${topSlot} ${topTable ?? `none ${root.address}`}`;

function sharers(believed: readonly Believed[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { root, survey: seen } of believed) counts.set(sharedKey(root, seen), (counts.get(sharedKey(root, seen)) ?? 0) + 1);
  return counts;
}

const better = (a: FoundRoot, b: FoundRoot): number =>
  Number(b.verified) - Number(a.verified) ||
  Number(b.userLeaves > 0) - Number(a.userLeaves > 0) ||
  b.tables - a.tables ||
  b.score - a.score ||
  a.address - b.address;
