import fc from 'fast-check';
import { expect, it } from 'vitest';
import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import { ALL_ZERO, FrameClasses, LOOKED_AT } from '#core/roots/frame-classes.ts';
import { notZero } from '#core/roots/not-zero.ts';

const FRAMES = 5000;
const GAP = 128;

/** Frames 0 to 2,999 and 100000 on. */
function classesOf(zeros: ReadonlySet<number>): FrameClasses {
  const extents = [
    { start: machineAddress(0), length: 3000 * 4096, fileOffset: 0 },
    { start: machineAddress(0x10_0000 * 4096), length: (FRAMES - 3000) * 4096, fileOffset: 3000 * 4096 },
  ];
  const classes = new FrameClasses(createExtentImage({ source: bytesSource(new Uint8Array(FRAMES * 4096)), extents }).extents);
  classes.put(
    0,
    Uint8Array.from({ length: FRAMES }, (_, index) => LOOKED_AT | (zeros.has(index) ? ALL_ZERO : 0)),
  );
  return classes;
}

const frameOf = (index: number): number => (index < 3000 ? index : 0x10_0000 + index - 3000);

it('every frame that is not zero is in one stretch, in order, and no stretch has a long run of zeros or begins or ends with one', () => {
  const runs = fc.array(fc.record({ at: fc.nat(FRAMES - 1), length: fc.integer({ min: 1, max: 3000 }) }), { maxLength: 6 });
  fc.assert(
    fc.property(runs, (zeroRuns) => {
      const zeros = new Set(zeroRuns.flatMap(({ at, length }) => Array.from({ length: Math.min(length, FRAMES - at) }, (_, i) => at + i)));
      const stretches = [...notZero(classesOf(zeros))];
      const seen = stretches.flatMap(({ index, frames }) => Array.from({ length: frames }, (_, i) => index + i));
      expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
      expect(Array.from({ length: FRAMES }, (_, i) => i).filter((i) => !zeros.has(i) && !seen.includes(i))).toEqual([]);
      for (const { index, firstFrame, frames } of stretches) {
        expect([frameOf(index), frameOf(index + frames - 1)]).toEqual([firstFrame, firstFrame + frames - 1]);
        const kinds = Array.from({ length: frames }, (_, i) => (zeros.has(index + i) ? '0' : 'x')).join('');
        expect(kinds).toMatch(/^x.*x$|^x$/);
        expect(kinds).not.toContain('0'.repeat(GAP));
      }
    }),
    { numRuns: 30 },
  );
});

it('what has not been looked at is taken for not zero', () => {
  const extents = [{ start: machineAddress(0), length: 10 * 4096, fileOffset: 0 }];
  const image = createExtentImage({ source: bytesSource(new Uint8Array(10 * 4096)), extents });
  expect([...notZero(new FrameClasses(image.extents))]).toEqual([{ index: 0, firstFrame: 0, frames: 10 }]);
});
