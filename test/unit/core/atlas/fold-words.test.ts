import { describe, expect, it } from 'vitest';
import type { FoldRun } from '#core/atlas/fold.ts';
import { foldWords } from '#core/atlas/fold-words.ts';

const run = (change: Partial<FoldRun>): FoldRun => ({
  firstSlot: 0,
  lastSlot: 0,
  count: 1,
  step: 1,
  kind: 'leaf',
  order: 'single',
  elided: 0,
  between: 0,
  ...change,
});
const pd = { pagesPerEntry: 512, tableBelow: 'PT' };
const pt = { pagesPerEntry: 1, tableBelow: '' };
const text = (...args: Parameters<typeof foldWords>): string => {
  const words = foldWords(...args);
  return words.note ? `${words.text} | ${words.note}` : words.text;
};

describe('words of a row', () => {
  it('keeps zero, elided, and not in this dump apart', () => {
    expect(text(run({ kind: 'not-present', count: 64 }), pd)).toBe('64 slots, 128 MB, zero');
    expect(text(run({ kind: 'elided', count: 424, elided: 424 }), pd)).toBe('424 slots, 848 MB, elided in the text');
    expect(text(run({ kind: 'elided', count: 6, elided: 4 }), pd)).toBe('6 slots, 12 MB: 2 shown zero, 4 elided');
    expect(text(run({ kind: 'entry-absent', count: 64 }), pd)).toBe('64 slots, 128 MB, not in this dump');
    expect(text(run({ kind: 'not-zero', count: 64 }), pt)).toBe('P 0, not zero');
  });

  it('says how the zeros of a stride lie', () => {
    expect(text(run({ kind: 'not-present', count: 256, step: 2, between: 2 }), pt)).toBe('256 slots by 2, 1 MB, zero');
    expect(text(run({ kind: 'not-present', count: 480, between: 16 }), pt)).toBe('480 slots between, 1.9 MB, zero');
    expect(text(run({ kind: 'not-present' }), { pagesPerEntry: 0x8000000, tableBelow: 'PDPT' })).toBe('1 slot, 512 GB, zero');
  });

  it('names a leaf by its region, else by size and order', () => {
    expect(text(run({}), { ...pd, region: 'M2P, read-only' })).toBe('M2P, read-only | 2 MB');
    expect(text(run({}), pt)).toBe('4 KB page');
    expect(text(run({ count: 222, step: 2, order: 'in order' }), pt)).toBe('4 KB, 1 in 2 | in order');
    expect(text(run({ count: 31, step: 16, order: 'same' }), pt)).toBe('same page | 4 KB');
  });

  it('names tables that are one, loops, and tables the dump lacks', () => {
    expect(text(run({ kind: 'table', count: 4, order: 'same' }), { pagesPerEntry: 262144, tableBelow: 'PD' })).toBe('one PD');
    expect(text(run({ kind: 'loop' }), { ...pd, loop: { name: 'PD[3]', isSelf: true } })).toBe('PD[3] | this very table');
    expect(text(run({ kind: 'loop', count: 3, order: 'mixed' }), pt)).toBe('3 tables | as tables');
    expect(text(run({ kind: 'absent-table', count: 4, order: 'mixed' }), pd)).toBe('PT not in this dump');
  });
});
