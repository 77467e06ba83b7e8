import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PieceList } from '#core/memory/piece-columns.ts';

/** What each byte is of, written one after another: later ones over earlier ones. */
function written(pieces: readonly (readonly [start: number, length: number, fileOffset: number])[]): Map<number, number> {
  const bytes = new Map<number, number>();
  for (const [start, length, fileOffset] of pieces) for (let i = 0; i < length; i++) bytes.set(start + i, fileOffset + i);
  return bytes;
}

test('every byte is that of the last piece which covers it', () => {
  const piece = fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 }), fc.nat(10_000));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const list = new PieceList();
      for (const [start, length, fileOffset] of pieces) list.add(start, length, fileOffset);
      const { count, start, length, fileOffset } = list.settle();
      const rows = Array.from({ length: count }, (_, row) => [start[row] ?? 0, length[row] ?? 0, fileOffset[row] ?? 0] as const);
      expect(written(rows)).toEqual(new Map([...written(pieces)].sort(([a], [b]) => a - b)));
      rows.forEach(([at, bytes], row) => {
        expect(bytes).toBeGreaterThan(0);
        expect(at + bytes).toBeLessThanOrEqual(rows[row + 1]?.[0] ?? Number.POSITIVE_INFINITY);
      });
    }),
    { numRuns: 400 },
  );
});

test('more pieces than the first columns hold, above 2^32', () => {
  const list = new PieceList();
  for (let i = 0; i < 3000; i++) list.add(2 ** 40 + i * 16, 16, i * 32);
  const { count, start, fileOffset } = list.settle();
  expect([count, start[2999], fileOffset[2999]]).toEqual([3000, 2 ** 40 + 2999 * 16, 2999 * 32]);
});
