import { lastAtOrBelow } from '#core/base/bisect.ts';
import type { Origin } from './byte-source.ts';
import type { LossySource, LostRun } from './lossy-source.ts';

/** Sources one behind the other, as one. */
export class JoinedSource implements LossySource {
  readonly name: string;
  readonly size: number;
  readonly #parts: readonly LossySource[];
  readonly #starts: Float64Array;

  constructor(parts: readonly LossySource[]) {
    this.name = parts[0]?.name ?? '';
    this.#parts = parts;
    let size = 0;
    this.#starts = Float64Array.from(parts, (part) => {
      size += part.size;
      return size - part.size;
    });
    this.size = size;
  }

  /** Where each part begins. */
  get starts(): readonly number[] {
    return [...this.#starts];
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.size, offset + length);
    const pieces = await Promise.all(this.#within(offset, end).map(({ part, from, bytes }) => part.read(from, bytes)));
    if (pieces.length === 1) return pieces[0] ?? new Uint8Array(0);
    const whole = new Uint8Array(Math.max(0, end - offset));
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  async origin(offset: number): Promise<Origin | undefined> {
    const [at] = this.#within(offset, offset + 1);
    return at && { source: at.part, offset: at.from };
  }

  lost(offset: number, length: number): readonly LostRun[] {
    return this.#within(offset, Math.min(this.size, offset + length)).flatMap(({ part, start, from, bytes }) =>
      part.lost(from, bytes).map((run) => ({ ...run, offset: run.offset + start })),
    );
  }

  /** What of each part lies in a stretch. */
  #within(offset: number, end: number): { readonly part: LossySource; readonly start: number; readonly from: number; readonly bytes: number }[] {
    const found = [];
    for (let row = Math.max(0, lastAtOrBelow(this.#starts, offset)); row < this.#parts.length; row++) {
      const [part, start] = [this.#parts[row], this.#starts[row] ?? 0];
      if (part === undefined || start >= end) break;
      const from = Math.max(0, offset - start);
      const bytes = Math.min(part.size, end - start) - from;
      if (bytes > 0) found.push({ part, start, from, bytes });
    }
    return found;
  }
}
