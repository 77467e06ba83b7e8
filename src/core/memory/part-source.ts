import type { ByteSource, Origin } from './byte-source.ts';
import { isLossy, type LossySource, type LostRun } from './lossy-source.ts';

/** A stretch of a source, as a source of its own; shorter where the source ends before. */
export class PartSource implements LossySource {
  readonly name: string;
  readonly size: number;
  readonly #source: ByteSource;
  readonly #start: number;

  constructor(source: ByteSource, start: number, length: number, name = source.name) {
    this.name = name;
    this.#source = source;
    this.#start = start;
    this.size = Math.max(0, Math.min(length, source.size - start));
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = Math.min(length, this.size - offset);
    return bytes > 0 ? this.#source.read(this.#start + offset, bytes) : new Uint8Array(0);
  }

  async origin(offset: number): Promise<Origin> {
    return { source: this.#source, offset: this.#start + offset };
  }

  lost(offset: number, length: number): readonly LostRun[] {
    if (!isLossy(this.#source)) return [];
    const runs = this.#source.lost(this.#start + offset, Math.max(0, Math.min(length, this.size - offset)));
    return runs.map((run) => ({ ...run, offset: run.offset - this.#start }));
  }
}
