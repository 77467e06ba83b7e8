import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import { fingerprint } from '#core/memory/fingerprint.ts';

const bytesOf = (size: number) => Uint8Array.from({ length: size }, (_, index) => (index * 17 + Math.floor(index / 4099)) % 256);
const of = (bytes: Uint8Array) => fingerprint(bytesSource(bytes));

test.each([0, 1, 4096, 200_000, 2_000_000])('of %i bytes is SHA-256 over the size and the samples', async (size) => {
  const bytes = bytesOf(size);
  const hash = createHash('sha256');
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(size));
  hash.update(head).update(bytes.subarray(0, 65536));
  const step = Math.floor(size / 17);
  for (let sample = 1; sample <= 16; sample++) hash.update(bytes.subarray(sample * step, sample * step + 4096));
  hash.update(bytes.subarray(Math.max(0, size - 65536)));
  expect(await of(bytes)).toBe(hash.digest('hex'));
});

test('changes with the size, the ends and the samples', async () => {
  const bytes = bytesOf(2_000_000);
  const changed = async (at: number) => of(bytes.with(at, (bytes[at] ?? 0) ^ 1));
  const seen = [await of(bytes), await of(bytes.subarray(1)), await changed(0), await changed(1_999_999), await changed(117_647 * 5)];
  expect(new Set(seen).size).toBe(seen.length);
});

test('reads little of a large file', async () => {
  let read = 0;
  const size = 64 * 2 ** 30;
  const source: ByteSource = {
    name: 'large',
    size,
    read: async (_, length) => {
      read += length;
      return new Uint8Array(length);
    },
  };
  await fingerprint(source);
  expect(read).toBeLessThanOrEqual(256 * 1024);
});
