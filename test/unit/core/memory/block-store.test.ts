import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { BlockStore } from '#core/memory/block-store.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { SequentialReader } from '#core/memory/sequential-reader.ts';

const BLOCK = 65536;
const patch = fc.record({ length: fc.integer({ min: 1, max: 90_000 }), fill: fc.constantFrom(0, 0, 3) });

describe('a block store', () => {
  test('gives back what was appended, and zeros cost nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(patch, { maxLength: 8 }), fc.nat(300_000), fc.nat(200_000), async (patches, offset, length) => {
        const store = new BlockStore('x', 2 ** 30);
        const parts = patches.map(({ length: bytes, fill }) => new Uint8Array(bytes).fill(fill));
        for (const part of parts) store.append(part);
        const whole = Buffer.concat(parts);
        expect(store.size).toBe(whole.length);
        expect(Buffer.compare(await store.read(offset, length), whole.subarray(offset, offset + length))).toBe(0);
      }),
      { numRuns: 30 },
    );
    const zeros = new BlockStore('zeros', BLOCK);
    for (let turn = 0; turn < 64; turn++) zeros.append(new Uint8Array(BLOCK));
    expect([zeros.size, zeros.storedBytes, zeros.isFull]).toEqual([64 * BLOCK, 0, false]);
  });

  test('is full at its limit and keeps what was before', async () => {
    const store = new BlockStore('x', 2 * BLOCK);
    store.append(new Uint8Array(5 * BLOCK).fill(7));
    expect([store.size, store.storedBytes, store.isFull]).toEqual([2 * BLOCK, 2 * BLOCK, true]);
    store.append(Uint8Array.of(1));
    expect(store.size).toBe(2 * BLOCK);
    expect((await store.read(2 * BLOCK - 2, 10)).join()).toBe('7,7');
  });
});

interface Step {
  readonly how: 'take' | 'peek' | 'skip';
  readonly length: number;
}

/** Does the step; returns what it read, and what slicing says it should. */
async function follow(reader: SequentialReader, bytes: Uint8Array, { how, length }: Step): Promise<[Uint8Array, Uint8Array]> {
  const due = bytes.subarray(reader.offset, reader.offset + length);
  if (how === 'take') return [await reader.take(length), due];
  if (how === 'peek') return [await reader.peek(length), due];
  reader.skip(length);
  return [due, due];
}

describe('reading in order', () => {
  test('takes, looks ahead and skips as one would by offset', async () => {
    const bytes = Uint8Array.from({ length: 2_500_000 }, (_, index) => index % 253);
    const step = fc.record<Step>({ how: fc.constantFrom('take', 'peek', 'skip'), length: fc.nat(900_000) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const reader = new SequentialReader(bytesSource(bytes), quietTask, 'reading');
        let at = 0;
        for (const next of steps) {
          const [read, due] = await follow(reader, bytes, next);
          expect(Buffer.compare(read, due)).toBe(0);
          if (next.how !== 'peek') at = Math.min(bytes.length, at + next.length);
          expect(reader.offset).toBe(at);
        }
      }),
      { numRuns: 20 },
    );
  });
});
