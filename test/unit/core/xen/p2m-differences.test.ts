import { expect, test } from 'vitest';
import { NO_FRAME, type P2m } from '#core/xen/frame-numbers.ts';
import { p2mDifferences } from '#core/xen/p2m-differences.ts';

const p2m = (mfns: number[]): P2m => ({ mfns: Uint32Array.from(mfns), count: mfns.filter((mfn) => mfn !== NO_FRAME).length, source: 'made' });

test('differences that go on by one are one run, and a P2M says nothing beyond its end', () => {
  const one = p2m([10, 11, 12, 13, NO_FRAME, NO_FRAME, 16]);
  const other = p2m([10, 21, 22, 23, 40, 41]);
  expect(p2mDifferences([one, other])).toEqual([
    { pfn: 1, count: 3, mfns: [11, 21] },
    { pfn: 4, count: 2, mfns: [undefined, 40] },
  ]);
  expect(p2mDifferences([one, one])).toEqual([]);
  expect(p2mDifferences([other, one]).length).toBe(2);
  expect(p2mDifferences([])).toEqual([]);
});
