import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Coverage, CoverageWindow, Questions } from '#core/session/contract.ts';
import { COVERAGE_COLUMNS } from '#core/session/contract.ts';
import { emptyStretch } from '#ui/views/hex/empty-stretch.ts';
import { addressCharacters, addressString, addressText, pagesText, stretchText } from '#ui/views/hex/hex-address.ts';
import { bytesOfRange, copyText } from '#ui/views/hex/hex-copy.ts';
import { rangeInPage, rangeOf } from '#ui/views/hex/hex-cursor.ts';
import { fitShape } from '#ui/views/hex/hex-shape.ts';
import { byteIn } from '#ui/views/hex/hex-target.ts';
import { decimalText, leadingZeros, wordAt, wordText } from '#ui/views/hex/hex-words.ts';
import { PageCache } from '#ui/views/hex/page-cache.ts';
import { gapRound } from '#ui/views/hex/use-pane-pages.ts';
import { bytePage, tablePage } from '../../../../support/byte-pages.ts';

describe('words', () => {
  it('are read little-endian and written whole, as BigInt has them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) => {
        const value = new DataView(bytes.buffer).getBigUint64(0, true);
        expect(wordText(wordAt(bytes, 0, 8), 8)).toBe(value.toString(16).padStart(16, '0'));
        expect(decimalText(wordAt(bytes, 0, 8))).toBe(value.toLocaleString('en'));
        expect(wordText(wordAt(bytes, 0, 4), 4)).toBe((value & 0xffff_ffffn).toString(16).padStart(8, '0'));
      }),
    );
  });

  it('dim all of a word that is zero', () => {
    expect([leadingZeros('00fbc0'), leadingZeros('0000'), leadingZeros('fb')]).toEqual([2, 4, 0]);
  });
});

describe('addresses', () => {
  it('tell their space by their case', () => {
    const face = { virtualBits: 32, pageCount: 2 ** 20 };
    expect(addressString({ space: 'virtual', ...face }, 0xc03b2, 0xd60)).toBe('C03B2D60');
    expect(addressText({ space: 'machine', ...face }, 0x1d39, 0x140)).toEqual({ zeros: '0', digits: '1d39:140' });
    expect(addressString({ space: 'file', ...face }, 12_275, 80)).toBe('50,278,480');
    expect(stretchText({ space: 'machine', ...face }, 0xfbc00, 0x100, 3840)).toBe('fbc00:100–fff');
    expect(pagesText({ space: 'virtual', ...face }, 0xf7000, 0x1000)).toBe('F7000000–F7FFFFFF');
  });

  it('stand in a column as wide as the widest', () => {
    expect(addressCharacters({ space: 'virtual', virtualBits: 48, pageCount: 2 ** 36 })).toBe(12);
    expect(addressCharacters({ space: 'machine', virtualBits: 48, pageCount: 0x20000 })).toBe(9);
    expect(addressCharacters({ space: 'file', virtualBits: 48, pageCount: 2 ** 21 })).toBe('8,589,934,591'.length);
  });
});

describe('the shape of a page', () => {
  const room = (characters: number) => ({ characters, entryBox: 1, wordBox: 0.6 });
  it('shows entries four a row, with fewer digits only where all have zeros above', () => {
    const small = tablePage({ 0: 0xfb14e067n });
    expect(fitShape(small, 8, room(70))).toMatchObject({ wordsPerRow: 4, digits: 16 });
    expect(fitShape(small, 8, room(50))).toMatchObject({ wordsPerRow: 4, digits: 10 });
    expect(fitShape(tablePage({ 0: 1n << 63n }), 8, room(50))).toMatchObject({ wordsPerRow: 2, digits: 16 });
  });

  it('keeps the text beside bytes, with fewer bytes a row in a narrow pane', () => {
    expect(fitShape(bytePage(), 1, room(67))).toMatchObject({ wordsPerRow: 16, text: true });
    expect(fitShape(bytePage(), 1, room(60))).toMatchObject({ wordsPerRow: 8, text: true });
    expect(fitShape(bytePage(), 1, room(5))).toMatchObject({ wordsPerRow: 4, text: false });
  });
});

describe('ranges', () => {
  it('run from either end to the other and over pages', () => {
    const range = rangeOf({ page: 5, offset: 8 }, { page: 4, offset: 4088 }, 8);
    expect(range).toEqual({ page: 4, offset: 4088, length: 24 });
    expect(rangeInPage(range, 4)).toEqual({ from: 4088, to: 4096 });
    expect(rangeInPage(range, 5)).toEqual({ from: 0, to: 16 });
    expect(rangeInPage(range, 6)).toBeUndefined();
  });
});

describe('copying', () => {
  const page = bytePage({
    page: 2,
    bytes: Uint8Array.from({ length: 4096 }, (_, i) => i % 256),
    runs: [
      [18, 'held'],
      [4, 'absent'],
      [4074, 'held'],
    ],
  });
  const range = { page: 2, offset: 0, length: 24 };
  const context = { face: { space: 'machine', virtualBits: 32, pageCount: 16 }, range, wordBytes: 4 } as const;
  const copied = bytesOfRange(range, [page]);

  it('writes words, with marks for what is not known', () => {
    expect(copyText('hex', copied, context)).toBe('03020100 07060504 0b0a0908 0f0e0d0c ???????? ????????');
  });

  it('makes arrays of the known bytes, and says where some are missing', () => {
    const text = copyText('c', copied, context);
    expect(text).toContain('bytes[20]');
    expect(text).toContain('/* +012: 4 bytes not known */');
    expect(text.match(/0x[0-9a-f]{2}/g)).toHaveLength(20);
    expect(copyText('rust', copied, context)).toContain('[u8; 20]');
    expect(copyText('python', copied, context)).toContain('data = bytes([');
  });

  it('makes rows for a Markdown table', () => {
    expect(copyText('markdown', copied, context).split('\n').at(-1)).toBe('| `2:010` | `10 11 ?? ?? ?? ?? 16 17` | `········` |');
  });

  it('takes a range out of several pages', () => {
    const over = bytesOfRange({ page: 2, offset: 4094, length: 4 }, [page, bytePage({ page: 3, bytes: new Uint8Array(4096).fill(7) })]);
    expect([...over.bytes]).toEqual([254, 255, 7, 7]);
  });
});

