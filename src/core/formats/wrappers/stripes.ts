/** Bytes that come in pieces, cut into stripes of one length, as the xxHash algorithms take them. */
export class Stripes {
  /** Of all that came, bytes. */
  length = 0;
  readonly #rest: Uint8Array;
  #restBytes = 0;
  readonly #take: (bytes: Uint8Array, from: number, end: number) => void;

  /** @param take Gets whole stripes: bytes [from, end) of what it is given. */
  constructor(stripeBytes: number, take: (bytes: Uint8Array, from: number, end: number) => void) {
    this.#rest = new Uint8Array(stripeBytes);
    this.#take = take;
  }

  add(bytes: Uint8Array): void {
    const stripeBytes = this.#rest.length;
    this.length += bytes.length;
    let at = 0;
    if (this.#restBytes > 0) {
      at = Math.min(bytes.length, stripeBytes - this.#restBytes);
      this.#keep(bytes.subarray(0, at));
      if (this.#restBytes < stripeBytes) return;
      this.#take(this.#rest, 0, stripeBytes);
      this.#restBytes = 0;
    }
    const whole = bytes.length - ((bytes.length - at) % stripeBytes);
    this.#take(bytes, at, whole);
    this.#keep(bytes.subarray(whole));
  }

  /** What is left over: less than a stripe. */
  get rest(): Uint8Array {
    return this.#rest.subarray(0, this.#restBytes);
  }

  #keep(bytes: Uint8Array): void {
    this.#rest.set(bytes, this.#restBytes);
    this.#restBytes += bytes.length;
  }
}

/** 32 bits, little-endian, signed. */
export const wordAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
