import fc from 'fast-check';
import { compress } from 'snappyjs';
import { expect, test } from 'vitest';
import { unsnappy, unsnappyLength } from '#core/formats/wrappers/snappy-block.ts';

/** Bytes that repeat, near and far. */
const plain = fc
  .array(fc.tuple(fc.uint8Array({ maxLength: 90 }), fc.integer({ min: 1, max: 40 })), { maxLength: 12 })
  .map((parts) => Uint8Array.from(parts.flatMap(([bytes, times]) => Array.from({ length: times }, () => [...bytes]).flat())));

test('what another writer packs is unpacked, and no block that is cut', () => {
  fc.assert(
    fc.property(plain, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (bytes, part) => {
      const packed = new Uint8Array(compress(bytes));
      expect(unsnappyLength(packed)).toBe(bytes.length);
      expect(unsnappy(packed, bytes.length)).toEqual(bytes);
      expect(unsnappy(packed, bytes.length + 1)).toBeUndefined();
      if (bytes.length > 0) expect(unsnappy(packed.subarray(0, Math.floor(packed.length * part)), bytes.length)).toBeUndefined();
    }),
  );
});

test.each([
  ['a literal of 4 GiB less a few bytes', [0xfc, 0xf0, 0xff, 0xff, 0xff]],
  ['a literal of 4 GiB', [0xfc, 0xff, 0xff, 0xff, 0xff]],
  ['a copy from before the start', [0x00, 0x41, 0x15, 0x02]],
  ['a copy from no distance', [0x00, 0x41, 0x15, 0x00]],
  ['a copy from 4 GiB back', [0x00, 0x41, 0x17, 0xff, 0xff, 0xff, 0xff]],
  ['more than it tells', [0x00, 0x41, 0xfe, 0x01, 0x00, 0xfe, 0x01, 0x00]],
])('%s is damage, and found at once', (_, elements) => {
  const started = performance.now();
  expect(unsnappy(Uint8Array.from([100, ...elements]), 100)).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(1000);
});
