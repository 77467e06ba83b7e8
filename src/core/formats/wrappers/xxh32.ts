import { Stripes, wordAt } from './stripes.ts';

const PRIME_1 = 0x9e3779b1;
const PRIME_2 = 0x85ebca77;
const PRIME_3 = 0xc2b2ae3d;
const PRIME_4 = 0x27d4eb2f;
const PRIME_5 = 0x165667b1;
const STRIPE_BYTES = 16;

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));
const round = (lane: number, word: number): number => Math.imul(rotate((lane + Math.imul(word, PRIME_2)) | 0, 13), PRIME_1);
/** xxHash-32 with seed 0 (xxHash fast digest algorithm 0.1.1, "XXH32"), of bytes that come in pieces. */
export class Xxh32 {
  readonly #lanes = Int32Array.of(PRIME_1 + PRIME_2, PRIME_2, 0, -PRIME_1);
  readonly #input = new Stripes(STRIPE_BYTES, (bytes, from, end) => this.#stripes(bytes, from, end));

  update(bytes: Uint8Array): void {
    this.#input.add(bytes);
  }

  /** The hash of all so far, unsigned. */
  digest(): number {
    const { length, rest } = this.#input;
    const [a = 0, b = 0, c = 0, d = 0] = this.#lanes;
    const lanes = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
    let hash = ((length >= STRIPE_BYTES ? lanes : PRIME_5) + length) | 0;
    let at = 0;
    for (; at + 4 <= rest.length; at += 4) hash = Math.imul(rotate((hash + Math.imul(wordAt(rest, at), PRIME_3)) | 0, 17), PRIME_4);
    for (; at < rest.length; at++) hash = Math.imul(rotate((hash + Math.imul(rest[at] ?? 0, PRIME_5)) | 0, 11), PRIME_1);
    hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
    hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
    return (hash ^ (hash >>> 16)) >>> 0;
  }

  #stripes(bytes: Uint8Array, from: number, end: number): void {
    let [a = 0, b = 0, c = 0, d = 0] = this.#lanes;
    for (let at = from; at < end; at += STRIPE_BYTES) {
      a = round(a, wordAt(bytes, at));
      b = round(b, wordAt(bytes, at + 4));
      c = round(c, wordAt(bytes, at + 8));
      d = round(d, wordAt(bytes, at + 12));
    }
    this.#lanes.set([a, b, c, d]);
  }
}

export function xxh32(bytes: Uint8Array): number {
  const hash = new Xxh32();
  hash.update(bytes);
  return hash.digest();
}
