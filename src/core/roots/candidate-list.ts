import type { PagingModeId } from '#core/paging/mode.ts';

/** Entries of a candidate looked at before its tables are read. */
export const SAMPLED = 4;
/** 20 MB of columns. What comes beyond is dropped, and counted. */
const MOST = 1 << 19;

const MODES: readonly PagingModeId[] = ['pae', '4-level', '5-level', '32-bit'];

/** Places that have the shape of a root, in columns: there may be hundreds of thousands before their tables are looked at. */
export class CandidateList {
  #addresses = new Float64Array(1024);
  #modes = new Uint8Array(1024);
  #frames = new Float64Array(1024 * SAMPLED);
  #count = 0;
  dropped = 0;

  get count(): number {
    return this.#count;
  }

  /** `frames`: at most SAMPLED frames that entries name as tables. */
  add(address: number, mode: PagingModeId, frames: readonly number[]): void {
    if (this.#count === MOST) {
      this.dropped++;
      return;
    }
    if (this.#count === this.#addresses.length) this.#grow();
    const at = this.#count++;
    this.#addresses[at] = address;
    this.#modes[at] = MODES.indexOf(mode);
    for (let i = 0; i < SAMPLED; i++) this.#frames[at * SAMPLED + i] = frames[i] ?? -1;
  }

  address(at: number): number {
    return this.#addresses[at] ?? 0;
  }

  mode(at: number): PagingModeId {
    return MODES[this.#modes[at] ?? 0] ?? 'pae';
  }

  /** Sampled frame `i` of a candidate; -1 where it has fewer. */
  frame(at: number, i: number): number {
    return this.#frames[at * SAMPLED + i] ?? -1;
  }

  /** Keeps the candidates for which `stays` is true, in order. */
  keep(stays: (at: number) => boolean): void {
    let to = 0;
    for (let at = 0; at < this.#count; at++) {
      if (!stays(at)) continue;
      this.#addresses[to] = this.#addresses[at] ?? 0;
      this.#modes[to] = this.#modes[at] ?? 0;
      this.#frames.copyWithin(to * SAMPLED, at * SAMPLED, (at + 1) * SAMPLED);
      to++;
    }
    this.#count = to;
  }

  #grow(): void {
    const size = this.#addresses.length * 2;
    const addresses = new Float64Array(size);
    const modes = new Uint8Array(size);
    const frames = new Float64Array(size * SAMPLED);
    addresses.set(this.#addresses);
    modes.set(this.#modes);
    frames.set(this.#frames);
    this.#addresses = addresses;
    this.#modes = modes;
    this.#frames = frames;
  }
}
