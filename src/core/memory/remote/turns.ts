/** Browsers open six connections to a host (HTTP/1.1): more requests would only wait there, where nobody sees it. */
const PER_HOST = 6;

/** Lets so many act at once and no more; the others wait, in the order in which they came. */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce = PER_HOST) {
    this.#free = atOnce;
  }

  async take<T>(act: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await act();
    } finally {
      this.#pass();
    }
  }

  /** The place goes from hand to hand: were it free for a moment, one more could slip in before who waited is told. */
  #pass(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
