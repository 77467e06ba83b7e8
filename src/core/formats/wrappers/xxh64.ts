import { Stripes, wordAt } from './stripes.ts';

/** A 64-bit constant as the parts that a product needs: low and high half, and the low half's own halves. */
interface Factor {
  readonly low: number;
  readonly high: number;
  readonly low0: number;
  readonly low1: number;
}

const factor = (high: number, low: number): Factor => ({ low: low | 0, high: high | 0, low0: low & 0xffff, low1: low >>> 16 });

const PRIME_1 = factor(0x9e3779b1, 0x85ebca87);
const PRIME_2 = factor(0xc2b2ae3d, 0x27d4eb4f);
const PRIME_3 = factor(0x165667b1, 0x9e3779f9);
const PRIME_4 = factor(0x85ebca77, 0xc2b2ae63);
const PRIME_5 = factor(0x27d4eb2f, 0x165667c5);
const STRIPE_BYTES = 32;
const LANES = 4;

/** A 64-bit number that is worked on: two signed halves. */
class Word {
  low = 0;
  high = 0;

  set(low: number, high: number): this {
    this.low = low | 0;
    this.high = high | 0;
    return this;
  }

  add(low: number, high: number): this {
    const sum = (this.low >>> 0) + (low >>> 0);
    this.low = sum | 0;
    this.high = (this.high + high + (sum > 0xffff_ffff ? 1 : 0)) | 0;
    return this;
  }

  /** Modulo 2^64: of the halves' products the low one whole, of the two that cross their low halves. */
  multiply({ low, high, low0, low1 }: Factor): this {
    const [a0, a1] = [this.low & 0xffff, this.low >>> 16];
    const [p01, p10] = [a0 * low1, a1 * low0];
    const carry = (((a0 * low0) >>> 16) + (p01 & 0xffff) + (p10 & 0xffff)) >>> 16;
    const top = a1 * low1 + (p01 >>> 16) + (p10 >>> 16) + carry;
    this.high = (top + Math.imul(this.low, high) + Math.imul(this.high, low)) | 0;
    this.low = Math.imul(this.low, low);
    return this;
  }

  /** To the left, by 1 to 31 bits. */
  rotate(bits: number): this {
    const { low, high } = this;
    this.low = (low << bits) | (high >>> (32 - bits));
    this.high = (high << bits) | (low >>> (32 - bits));
    return this;
  }

  xor(low: number, high: number): this {
    this.low ^= low;
    this.high ^= high;
    return this;
  }

  /** With itself moved to the right, by 1 to 63 bits. */
  xorShifted(bits: number): this {
    const { low, high } = this;
    return bits < 32 ? this.xor((low >>> bits) | (high << (32 - bits)), high >>> bits) : this.xor(high >>> (bits - 32), 0);
  }

  /** A lane's step with 8 bytes of input. */
  step(low: number, high: number): this {
    const input = INPUT.set(low, high).multiply(PRIME_2);
    return this.add(input.low, input.high).rotate(31).multiply(PRIME_1);
  }
}

const INPUT = new Word();

/** xxHash-64 with seed 0 (xxHash fast digest algorithm 0.1.1, "XXH64"), of bytes that come in pieces: the checksum of zstd's frames. */
export class Xxh64 {
  readonly #lanes = Array.from({ length: LANES }, () => new Word());
  readonly #input = new Stripes(STRIPE_BYTES, (bytes, from, end) => this.#stripes(bytes, from, end));

  constructor() {
    const [a, b, , d] = this.#lanes;
    a?.set(PRIME_1.low, PRIME_1.high).add(PRIME_2.low, PRIME_2.high);
    b?.set(PRIME_2.low, PRIME_2.high);
    d?.set(~PRIME_1.low, ~PRIME_1.high).add(1, 0);
  }

  update(bytes: Uint8Array): void {
    this.#input.add(bytes);
  }

