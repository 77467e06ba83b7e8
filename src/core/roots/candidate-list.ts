import { frameOfWide, P } from '#core/paging/entry.ts';
import type { PagingModeId } from '#core/paging/mode.ts';

/** Entries of a candidate looked at before its tables are read. */
export const SAMPLED = 4;
/** Words of them: four entries of two words, whatever the mode. Of a PAE root they are the root itself. */
export const SAMPLE_WORDS = 8;
/** 20 MB of columns. What comes beyond is dropped, and counted. */
const MOST = 1 << 19;

const MODES: readonly PagingModeId[] = ['pae', '4-level', '5-level', '32-bit'];

/** Candidates as they cross from a worker: rows of the columns of a list. */
export interface CandidateColumns {
  readonly addresses: Float64Array;
  readonly modes: Uint8Array;
  readonly samples: Uint32Array;
  readonly dropped: number;
}

/** Places that have the shape of a root, in columns: there may be hundreds of thousands before their tables are looked at. */
export class CandidateList {
  #addresses = new Float64Array(256);
  #modes = new Uint8Array(256);
  #samples = new Uint32Array(256 * SAMPLE_WORDS);
  #count = 0;
  dropped = 0;

  get count(): number {
    return this.#count;
  }

  /** `words[at …]`: the eight words of four entries. */
  add(address: number, mode: PagingModeId, words: Uint32Array, at = 0): void {
    const row = this.#newRow();
    if (row < 0) return;
    this.#addresses[row] = address;
    this.#modes[row] = MODES.indexOf(mode);
    for (let i = 0; i < SAMPLE_WORDS; i++) this.#samples[row * SAMPLE_WORDS + i] = words[at + i] ?? 0;
  }

  /** -1 where the list is full. */
  #newRow(): number {
    if (this.#count === MOST) {
      this.dropped++;
      return -1;
    }
    if (this.#count === this.#addresses.length) this.#grow(this.#count * 2);
    return this.#count++;
  }

  address(at: number): number {
    return this.#addresses[at] ?? 0;
  }

  mode(at: number): PagingModeId {
    return MODES[this.#modes[at] ?? 0] ?? 'pae';
  }

  /** Frame that sampled entry `i` names; -1 where it names none. */
  frame(at: number, i: number): number {
    const low = this.#samples[at * SAMPLE_WORDS + i * 2] ?? 0;
    const high = this.#samples[at * SAMPLE_WORDS + i * 2 + 1] ?? 0;
    return (low & P) === 0 ? -1 : frameOfWide(low, high);
  }

  /** The sampled entries, copied. */
  sample(at: number): Uint32Array {
    return this.#samples.slice(at * SAMPLE_WORDS, (at + 1) * SAMPLE_WORDS);
  }

  /** Keeps the candidates for which `stays` is true, in order. */
  keep(stays: (at: number) => boolean): void {
    let to = 0;
    for (let at = 0; at < this.#count; at++) {
      if (!stays(at)) continue;
      this.#addresses[to] = this.#addresses[at] ?? 0;
      this.#modes[to] = this.#modes[at] ?? 0;
      this.#samples.copyWithin(to * SAMPLE_WORDS, at * SAMPLE_WORDS, (at + 1) * SAMPLE_WORDS);
      to++;
    }
    this.#count = to;
  }

  /** A copy, each column of its own buffer. */
  columns(): CandidateColumns {
    return {
      addresses: this.#addresses.slice(0, this.#count),
      modes: this.#modes.slice(0, this.#count),
      samples: this.#samples.slice(0, this.#count * SAMPLE_WORDS),
      dropped: this.dropped,
    };
  }

  addAll({ addresses, modes, samples, dropped }: CandidateColumns): void {
    const taken = Math.min(addresses.length, MOST - this.#count);
    if (this.#count + taken > this.#addresses.length) this.#grow(Math.max(this.#count * 2, this.#count + taken));
    this.#addresses.set(addresses.subarray(0, taken), this.#count);
    this.#modes.set(modes.subarray(0, taken), this.#count);
    this.#samples.set(samples.subarray(0, taken * SAMPLE_WORDS), this.#count * SAMPLE_WORDS);
    this.#count += taken;
    this.dropped += dropped + addresses.length - taken;
  }

  #grow(size: number): void {
    const [addresses, modes, samples] = [this.#addresses, this.#modes, this.#samples];
    this.#addresses = new Float64Array(size);
    this.#modes = new Uint8Array(size);
    this.#samples = new Uint32Array(size * SAMPLE_WORDS);
    this.#addresses.set(addresses);
    this.#modes.set(modes);
    this.#samples.set(samples);
  }
}
