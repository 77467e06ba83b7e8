/** Bits of bytes, most significant first. Past the end they are 0, and `isPast` says so. */
export class Bits {
  readonly #bytes: Uint8Array;
  /** Bits from the start of the bytes. */
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  get isPast(): boolean {
    return this.#at > this.#bytes.length * 8;
  }

  /** Next 1 to 24 bits without going past them. */
  peek(count: number): number {
    const at = this.#at >>> 3;
    const bytes = this.#bytes;
    const word = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    return (word << (this.#at & 7)) >>> (32 - count);
  }

  skip(count: number): void {
    this.#at += count;
  }

  take(count: number): number {
    const value = this.peek(count);
    this.#at += count;
    return value;
  }

  /** Unsigned. */
  take32(): number {
    return this.take(16) * 65536 + this.take(16);
  }
}
