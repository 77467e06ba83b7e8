import { ATTR_WRITE_LOST_AT_SHIFT } from './run-columns.ts';

/**
 * A node is one table seen at one level under one history of rights (which level above took which): the unit that is visited once. Columns, by node number; node 0 is the root.
 */
export interface Nodes {
  readonly count: number;
  readonly table: Uint32Array;
  readonly level: Uint8Array;
  /** First virtual page of its first visit. */
  readonly firstPage: Float64Array;
  /** Virtual places at which it is seen, over all paths: 1 unless shared. May be huge (exact up to 2^53). */
  readonly times: Float64Array;
  find(table: number, level: number, lostAt: number, inLoop: boolean): number | undefined;
}

export class NodesBuilder {
  readonly #byKey = new Map<number, number>();
  readonly #table: number[] = [];
  readonly #level: number[] = [];
  readonly #firstPage: number[] = [];
  readonly #empty: boolean[] = [];
  readonly #parents: number[] = [];
  readonly #children: number[] = [];

  add(table: number, level: number, lostAt: number, inLoop: boolean, page: number): number {
    const node = this.#table.length;
    this.#byKey.set(keyOf(table, level, lostAt, inLoop), node);
    this.#table.push(table);
    this.#level.push(level);
    this.#firstPage.push(page);
    return node;
  }

  find(table: number, level: number, lostAt: number, inLoop: boolean): number | undefined {
    return this.#byKey.get(keyOf(table, level, lostAt, inLoop));
  }

  /** An entry of `parent` names `child`: how often each is seen follows from these. */
  edge(parent: number, child: number): void {
    this.#parents.push(parent);
    this.#children.push(child);
  }

  markEmpty(node: number): void {
    this.#empty[node] = true;
  }

  isEmpty(node: number): boolean {
    return this.#empty[node] === true;
  }

  freeze(): Nodes {
    return {
      count: this.#table.length,
      table: new Uint32Array(this.#table),
      level: new Uint8Array(this.#level),
      firstPage: new Float64Array(this.#firstPage),
      times: this.#times(),
      find: (table, level, lostAt, inLoop) => this.find(table, level, lostAt, inLoop),
    };
  }

  /** Paths from the root to each node: sums over parents, level by level (edges go one level down only). */
  #times(): Float64Array {
    const times = new Float64Array(this.#table.length);
    if (times.length > 0) times[0] = 1;
    const deepest = this.#level.reduce((most, level) => Math.max(most, level), 0);
    for (let level = 0; level < deepest; level++) this.#addEdgesOf(level, times);
    return times;
  }

  #addEdgesOf(level: number, times: Float64Array): void {
    for (let edge = 0; edge < this.#parents.length; edge++) {
      const parent = this.#parents[edge] ?? 0;
      if (this.#level[parent] !== level) continue;
      const child = this.#children[edge] ?? 0;
      times[child] = (times[child] ?? 0) + (times[parent] ?? 0);
    }
  }
}

/**
 * `lostAt` (which level took which right, as in `attrs`: nine bits) rather than the rights alone, so that a run's levels hold at every place
 * its table is seen at. Tables are below 2^17, levels below 8: exact in a double.
 */
function keyOf(table: number, level: number, lostAt: number, inLoop: boolean): number {
  return ((table * 8 + level) * 512 + (lostAt >>> ATTR_WRITE_LOST_AT_SHIFT)) * 2 + (inLoop ? 1 : 0);
}
