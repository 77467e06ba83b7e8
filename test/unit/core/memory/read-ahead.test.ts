import fc from 'fast-check';
import { expect, test } from 'vitest';
import { remoteFiles } from '#cli/node-byte-source.ts';
import { ReadAhead } from '#core/memory/remote/read-ahead.ts';
import { rangeServer } from '../../../support/range-server.ts';

const MIB = 1024 * 1024;
const KIB = 1024;

const asked = (reads: readonly (readonly [number, number])[]) => {
  const ahead = new ReadAhead();
  return reads.map(([start, end]) => ahead.after(start, end));
};

test('while reading goes on, as much as was read is asked for ahead, up to 8 MiB, and in large parts', () => {
  const reads = Array.from({ length: 24 }, (_, i) => [i * MIB, (i + 1) * MIB] as const);
  const parts = asked(reads).map((span) => span && [span.start / MIB, span.end / MIB]);
  expect(parts.slice(0, 8)).toEqual([undefined, [2, 4], [4, 6], [6, 8], undefined, [8, 12], undefined, [12, 16]]);
  expect(parts.slice(8)).toEqual(Array.from({ length: 16 }, (_, i) => (i % 4 === 3 ? [i + 13, i + 17] : undefined)));
});

test('single look-ups, and few of them side by side, ask for nothing more', () => {
  expect(asked([[0, 8 * MIB]])).toEqual([undefined]);
  const scattered = [5, 90, 7, 50, 91, 6].map((at) => [at * MIB, at * MIB + 64 * KIB] as const);
  expect(asked(scattered).every((span) => span === undefined)).toBe(true);
  const near = Array.from({ length: 16 }, (_, i) => [i * 64 * KIB, (i + 1) * 64 * KIB] as const);
  expect(asked(near).every((span) => span === undefined)).toBe(true);
});

test('two places that are read by turns are both seen, with small gaps', () => {
  const reads = Array.from({ length: 6 }, (_, i) => {
    const at = Math.floor(i / 2) * (MIB + 32 * KIB) + (i % 2) * 500 * MIB;
    return [at, at + MIB] as const;
  });
  expect(asked(reads).map((span) => span !== undefined)).toEqual([false, false, true, true, true, true]);
});

test('whatever is read, no byte is asked for ahead twice in a row of reads, nor more of them than were read', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 3 * MIB }), { maxLength: 60 });
  fc.assert(
    fc.property(lengths, (all) => {
      const ahead = new ReadAhead();
      let at = 0;
      let last = 0;
      for (const length of all) {
        const span = ahead.after(at, at + length);
        at += length;
        if (span === undefined) continue;
        expect(span.start).toBeGreaterThanOrEqual(Math.max(last, at));
        expect(span.end - at).toBeLessThanOrEqual(Math.min(at, 8 * MIB));
        last = span.end;
      }
    }),
  );
});

test('a file read from front to end comes in few requests, each byte once; look-ups fetch a block each', async () => {
  const file = Uint8Array.from({ length: 20 * MIB + 777 }, (_, i) => (i >> 7) ^ i);
  const server = await rangeServer({ '/a': file });
  try {
    const files = remoteFiles();
    const source = await files.open(`${server.origin}/a`, 'a');
    for (const at of [3, 9, 15]) await source.read(at * MIB, 4096);
    expect(server.log.slice(1)).toEqual([3, 9, 15].map((at) => `GET /a bytes=${at * MIB}-${at * MIB + 128 * KIB - 1}`));
    const before = server.log.length;
    for (let at = 0; at < file.length; at += MIB) expect(Buffer.compare(await source.read(at, MIB), file.subarray(at, at + MIB))).toBe(0);
    expect(server.log.length - before).toBeLessThan(12);
    expect(files.meter.traffic.bytes).toBeLessThan(file.length + MIB);
  } finally {
    await server.close();
  }
});
