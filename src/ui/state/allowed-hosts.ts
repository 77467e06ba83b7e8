import * as v from 'valibot';

const KEY = 'pagewalk-hosts';
const MOST = 50;
const ORIGINS = v.pipe(v.array(v.pipe(v.string(), v.maxLength(300), v.regex(/^https?:\/\/[^/]+$/))), v.maxLength(MOST));

type Storage_ = Pick<Storage, 'getItem' | 'setItem'>;

/** Hosts that the user said yes to: for this visit, or for good on this device. A link cannot add to them. */
export class AllowedHosts {
  readonly #own: string;
  readonly #storage: Storage_ | undefined;
  readonly #now = new Set<string>();

  /** @param own Origin of the page itself, which needs no yes. */
  constructor(own: string, storage: Storage_ | undefined) {
    this.#own = own;
    this.#storage = storage;
  }

  has(origin: string): boolean {
    return origin === this.#own || this.#now.has(origin) || this.remembered.includes(origin);
  }

  allow(origin: string, forGood: boolean): void {
    this.#now.add(origin);
    if (forGood) this.#keep([origin, ...this.remembered.filter((other) => other !== origin)].slice(0, MOST));
  }

  /** Takes back both kinds of yes. */
  forget(origin: string): void {
    this.#now.delete(origin);
    this.#keep(this.remembered.filter((other) => other !== origin));
  }

  /** Those kept on this device. Whatever else stands in the storage is not believed. */
  get remembered(): readonly string[] {
    try {
      const kept = v.safeParse(ORIGINS, JSON.parse(this.#storage?.getItem(KEY) ?? '[]'));
      return kept.success ? kept.output : [];
    } catch {
      return [];
    }
  }

  #keep(origins: readonly string[]): void {
    try {
      this.#storage?.setItem(KEY, JSON.stringify(origins));
    } catch {
      // Storage forbidden: the yes holds for this visit.
    }
  }
}