  /** The low 32 bits of the hash of all so far, unsigned: what zstd stores (RFC 8878, 3.1.1). */
  digestLow(): number {
    const { length, rest } = this.#input;
    const hash = this.#merged().add(length | 0, Math.floor(length / 2 ** 32));
    let at = 0;
    for (; at + 8 <= rest.length; at += 8) {
      const lane = new Word().step(wordAt(rest, at), wordAt(rest, at + 4));
      hash.xor(lane.low, lane.high).rotate(27).multiply(PRIME_1).add(PRIME_4.low, PRIME_4.high);
    }
    if (at + 4 <= rest.length) {
      const word = new Word().set(wordAt(rest, at), 0).multiply(PRIME_1);
      hash.xor(word.low, word.high).rotate(23).multiply(PRIME_2).add(PRIME_3.low, PRIME_3.high);
      at += 4;
    }
    for (; at < rest.length; at++) {
      const byte = new Word().set(rest[at] ?? 0, 0).multiply(PRIME_5);
      hash.xor(byte.low, byte.high).rotate(11).multiply(PRIME_1);
    }
    return hash.xorShifted(33).multiply(PRIME_2).xorShifted(29).multiply(PRIME_3).xorShifted(32).low >>> 0;
  }

  #merged(): Word {
    const hash = new Word();
    if (this.#input.length < STRIPE_BYTES) return hash.set(PRIME_5.low, PRIME_5.high);
    for (const [index, { low, high }] of this.#lanes.entries()) {
      const turned = new Word().set(low, high).rotate(ROTATIONS[index] ?? 1);
      hash.add(turned.low, turned.high);
    }
    for (const { low, high } of this.#lanes) {
      const lane = new Word().step(low, high);
      hash.xor(lane.low, lane.high).multiply(PRIME_1).add(PRIME_4.low, PRIME_4.high);
    }
    return hash;
  }

  #stripes(bytes: Uint8Array, from: number, end: number): void {
    for (const [index, lane] of this.#lanes.entries()) stepAll(lane, bytes, from + index * 8, end);
  }
}

/** `Word.step` for every stripe, in local variables: it is most of the time that a zstd file takes. */
function stepAll(lane: Word, bytes: Uint8Array, from: number, end: number): void {
  const [{ low: m2, high: h2, low0: m20, low1: m21 }, { low: m1, high: h1, low0: m10, low1: m11 }] = [PRIME_2, PRIME_1];
  let { low, high } = lane;
  for (let at = from; at < end; at += STRIPE_BYTES) {
    const a0 = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    const a1 = (bytes[at + 2] ?? 0) | ((bytes[at + 3] ?? 0) << 8);
    const a = a0 | (a1 << 16);
    const inputHigh = wordAt(bytes, at + 4);
    const p01 = a0 * m21;
    const p10 = a1 * m20;
    const carry = (((a0 * m20) >>> 16) + (p01 & 0xffff) + (p10 & 0xffff)) >>> 16;
    const sum = (low >>> 0) + (Math.imul(a, m2) >>> 0);
    const sumHigh =
      (high + a1 * m21 + (p01 >>> 16) + (p10 >>> 16) + carry + Math.imul(a, h2) + Math.imul(inputHigh, m2) + (sum > 0xffff_ffff ? 1 : 0)) | 0;
    const sumLow = sum | 0;
    const b = (sumLow << 31) | (sumHigh >>> 1);
    const bHigh = (sumHigh << 31) | (sumLow >>> 1);
    const b0 = b & 0xffff;
    const b1 = b >>> 16;
    const q01 = b0 * m11;
    const q10 = b1 * m10;
    const qCarry = (((b0 * m10) >>> 16) + (q01 & 0xffff) + (q10 & 0xffff)) >>> 16;
    high = (b1 * m11 + (q01 >>> 16) + (q10 >>> 16) + qCarry + Math.imul(b, h1) + Math.imul(bHigh, m1)) | 0;
    low = Math.imul(b, m1);
  }
  lane.set(low, high);
}

const ROTATIONS = [1, 7, 12, 18];