/** Answers coverage of a space whose kinds are given by page. */
function coverageOf(kindAt: (page: number) => number, asked: { count: number }): Pick<Questions, 'coverage'> {
  const answer = (window: CoverageWindow): Coverage => {
    const counts = new Float64Array(window.bins * COVERAGE_COLUMNS.length);
    const pages = window.pageCount / window.bins;
    // Kinds change at few pages: two probes a bin and its borders are enough for these tests.
    for (let bin = 0; bin < window.bins; bin++) {
      const first = window.firstPage + bin * pages;
      const pure = kindAt(first) === kindAt(first + pages - 1) && !crossed(kindAt, first, pages);
      counts[bin * COVERAGE_COLUMNS.length + kindAt(first)] = pure ? pages : pages / 2;
    }
    return { ...window, counts };
  };
  return {
    coverage: async (_, windows) => {
      asked.count += windows.length;
      return windows.map(answer);
    },
  };
}

const crossed = (kindAt: (page: number) => number, first: number, pages: number): boolean =>
  pages > 1 && [0.25, 0.5, 0.75].some((part) => kindAt(first + Math.floor(part * (pages - 1))) !== kindAt(first));

describe('an empty stretch', () => {
  it('is found to the page in 2^45 of them, with few questions', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 2 ** 44 }),
        fc.integer({ min: 1, max: 2 ** 44 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (first, count, at) => {
          const asked = { count: 0 };
          const inside = (page: number) => (page >= first && page < first + count ? 6 : 0);
          const questions = coverageOf(inside, asked) as Questions;
          const page = Math.min(first + count - 1, first + Math.floor(at * count));
          const found = await emptyStretch(questions, { address: 0, mode: '5-level' }, page, { first: 0, end: 2 ** 45 });
          expect(found).toEqual({ first, count, kind: 'zero' });
          expect(asked.count).toBeLessThan(40);
        },
      ),
    );
  });
});

describe('gaps of machine memory', () => {
  const image = {
    extents: [
      { start: 0x1000, length: 0x1100, kind: 'held' as const },
      { start: 0x8000, length: 0x1000, kind: 'held' as const },
    ],
    extentsCut: false,
  };
  it('are whole frames between extents', () => {
    expect(gapRound(0, image)).toEqual({ first: 0, count: 1 });
    expect(gapRound(2, image)).toBeUndefined();
    expect(gapRound(5, image)).toEqual({ first: 3, count: 5 });
    expect(gapRound(100, image)).toEqual({ first: 9, count: Number.POSITIVE_INFINITY });
    expect(gapRound(100, { ...image, extentsCut: true })).toBeUndefined();
  });
});

describe('one byte in another space', () => {
  it('is found by the frame, the page that shows it, or its place in the file', () => {
    const seen = { ...bytePage({ space: 'machine', page: 7, frame: 7 }), virtualPage: 0xc0007 };
    expect(byteIn('virtual', seen, 5)).toEqual({ page: 0xc0007, offset: 5 });
    expect(byteIn('file', seen, 5)).toBeUndefined();
    const held = { ...seen, presence: [{ offset: 0, length: 4096, presence: 'held' as const, fileOffset: 8000 }] };
    expect(byteIn('file', held, 300)).toEqual({ page: 2, offset: 108 });
  });

  it('is found in memory where a page of the file begins amid a frame', () => {
    expect(byteIn('machine', { ...bytePage({ space: 'file', page: 3 }), machineBase: 0x2f10 }, 0x100)).toEqual({ page: 3, offset: 0x10 });
    expect(byteIn('machine', bytePage({ space: 'file', page: 3 }), 0x100)).toBeUndefined();
  });
});

describe('the page cache', () => {
  const wants = (pages: readonly number[]) => ({ space: 'machine' as const, pageCount: 10_000, pages, empty: [], leaves: [] });
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

  it('asks for a group once, and not for what is no longer wanted', async () => {
    const asked: number[] = [];
    const held: (() => void)[] = [];
    const readPages: Questions['readPages'] = async (_, space, first, count) => {
      asked.push(first);
      await new Promise<void>((resolve) => held.push(resolve));
      return Array.from({ length: count }, (__, i) => bytePage({ space, page: first + i }));
    };
    const cache = new PageCache({ readPages } as Questions, { address: 0, mode: 'pae' });
    cache.want(1, wants([3, 20, 40, 60]));
    cache.want(1, wants([100, 5]));
    expect(asked).toEqual([0, 16]);
    for (const release of held.splice(0)) release();
    await settle();
    expect(asked).toEqual([0, 16, 96]);
    expect(cache.page('machine', 17)?.page).toBe(17);
    expect(cache.page('machine', 40)).toBeUndefined();
  });

  it('tells why pages could not be read and goes on', async () => {
    const readPages: Questions['readPages'] = async () => Promise.reject(new Error('the file changed'));
    const cache = new PageCache({ readPages } as Questions, { address: 0, mode: 'pae' });
    cache.want(1, wants([3]));
    await settle();
    expect(cache.failure('machine', 3)?.message).toBe('the file changed');
  });
});
