import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Bytes gathered before a write: a list may have millions of lines. */
const CHUNK = 1 << 16;

/** Lines to a stream, waiting when the reader is slow. A reader that goes away (`| head`) ends the writing quietly. */
export class Output {
  readonly #stream: Writable;
  #pending = '';
  #gone = false;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      this.#gone = true;
    });
  }

  /** True when nobody reads any more: stop. */
  get isGone(): boolean {
    return this.#gone;
  }

  async line(text: string): Promise<void> {
    this.#pending += `${text}\n`;
    if (this.#pending.length >= CHUNK) await this.flush();
  }

  async flush(): Promise<void> {
    const text = this.#pending;
    this.#pending = '';
    if (text === '' || this.#gone) return;
    if (!this.#stream.write(text)) await this.#drained();
  }

  /** Until the reader has caught up or is gone. */
  async #drained(): Promise<void> {
    const over = new AbortController();
    const { signal } = over;
    await Promise.race([once(this.#stream, 'drain', { signal }), once(this.#stream, 'close', { signal })]).catch(() => undefined);
    // Takes the other's listeners off: a long list waits thousands of times.
    over.abort();
  }
}
