import type { Root } from '#core/paging/mode.ts';
import type { Questions, TableView } from '#core/session/contract.ts';
import { type Need, needKey } from './lines.ts';
import { pathKey } from './slots.ts';

/** Answers kept: a table's rows are a few KB. The oldest go first; what is on screen is asked again if it ever goes. */
const MOST_KEPT = 600;

/**
 * The session's answers about the tables of one root, kept so that opening never flickers: while a new answer is under way the last one
 * about the same table stands in.
 */
export class TableAnswers {
  readonly #exact = new Map<string, TableView | undefined>();
  readonly #latest = new Map<string, TableView>();
  readonly #asked = new Set<string>();

  constructor(
    readonly questions: Questions,
    readonly root: Root,
  ) {}

  get(need: Need): TableView | undefined {
    const key = needKey(need);
    return this.#exact.has(key) ? this.#exact.get(key) : this.#latest.get(latestKey(need));
  }

  /** True where every need has its own answer. */
  hasAll(needs: readonly Need[]): boolean {
    return needs.every((need) => this.#exact.has(needKey(need)));
  }

  /** Asks for what is neither known nor asked for. True when something new is there, all of it at once. */
  async fetch(needs: readonly Need[]): Promise<boolean> {
    const missing = needs.filter((need) => !this.#exact.has(needKey(need)) && !this.#asked.has(needKey(need)));
    for (const need of missing) this.#asked.add(needKey(need));
    try {
      const answers = await Promise.all(missing.map((need) => this.questions.table(this.root, need.path, need.selectedSlot, need.unfolded)));
      missing.forEach((need, i) => {
        this.#keep(need, answers[i]);
      });
    } finally {
      for (const need of missing) this.#asked.delete(needKey(need));
    }
    return missing.length > 0;
  }

  #keep(need: Need, answer: TableView | undefined): void {
    this.#exact.set(needKey(need), answer);
    if (answer) this.#latest.set(latestKey(need), answer);
    for (const key of this.#exact.keys()) {
      if (this.#exact.size <= MOST_KEPT) break;
      this.#exact.delete(key);
    }
  }
}

const latestKey = (need: Need): string => `${pathKey(need.path)}${need.unfolded ? '/all' : ''}`;
