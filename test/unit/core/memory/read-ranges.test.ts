import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlockCache } from '#core/memory/block-cache.ts';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import { readRanges } from '#core/memory/read-ranges.ts';

/** A source of any size whose byte at n follows from n, and that remembers what was asked. */
function countedSource(size: number): ByteSource & { reads: { offset: number; length: number }[]; most: number } {
  let inFlight = 0;
  const source = {
    name: 'counted',
    size,
    reads: [] as { offset: number; length: number }[],
    most: 0,
    read: async (offset: number, length: number) => {
      source.reads.push({ offset, length });
      source.most = Math.max(source.most, ++inFlight);
      await Promise.resolve();
      inFlight--;
      return expected(offset, length, size);
    },
  };
  return source;
}

function expected(offset: number, length: number, size: number): Uint8Array {
  const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
  return bytes.map((_, index) => ((offset + index) * 7) % 251);
}

const someRanges = (size: number) => fc.array(fc.record({ offset: fc.nat(size + 5000), length: fc.nat(5000) }), { maxLength: 20 });

describe('ranges of a source', () => {
  test('come back in the order asked, cut at the end', async () => {
    await fc.assert(
      fc.asyncProperty(someRanges(700_000), async (ranges) => {
        const source = countedSource(700_000);
        const read = await readRanges(source, ranges);
        expect(read).toEqual(ranges.map(({ offset, length }) => expected(offset, length, source.size)));
        expect(source.most).toBeLessThanOrEqual(8);
      }),
      { numRuns: 30 },
    );
  });

  test('neighbours are read together', async () => {
    const source = countedSource(64 * 1024 * 1024);
    const ranges = Array.from({ length: 512 }, (_, index) => ({ offset: index * 8192, length: 4096 })).reverse();
    const counters = { reads: 0, bytes: 0 };
    await readRanges(source, ranges, counters);
    expect(source.reads.length).toBeLessThanOrEqual(2);
    expect(counters.reads).toBe(source.reads.length);
    expect(counters.bytes).toBe(source.reads.reduce((sum, { length }) => sum + length, 0));
  });

  test('far ones are read apart, and nothing is read past the end', async () => {
    const source = countedSource(10_000_000);
    await readRanges(source, [
      { offset: 0, length: 10 },
      { offset: 5_000_000, length: 10 },
      { offset: 10_000_000, length: 10 },
      { offset: 9_999_999, length: 10 },
    ]);
    expect(source.reads).toHaveLength(3);
    for (const { offset, length } of source.reads) expect(offset + length).toBeLessThanOrEqual(source.size);
  });
});

describe('the block cache', () => {
  test('gives the same bytes as reading', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someRanges(700_000), { maxLength: 4 }), async (batches) => {
        const cache = new BlockCache(countedSource(700_000));
        for (const ranges of batches) expect(await cache.read(ranges)).toEqual(ranges.map(({ offset, length }) => expected(offset, length, 700_000)));
      }),
      { numRuns: 20 },
    );
  });

  test('reads a block once, and forgets the oldest of many', async () => {
    const source = { ...countedSource(0), size: 64 * 1024 * 1024 };
    source.read = async (offset, length) => {
      source.reads.push({ offset, length });
      return new Uint8Array(length);
    };
    const cache = new BlockCache(source);
    for (let turn = 0; turn < 5; turn++) await cache.read([{ offset: 100 + turn, length: 8 }]);
    expect(source.reads).toHaveLength(1);
    for (let block = 1; block <= 256; block++) await cache.read([{ offset: block * 65536, length: 8 }]);
    await cache.read([{ offset: 100, length: 8 }]);
    expect(source.reads).toHaveLength(258);
    expect(cache.counters.reads).toBe(258);
  });

  test('a block that it holds is given whole, though others push it out meanwhile', async () => {
    const block = (number: number) => ({ offset: number * 65536, length: 65536 });
    const cache = new BlockCache({ name: 'zeros', size: 600 * 65536, read: async (_, length) => new Uint8Array(length) });
    const lengths = async (blocks: readonly number[]) => (await cache.read(blocks.map(block))).map(({ length }) => length);
    for (let number = 0; number < 256; number++) await cache.read([block(number)]);
    // The oldest, asked for behind new ones of the same call.
    expect(await lengths([300, 301, 0])).toEqual([65536, 65536, 65536]);
    // The oldest, while calls beside this one bring 220 new ones.
    const calls = Array.from({ length: 5 }, (_, call) => lengths(Array.from({ length: 60 }, (_, i) => 310 + call * 40 + i)));
    expect(await lengths([3, 599])).toEqual([65536, 65536]);
    await Promise.all(calls);
  });

  test('what it gives may be overwritten by its taker', async () => {
    const cache = new BlockCache(bytesSource(Uint8Array.of(1, 2, 3, 4)));
    const first = await cache.read([{ offset: 0, length: 4 }]);
    first[0]?.fill(9);
    expect(await cache.read([{ offset: 0, length: 4 }])).toEqual([Uint8Array.of(1, 2, 3, 4)]);
  });
});
