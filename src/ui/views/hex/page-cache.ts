import { virtualPage } from '#core/memory/address.ts';
import type { Root } from '#core/paging/mode.ts';
import type { BytePage, HexSpace, Questions } from '#core/session/contract.ts';
import { absentPartOf, emptyStretch } from './empty-stretch.ts';
import type { Emptiness } from './hex-blocks.ts';

/** Pages read at once: 64 KB, as much as costs hardly more than one page. */
export const GROUP_PAGES = 16;
/** Groups kept: 16 MB at most. */
const KEPT_GROUPS = 256;
/** Empty stretches kept. */
const KEPT_STRETCHES = 512;
/** Questions under way at once: one that is being answered, one that waits behind it. */
const AT_ONCE = 2;

interface Wish {
  readonly key: string;
  readonly run: () => Promise<void>;
}

/** What a pane needs. */
export interface Wants {
  readonly space: HexSpace;
  readonly pageCount: number;
  /** Pages whose bytes are to be read. */
  readonly pages: readonly number[];
  /** Virtual pages without memory whose stretch is not known, and what it may not cross. */
  readonly empty: readonly { readonly page: number; readonly bounds: { readonly first: number; readonly end: number } }[];
  /** Mapped virtual pages whose frames are absent, with the frames absent round one. */
  readonly leaves: readonly { readonly page: number; readonly gapOf: (frame: number) => Emptiness | undefined }[];
}

/**
 * Bytes of the pages around what the panes show, for one root of one dump. Panes say at every drawing what they need (`want`); what is
 * no longer wanted when its turn comes is not asked for, so that dragging through a terabyte asks for where it ends.
 */
export class PageCache {
  readonly #questions: Questions;
  readonly #root: Root | undefined;
  readonly #groups = new Map<string, readonly BytePage[]>();
  readonly #stretches: Emptiness[] = [];
  readonly #wishes = new Map<number, readonly Wish[]>();
  readonly #underWay = new Set<string>();
  readonly #asked = new Set<string>();
  readonly #failed = new Map<string, Error>();
  readonly #listeners = new Set<() => void>();
  #version = 0;

  constructor(questions: Questions, root: Root | undefined) {
    this.#questions = questions;
    this.#root = root;
  }

  /** Grows whenever something arrived: for React's external store. */
  readonly version = (): number => this.#version;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  page(space: HexSpace, page: number): BytePage | undefined {
    const pages = this.#groups.get(groupKey(space, page));
    return pages?.[page % GROUP_PAGES];
  }

  /** The known stretch of virtual pages without memory that holds this one. */
  stretch(page: number): Emptiness | undefined {
    return this.#stretches.find((s) => page >= s.first && page < s.first + s.count);
  }

  /** Why the pages round this one could not be read, or the stretch round it not be searched. */
  failure(space: HexSpace | 'empty', page: number): Error | undefined {
    return this.#failed.get(space === 'empty' ? `empty:${page}` : groupKey(space, page));
  }

  /** What a pane needs now, most needed first; replaces what it needed before. */
  want(pane: number, { space, pageCount, pages, empty, leaves }: Wants): void {
    const groups = [...new Set(pages.map((page) => page - (page % GROUP_PAGES)))];
    for (const first of groups) this.#refresh(groupKey(space, first));
    const reads = groups.map((first) => this.#groupWish(space, first, Math.min(GROUP_PAGES, pageCount - first)));
    const searches = empty.map(({ page, bounds }) => this.#stretchWish(page, bounds));
    this.#wishes.set(pane, [...reads, ...searches, ...leaves.map(({ page, gapOf }) => this.#leafWish(page, gapOf))]);
    this.#pump();
  }

  /** A pane was closed. */
  forget(pane: number): void {
    this.#wishes.delete(pane);
  }

  /** What is on the screen is the last to be let go. */
  #refresh(key: string): void {
    const pages = this.#groups.get(key);
    if (pages) keep(this.#groups, key, pages);
  }

  #groupWish(space: HexSpace, first: number, count: number): Wish {
    const key = groupKey(space, first);
    return { key, run: async () => keep(this.#groups, key, await this.#questions.readPages(this.#root, space, first, count)) };
  }

  #stretchWish(page: number, bounds: { first: number; end: number }): Wish {
    const search = async () => {
      if (!this.#root) return;
      this.#stretches.unshift(await emptyStretch(this.#questions, this.#root, page, bounds));
      this.#stretches.splice(KEPT_STRETCHES);
    };
    return { key: `empty:${page}`, run: search };
  }

  /** How far the absent part of a large page goes. Asked once; a 4 KB page has nothing to tell. */
  #leafWish(page: number, gapOf: Wants['leaves'][number]['gapOf']): Wish {
    const ask = async () => {
      this.#asked.add(`leaf:${page}`);
      if (!this.#root) return;
      const stretch = absentPartOf(await this.#questions.translate(this.#root, { page: virtualPage(page), offset: 0 }), gapOf);
      if (stretch) this.#stretches.unshift(stretch);
      this.#stretches.splice(KEPT_STRETCHES);
    };
    return { key: `leaf:${page}`, run: ask };
  }

  #pump(): void {
    for (const wish of [...this.#wishes.values()].flat()) {
      if (this.#underWay.size >= AT_ONCE) return;
      if (!this.#isDone(wish.key) && !this.#underWay.has(wish.key)) void this.#grant(wish);
    }
  }

  #isDone(key: string): boolean {
    if (this.#failed.has(key)) return true;
    if (key.startsWith('empty:')) return this.stretch(Number(key.slice('empty:'.length))) !== undefined;
    return this.#asked.has(key) || this.#groups.has(key);
  }

  async #grant(wish: Wish): Promise<void> {
    this.#underWay.add(wish.key);
    try {
      await wish.run();
    } catch (error) {
      this.#failed.set(wish.key, error instanceof Error ? error : new Error(String(error)));
    }
    this.#underWay.delete(wish.key);
    this.#version++;
    for (const listener of this.#listeners) listener();
    this.#pump();
  }
}

const groupKey = (space: HexSpace, page: number): string => `${space}:${Math.floor(page / GROUP_PAGES)}`;

/** Puts in as the newest and lets the oldest go. */
function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > KEPT_GROUPS && !oldest.done) map.delete(oldest.value);
}
