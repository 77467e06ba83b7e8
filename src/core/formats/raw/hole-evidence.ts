import { commas } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { readRanges } from '#core/memory/read-ranges.ts';
import { fileOffsetIn, LOWEST_HOLE, type RegionChoice, type RegionPreset } from './regions.ts';
import { FRAME_WORDS, targetsOfTable } from './table-likeness.ts';

/** Parts of the file looked at for page tables, spread evenly: 32 MB in all, and if that does not tell, 256 MB. */
const SAMPLES = [2048, 16_384];
const SAMPLE_BYTES = 16 * 1024;
const BATCH = 128;
/** Tables looked at. A sample meets some thousands at most; hostile files may be full of them. */
const MOST_TABLES = 8192;
/** Of each table, entries below any hole that are followed: where they lead to tables it is a directory. */
const TRIED = 4;
const FOLLOWED = 32;
/** In all: a file made of tables ends here. */
const MOST_FOLLOWED = 8192;
/** Entries of directories that lead above, where presets differ. */
const MOST_TOLD = 2048;
/** Entries that one preset explains and another does not, before it is believed; and how many times more of them. */
const LEAST_MARGIN = 3;
const TIMES_MORE = 3;

/**
 * Chooses among presets by page tables: entries of directories name frames that hold tables, under the right preset only. Without enough
 * of them the first preset stands.
 * @throws Cancelled
 */
export async function chooseByTables(source: ByteSource, presets: readonly RegionPreset[], task: Task): Promise<RegionChoice> {
  const [first] = presets;
  const regions = first?.regions ?? [];
  if (presets.length < 2) return { regions, reason: 'The file is too small for a hole below 4 GB.', presets };
  const evidence = new Evidence(source, presets, task);
  for (const samples of SAMPLES) {
    await evidence.sample(samples);
    await evidence.follow();
    const verdict = new Verdict(presets, await evidence.hits());
    if (verdict.isSure || samples === SAMPLES.at(-1)) return verdict.choice();
  }
  return { regions, reason: 'Nothing was looked at.', presets };
}

class Evidence {
  readonly #source: ByteSource;
  readonly #presets: readonly RegionPreset[];
  readonly #task: Task;
  /** No preset has memory above. */
  readonly #end: number;
  /** Of each table found and not yet judged, where its entries lead. */
  #tables: (readonly number[])[] = [];
  #tablesSeen = 0;
  readonly #followed = new Set<number>();
  /** Where entries of directories lead, above the lowest hole. */
  readonly #high = new Set<number>();

  constructor(source: ByteSource, presets: readonly RegionPreset[], task: Task) {
    this.#source = source;
    this.#presets = presets;
    this.#task = task;
    this.#end = Math.max(...presets.flatMap(({ regions }) => regions.map(({ start, length }) => start + length)));
  }

