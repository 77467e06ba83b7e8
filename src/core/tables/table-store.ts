import { invariant } from '#core/base/invariant.ts';

/** 32-bit words in a frame. */
export const WORDS = 1024;
const TABLES_PER_CHUNK = 256;

/** What is known of a table's words. `partial`: only some (a text, a cut file); ask `wordPresence`. */
export const TABLE_HELD = 0;
export const TABLE_PARTIAL = 1;
export const TABLE_ABSENT = 2;

/** Codes in `wordPresence`. */
export const WORD_HELD = 0;
export const WORD_ASSUMED_ZERO = 1;
export const WORD_ABSENT = 2;

/** Index of a table in its store: dense, from 0. The root is table 0. */
export type TableIndex = number;

/**
 * Every page table of one root, each once, in an arena of 1 MiB chunks: a table is 1024 words at a fixed place.
 * Absent tables have an index too, so that what names them can be shown; their words are 0 and mean nothing.
 */
export class TableStore {
  readonly #chunks: Uint32Array[] = [];
  readonly #byFrame = new Map<number, TableIndex>();
  readonly #frames: number[] = [];
  readonly #states: number[] = [];
  readonly #homeLevels: number[] = [];
  readonly #uses: number[] = [];
  readonly #partial = new Map<TableIndex, Uint8Array>();
  readonly #reasons = new Map<TableIndex, string>();

  get count(): number {
    return this.#frames.length;
  }

  /** Adds a table. `keyed: false` keeps it from being found by frame: a PAE root is 32 bytes of a frame, not the frame. */
  add(frame: number, homeLevel: number, keyed = true): TableIndex {
    const table = this.#frames.length;
    if (table % TABLES_PER_CHUNK === 0) this.#chunks.push(new Uint32Array(TABLES_PER_CHUNK * WORDS));
    this.#frames.push(frame);
    this.#states.push(TABLE_HELD);
    this.#homeLevels.push(homeLevel);
    this.#uses.push(0);
    if (keyed) this.#byFrame.set(frame, table);
    return table;
  }

  find(frame: number): TableIndex | undefined {
    return this.#byFrame.get(frame);
  }

  /** The table's 1024 words, a view into the arena. */
  words(table: TableIndex): Uint32Array {
    const chunk = this.#chunks[Math.floor(table / TABLES_PER_CHUNK)];
    invariant(chunk, `table ${table} is stored`);
    const start = (table % TABLES_PER_CHUNK) * WORDS;
    return chunk.subarray(start, start + WORDS);
  }

  frame(table: TableIndex): number {
    return this.#frames[table] ?? -1;
  }

  state(table: TableIndex): number {
    return this.#states[table] ?? TABLE_ABSENT;
  }

  /** Level at which the table was first met from the root: an entry at this level or below that names it is a loop. */
  homeLevel(table: TableIndex): number {
    return this.#homeLevels[table] ?? 0;
  }

  /** How many present entries name it. */
  uses(table: TableIndex): number {
    return this.#uses[table] ?? 0;
  }

  countUse(table: TableIndex): void {
    this.#uses[table] = (this.#uses[table] ?? 0) + 1;
  }

  markAbsent(table: TableIndex, reason: string): void {
    this.#states[table] = TABLE_ABSENT;
    this.#reasons.set(table, reason);
  }

  /** `presence`: one WORD_ code for each of the 1024 words. */
  markPartial(table: TableIndex, presence: Uint8Array): void {
    this.#states[table] = TABLE_PARTIAL;
    this.#partial.set(table, presence);
  }

  /** Undefined where every word is held (or none: see `state`). */
  wordPresence(table: TableIndex): Uint8Array | undefined {
    return this.#partial.get(table);
  }

  absentReason(table: TableIndex): string {
    return this.#reasons.get(table) ?? 'not in this dump';
  }
}
