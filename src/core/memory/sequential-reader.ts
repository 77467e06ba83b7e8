import { pause } from '#core/base/pause.ts';
import type { Task } from '#core/base/task.ts';
import type { ByteSource } from './byte-source.ts';

const CHUNK_BYTES = 1024 * 1024;
/** How long work may go on before waiting messages are let in. */
const SLICE_MS = 40;

/** Reads a source once from front to end in large chunks, reports how far it is, and lets the job be cancelled. */
export class SequentialReader {
  readonly #source: ByteSource;
  readonly #task: Task;
  readonly #step: string;
  #chunk: Uint8Array = new Uint8Array(0);
  /** Of the chunk's first byte in the source. */
  #chunkStart = 0;
  #at = 0;
  #sliceStart = Date.now();

  constructor(source: ByteSource, task: Task, step: string) {
    this.#source = source;
    this.#task = task;
    this.#step = step;
  }

  /** Offset in the source of the byte read next. */
  get offset(): number {
    return this.#chunkStart + this.#at;
  }

  /** Next bytes without going past them: at most `length`, fewer only where the source ends. @throws Cancelled */
  async peek(length: number): Promise<Uint8Array> {
    if (Date.now() - this.#sliceStart > SLICE_MS) await this.#rest();
    if (this.#chunk.length - this.#at < length) await this.#refill(length);
    return this.#chunk.subarray(this.#at, this.#at + length);
  }

  /** Next bytes, and goes past them. @throws Cancelled */
  async take(length: number): Promise<Uint8Array> {
    const bytes = await this.peek(length);
    this.#at += bytes.length;
    return bytes;
  }

  /** Goes past bytes without reading them, or to the end. */
  skip(length: number): void {
    const next = Math.min(this.offset + length, this.#source.size);
    if (next > this.#chunkStart + this.#chunk.length) {
      this.#chunk = new Uint8Array(0);
      this.#chunkStart = next;
    }
    this.#at = next - this.#chunkStart;
  }

  async #refill(least: number): Promise<void> {
    const start = this.offset;
    if (start + this.#chunk.length - this.#at >= this.#source.size) return;
    this.#tell();
    this.#chunk = await this.#source.read(start, Math.max(CHUNK_BYTES, 2 * least));
    this.#chunkStart = start;
    this.#at = 0;
  }

  async #rest(): Promise<void> {
    await pause();
    this.#tell();
    this.#sliceStart = Date.now();
  }

  #tell(): void {
    this.#task.report({ step: this.#step, done: this.offset, total: this.#source.size });
    this.#task.check();
  }
}