  async sample(samples: number): Promise<void> {
    const step = Math.max(SAMPLE_BYTES, Math.floor(this.#source.size / samples / 4096) * 4096);
    for (let offset = 0; offset < this.#source.size; offset += step * BATCH) {
      this.#tell(offset);
      const ranges = Array.from({ length: BATCH }, (_, index) => ({ offset: offset + index * step, length: SAMPLE_BYTES }));
      for (const bytes of await readRanges(this.#source, ranges)) this.#take(bytes);
    }
  }

  /** From directories to the tables they name, as far as all presets agree where those lie. */
  async follow(): Promise<void> {
    while (this.#tables.length > 0 && this.#high.size < MOST_TOLD) {
      this.#tell(this.#source.size);
      const batch = this.#tables.splice(0, BATCH);
      const tried = batch.map((targets) => this.#triedOf(targets));
      const areTables = await this.#areTables(tried.flat(2));
      const starts = startsOf(tried.flat());
      let at = 0;
      const directories = batch.filter((_, index) => {
        const answers = (tried[index] ?? []).map((_tries, way) => areTables.slice(starts[at + way], starts[at + way + 1]));
        at += answers.length;
        return answers.some(mostly);
      });
      for (const targets of directories) await this.#directory(targets);
    }
  }

  /** Places in the file of some entries' targets: where they lie whatever the preset; of a table that only leads above, for each preset. */
  #triedOf(targets: readonly number[]): (readonly number[])[] {
    const low = targets.filter((address) => address < LOWEST_HOLE);
    if (low.length > 0) return [spread(low, TRIED)];
    return this.#presets.map(({ regions }) => spread(targets, TRIED).map((address) => fileOffsetIn(regions, address) ?? this.#source.size));
  }

  async #directory(targets: readonly number[]): Promise<void> {
    for (const address of targets) if (address >= LOWEST_HOLE && this.#high.size < MOST_TOLD) this.#high.add(address);
    const next = spread(
      targets.filter((address) => address < LOWEST_HOLE && !this.#followed.has(address)),
      Math.min(FOLLOWED, MOST_FOLLOWED - this.#followed.size),
    );
    for (const address of next) this.#followed.add(address);
    for (const bytes of await readRanges(
      this.#source,
      next.map((offset) => ({ offset, length: 4096 })),
    ))
      this.#take(bytes);
  }

  #tell(done: number): void {
    this.#task.report({ step: 'looking for the hole below 4 GB', done: Math.min(done, this.#source.size), total: this.#source.size });
    this.#task.check();
  }

  #take(bytes: Uint8Array): void {
    const words = wordsOf(bytes);
    for (let from = 0; from + FRAME_WORDS <= words.length && this.#tablesSeen < MOST_TABLES; from += FRAME_WORDS) {
      const targets = targetsOfTable(words, from, this.#end);
      if (targets.length === 0) continue;
      this.#tablesSeen++;
      this.#tables.push(targets);
    }
  }

  async #areTables(offsets: readonly number[]): Promise<boolean[]> {
    const read = await readRanges(
      this.#source,
      offsets.map((offset) => ({ offset, length: 4096 })),
    );
    return read.map((bytes) => this.#isTable(bytes));
  }

  /** For each target above the lowest hole: under which presets a table lies there. */
  async hits(): Promise<readonly (readonly boolean[])[]> {
    const hits: boolean[][] = [];
    const targets = [...this.#high];
    const width = this.#presets.length;
    for (let done = 0; done < targets.length; done += BATCH) {
      this.#tell(this.#source.size);
      const part = targets.slice(done, done + BATCH);
      const offsets = part.flatMap((address) => this.#presets.map(({ regions }) => fileOffsetIn(regions, address) ?? this.#source.size));
      const areTables = await this.#areTables(offsets);
      part.forEach((_, row) => void hits.push(areTables.slice(row * width, (row + 1) * width)));
    }
    return hits;
  }

  #isTable(bytes: Uint8Array): boolean {
    return bytes.length === 4096 && targetsOfTable(wordsOf(bytes), 0, this.#end).length > 0;
  }
}

/** What the entries tell: one row for each, one answer for each preset. */
class Verdict {
  readonly #presets: readonly RegionPreset[];
  readonly #hits: readonly (readonly boolean[])[];
  readonly #counts: readonly number[];
  readonly #best: number;

  constructor(presets: readonly RegionPreset[], hits: readonly (readonly boolean[])[]) {
    this.#presets = presets;
    this.#hits = hits;
    this.#counts = presets.map((_, index) => hits.filter((hit) => hit[index]).length);
    this.#best = this.#counts.indexOf(Math.max(...this.#counts));
  }

  get isSure(): boolean {
    return this.#presets.every((_, other) => other === this.#best || this.#beats(other));
  }

  choice(): RegionChoice {
    const presets = this.#presets;
    const regions = presets[this.isSure ? this.#best : 0]?.regions ?? [];
    if (this.#hits.length === 0) return { regions, reason: 'No page directory was met that leads above 2 GB, so nothing tells.', presets };
    const told = `Of ${commas(this.#hits.length)} entries of page directories that lead above 2 GB`;
    const listed = presets.map(({ label }, index) => `${commas(this.#counts[index] ?? 0)} with ${label}`).join('; ');
    return { regions, reason: this.isSure ? `${told}, these lead to tables: ${listed}.` : `${told}, too few tell: ${listed}.`, presets };
  }

  #beats(other: number): boolean {
    const only = this.#hits.filter((hit) => hit[this.#best] && !hit[other]).length;
    const against = this.#hits.filter((hit) => hit[other] && !hit[this.#best]).length;
    return only >= LEAST_MARGIN && only >= against * TIMES_MORE;
  }
}

/** Little-endian words of the whole frames; every machine that runs this is little-endian. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const whole = bytes.length - (bytes.length % 4096);
  const aligned = bytes.byteOffset % 4 === 0 ? bytes.subarray(0, whole) : bytes.slice(0, whole);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, whole / 4);
}

/** Where each list begins in all of them joined, and where the last ends. */
function startsOf(lists: readonly (readonly number[])[]): readonly number[] {
  const starts = [0];
  for (const list of lists) starts.push((starts.at(-1) ?? 0) + list.length);
  return starts;
}

const mostly = (answers: readonly boolean[]): boolean => answers.length > 0 && answers.filter(Boolean).length * 2 >= answers.length;

/** At most `most` of a list, evenly spread. */
function spread(list: readonly number[], most: number): readonly number[] {
  if (list.length <= most) return list;
  return Array.from({ length: most }, (_, index) => list[Math.floor((index * list.length) / most)] ?? 0);
}
