/**
 * A node is one table seen at one level with one set of inherited rights: the unit that is visited once. Columns, by node number; node 0 is the root.
 */
export interface Nodes {
  readonly count: number;
  readonly table: Uint32Array;
  readonly level: Uint8Array;
  /** First virtual page of its first visit. */
  readonly firstPage: Float64Array;
  /** Virtual places at which it is seen, over all paths: 1 unless shared. May be huge (exact up to 2^53). */
  readonly times: Float64Array;
  find(table: number, level: number, lost: number, inLoop: boolean): number | undefined;
}

export class NodesBuilder {
  readonly #byKey = new Map<number, number>();
  readonly #table: number[] = [];
  readonly #level: number[] = [];
  readonly #firstPage: number[] = [];
  readonly #empty: boolean[] = [];
  readonly #parents: number[] = [];
  readonly #children: number[] = [];

  add(table: number, level: number, lost: number, inLoop: boolean, page: number): number {
    const node = this.#table.length;
    this.#byKey.set(keyOf(table, level, lost, inLoop), node);
    this.#table.push(table);
    this.#level.push(level);
    this.#firstPage.push(page);
    return node;
  }

  find(table: number, level: number, lost: number, inLoop: boolean): number | undefined {
    return this.#byKey.get(keyOf(table, level, lost, inLoop));
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
      table: Uint32Array.from(this.#table),
      level: Uint8Array.from(this.#level),
      firstPage: Float64Array.from(this.#firstPage),
      times: this.#times(),
      find: (table, level, lost, inLoop) => this.find(table, level, lost, inLoop),
    };
  }

  /** Paths from the root to each node: sums over parents, level by level (edges go one level down only). */
  #times(): Float64Array {
    const times = new Float64Array(this.#table.length);
    if (times.length > 0) times[0] = 1;
    for (const edge of this.#edgesByLevel()) {
      const child = this.#children[edge] ?? 0;
      times[child] = (times[child] ?? 0) + (times[this.#parents[edge] ?? 0] ?? 0);
    }
    return times;
  }

  #edgesByLevel(): readonly number[] {
    const byLevel: number[][] = [];
    this.#parents.forEach((parent, edge) => {
      const level = this.#level[parent] ?? 0;
      byLevel[level] ??= [];
      byLevel[level].push(edge);
    });
    return byLevel.flat();
  }
}

/** Tables are below 2^17, levels below 8, rights 8 values, loop 1 bit: exact in a double. */
const keyOf = (table: number, level: number, lost: number, inLoop: boolean): number => ((table * 8 + level) * 8 + lost) * 2 + (inLoop ? 1 : 0);
