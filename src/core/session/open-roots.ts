import type { Task } from '#core/base/task.ts';
import type { OpenedDump } from '#core/formats/format.ts';
import type { Root } from '#core/paging/mode.ts';
import { OpenedRoot } from './opened-root.ts';
import { type RootAtlas, rootAtlas } from './root-atlas.ts';
import { rootKey } from './root-choice.ts';
import type { RootSearch } from './root-search.ts';

/** Roots kept open: enough to go back and forth between two processes and their kernel. */
const MOST_OPEN = 4;

/** The roots of a dump that were read, and their atlases: the last few are kept. */
export class OpenRoots {
  readonly #dump: OpenedDump;
  readonly #printedAt: ReadonlyMap<number, number>;
  readonly #search: RootSearch;
  readonly #task: Task;
  /** By root, least lately used first. */
  readonly #roots = new Map<string, Promise<OpenedRoot>>();
  /** By root and layout. */
  readonly #atlases = new Map<string, RootAtlas>();
  /** Layout last chosen for a root, so that later questions name regions as the map does. */
  readonly #layouts = new Map<string, string | undefined>();

  /** `printedAt`: page at which a text printed each frame. */
  constructor(dump: OpenedDump, printedAt: ReadonlyMap<number, number>, search: RootSearch, task: Task) {
    this.#dump = dump;
    this.#printedAt = printedAt;
    this.#search = search;
    this.#task = task;
  }

  /** From now on the root's regions are named by this layout; undefined: by the best fit. */
  nameBy(root: Root, layoutId: string | undefined): void {
    this.#layouts.set(rootKey(root), layoutId);
  }

  async atlas(root: Root): Promise<RootAtlas> {
    const opened = await this.open(root);
    const layout = this.#layouts.get(rootKey(root));
    const key = `${rootKey(root)} ${layout ?? ''}`;
    const known = this.#atlases.get(key);
    if (known?.root === opened) return known;
    const atlas = rootAtlas(opened, this.#dump.text !== undefined, layout);
    this.#atlases.set(key, atlas);
    return atlas;
  }

  /** One reading of a root at a time, shared by all who ask meanwhile; forgotten if it fails or is cancelled. */
  open(root: Root): Promise<OpenedRoot> {
    const key = rootKey(root);
    const known = this.#roots.get(key);
    this.#roots.delete(key);
    const opened = known ?? OpenedRoot.open(this.#dump.image, this.#search.choiceOf(root), this.#printedAt, this.#task);
    this.#roots.set(key, opened);
    if (!known) opened.catch(() => this.#roots.delete(key));
    this.#forgetOldest();
    return opened;
  }

  #forgetOldest(): void {
    const [oldest] = this.#roots.keys();
    if (this.#roots.size <= MOST_OPEN || oldest === undefined) return;
    this.#roots.delete(oldest);
    for (const key of [...this.#atlases.keys()]) if (key.startsWith(`${oldest} `)) this.#atlases.delete(key);
  }
}
