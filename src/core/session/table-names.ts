import type { Atlas } from '#core/atlas/build-atlas.ts';
import { levelsThatTook } from '#core/atlas/run-attrs.ts';
import { frameNamed, rightsLost } from '#core/paging/entry.ts';
import { entryOf, isLoop, tableNamed } from '#core/tables/node.ts';
import type { TableIndex } from '#core/tables/table-store.ts';
import { slotOf } from '#core/tables/walk.ts';
import type { TablePath } from './contract.ts';

/** A table as reached by a path: what the levels above it say. */
export interface TablePlace {
  readonly path: TablePath;
  readonly table: TableIndex;
  readonly level: number;
  readonly lost: number;
  readonly lostAt: number;
  readonly inLoop: boolean;
  readonly firstPage: number;
}

/** Paths to tables and back: a table is called after the slot by which it is first met, "PD[3]". */
export class TableNames {
  readonly #atlas: Atlas;
  /** Node of each table at the level it was first met; -1 where there is none. */
  readonly #home: Int32Array;

  constructor(atlas: Atlas) {
    this.#atlas = atlas;
    this.#home = new Int32Array(atlas.forest.store.count).fill(-1);
    for (let node = atlas.nodes.count - 1; node >= 0; node--) {
      const table = atlas.nodes.table[node] ?? 0;
      if (atlas.nodes.level[node] === atlas.forest.store.homeLevel(table)) this.#home[table] = node;
    }
  }

  /** The table a path leads to; undefined where an entry on the way is not present, maps memory, or its table is not stored. */
  resolve(path: TablePath): TablePlace | undefined {
    const { forest } = this.#atlas;
    let place: TablePlace = { path: [], table: 0, level: 0, lost: 0, lostAt: 0, inLoop: false, firstPage: 0 };
    for (const slot of path) {
      const shape = forest.shapes[place.level];
      if (!shape || slot < 0 || slot >= shape.entries) return undefined;
      const entry = entryOf(forest, place.table, slot);
      const named = entry.presence === 'held' ? tableNamed(forest, place.level, entry) : undefined;
      if (named === undefined) return undefined;
      const taken = rightsLost(shape, entry.low, entry.high);
      place = {
        path: [...place.path, slot],
        table: named,
        level: place.level + 1,
        lost: place.lost | taken,
        lostAt: place.lostAt | levelsThatTook(taken & ~place.lost, place.level),
        inLoop: place.inLoop || isLoop(forest, place.level, named),
        firstPage: place.firstPage + slot * shape.pagesPerEntry,
      };
    }
    return place;
  }

  /** The path by which a table is first met; [] for the root; undefined for a table the atlas never reached. */
  pathOf(table: TableIndex): TablePath | undefined {
    const { nodes, forest } = this.#atlas;
    const node = this.#home[table] ?? -1;
    if (node < 0) return table === 0 ? [] : undefined;
    const page = nodes.firstPage[node] ?? 0;
    return Array.from({ length: nodes.level[node] ?? 0 }, (_, level) => slotOf(forest, level, page));
  }

  /** Path of the table a frame is, if it is one of this root. */
  pathOfFrame(frame: number): TablePath | undefined {
    const { store } = this.#atlas.forest;
    const table = store.find(frame) ?? (frame === store.frame(0) ? 0 : undefined);
    return table === undefined ? undefined : this.pathOf(table);
  }

  /** "PDPT", "PD[3]": the table's kind at the end of a path, with the slot that led there. */
  nameOf(path: TablePath): string {
    const level = this.#atlas.forest.mode.levels[path.length];
    const slot = path.at(-1);
    return `${level?.tableName ?? 'page'}${slot === undefined ? '' : `[${slot}]`}`;
  }

  /** Frame a present entry names at the end of `path`, whether or not the table is stored. */
  frameBelow(path: TablePath, slot: number): number | undefined {
    const place = this.resolve(path);
    const shape = place && this.#atlas.forest.shapes[place.level];
    if (!place || !shape) return undefined;
    const { low, high, presence } = entryOf(this.#atlas.forest, place.table, slot);
    return presence === 'held' && (low & 1) !== 0 ? frameNamed(shape, low, high) : undefined;
  }
}
