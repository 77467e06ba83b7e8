/** Every host has these; declared here because core knows neither the DOM's types nor Node's. */
declare const setTimeout: (run: () => void, milliseconds: number) => unknown;
declare const clearTimeout: (timer: unknown) => void;
declare class AbortController {
  readonly signal: unknown;
  abort(): void;
}

/** A whole answer may take long over a slow line: what counts is that it goes on. */
export const MOST_SILENCE_MS = 30_000;
/** An answer that drips is none. */
const LEAST_PROGRESS_BYTES = 64 * 1024;

/** Ends a request when for so long nothing, or hardly anything, comes. */
export class Patience {
  readonly #abort = new AbortController();
  readonly #silenceMs: number;
  #timer: unknown;
  #fresh = 0;
  #isOver = false;

  constructor(silenceMs: number) {
    this.#silenceMs = silenceMs;
    this.#begin();
  }

  /** For `fetch`: an AbortSignal. */
  get signal(): unknown {
    return this.#abort.signal;
  }

  /** True where it was this that ended the request. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** "30 seconds", for the sentence. */
  get text(): string {
    return `${this.#silenceMs / 1000} seconds`;
  }

  /** Bytes came: time begins anew. */
  note(bytes: number): void {
    this.#fresh += bytes;
    if (this.#fresh < LEAST_PROGRESS_BYTES) return;
    this.#fresh = 0;
    this.end();
    this.#begin();
  }

  /** The request is over. */
  end(): void {
    clearTimeout(this.#timer);
  }

  #begin(): void {
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      this.#abort.abort();
    }, this.#silenceMs);
  }
}
