import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import type { Extent } from '#core/memory/extents.ts';
import { stretchesOf } from '#core/memory/stretches.ts';

const extent = fc
  .record({
    start: fc.integer({ min: 0, max: 60 }),
    length: fc.integer({ min: 1, max: 20 }),
    fileOffset: fc.integer({ min: 0, max: 90 }),
    presence: fc.constantFrom('held' as const, 'zero' as const, 'assumed-zero' as const, 'absent' as const),
    reason: fc.constantFrom('one', 'other'),
  })
  .map(
    ({ start, length, fileOffset, presence, reason }): Extent => ({
      start,
      length,
      presence,
      ...(presence === 'held' && { fileOffset }),
      ...(presence === 'absent' && { reason }),
    }),
  );

describe('the stretches of an image', () => {
  test('tile it, no two neighbours alike, each as reading its bytes says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(extent, { maxLength: 12 }), async (extents) => {
        const image = createExtentImage({ source: bytesSource(new Uint8Array(100).fill(7)), extents });
        const stretches = [...stretchesOf(image)];
        let at = 0;
        for (const [index, stretch] of stretches.entries()) {
          expect(stretch.start).toBe(at);
          expect(stretch.end).toBeGreaterThan(at);
          at = stretch.end;
          const { start: _s, end: _e, ...before } = stretches[index - 1] ?? { start: 0, end: 0, presence: undefined };
          const { start: _, end: __, ...own } = stretch;
          expect(own).not.toEqual(before);
          const [piece] = await image.read([{ start: machineAddress(stretch.start), length: stretch.end - stretch.start }]);
          for (const { presence, reason } of piece?.presence ?? []) {
            expect(presence).toBe(stretch.presence);
            expect(reason).toBe(stretch.reason);
          }
        }
        expect(at).toBeGreaterThanOrEqual(image.end);
      }),
    );
  });

  test('tell a hole from what the dump names and lacks', () => {
    const image = createExtentImage({
      source: bytesSource(new Uint8Array(8)),
      extents: [
        { start: 0, length: 4, fileOffset: 0 },
        { start: 4, length: 4, presence: 'absent', reason: 'left out' },
        { start: 12, length: 8, fileOffset: 4 },
      ],
    });
    expect([...stretchesOf(image)].map(({ start, end, presence, reason, isHole }) => [start, end, presence, reason, isHole])).toEqual([
      [0, 4, 'held', undefined, undefined],
      [4, 8, 'absent', 'left out', undefined],
      [8, 12, 'absent', 'in a gap of the dump (4 to b)', true],
      [12, 16, 'held', undefined, undefined],
      [16, 20, 'absent', 'past the end of the file (cut at 8 bytes)', undefined],
    ]);
  });
});
