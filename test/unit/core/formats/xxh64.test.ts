import { expect, test } from 'vitest';
import { Xxh64 } from '#core/formats/wrappers/xxh64.ts';

/** The algorithm in 64-bit words, as its text says it. */
function oracle(bytes: Uint8Array): number {
  const [p1, p2, p3, p4, p5] = [0x9e3779b185ebca87n, 0xc2b2ae3d27d4eb4fn, 0x165667b19e3779f9n, 0x85ebca77c2b2ae63n, 0x27d4eb2f165667c5n] as const;
  const cut = (value: bigint): bigint => value & 0xffff_ffff_ffff_ffffn;
  const rotate = (value: bigint, bits: bigint): bigint => cut((value << bits) | (value >> (64n - bits)));
  const step = (lane: bigint, input: bigint): bigint => cut(rotate(cut(lane + input * p2), 31n) * p1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let lanes = [cut(p1 + p2), p2, 0n, cut(-p1)];
  let at = 0;
  for (; at + 32 <= bytes.length; at += 32) lanes = lanes.map((lane, index) => step(lane, view.getBigUint64(at + index * 8, true)));
  const [a = 0n, b = 0n, c = 0n, d = 0n] = lanes;
  let hash =
    bytes.length < 32
      ? p5
      : lanes.reduce((value, lane) => cut((value ^ step(0n, lane)) * p1 + p4), cut(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n)));
  hash = cut(hash + BigInt(bytes.length));
  for (; at + 8 <= bytes.length; at += 8) hash = cut(rotate(hash ^ step(0n, view.getBigUint64(at, true)), 27n) * p1 + p4);
  if (at + 4 <= bytes.length) {
    hash = cut(rotate(hash ^ cut(BigInt(view.getUint32(at, true)) * p1), 23n) * p2 + p3);
    at += 4;
  }
  for (; at < bytes.length; at++) hash = cut(rotate(hash ^ cut(BigInt(bytes[at] ?? 0) * p5), 11n) * p1);
  hash = cut((hash ^ (hash >> 33n)) * p2);
  hash = cut((hash ^ (hash >> 29n)) * p3);
  return Number((hash ^ (hash >> 32n)) & 0xffff_ffffn);
}

test('equals its definition for every length, in pieces of any size', () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, at) => (Math.imul(at + 1, 2654435761) >>> 13) & 255);
  for (let length = 0; length <= bytes.length; length++) {
    const hash = new Xxh64();
    for (let at = 0, piece = (length % 37) + 1; at < length; at += piece) hash.update(bytes.subarray(at, Math.min(length, at + piece)));
    expect(hash.digestLow()).toBe(oracle(bytes.subarray(0, length)));
  }
  // XXH64 of nothing is ef46db3751d8e999.
  expect(new Xxh64().digestLow()).toBe(0x51d8e999);
});
