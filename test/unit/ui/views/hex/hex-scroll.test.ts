import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockAt, type PageSource } from '#ui/views/hex/hex-blocks.ts';
import { stepCursor } from '#ui/views/hex/hex-cursor.ts';
import { linesOf, type RowShape } from '#ui/views/hex/hex-rows.ts';
import { keptFull, LAST_LINE, neighbour, pageAtThumb, placedLines, settled, stepped, thumbAt, topWhoseLastIs } from '#ui/views/hex/hex-scroll.ts';
import { bytePage } from '../../../../support/byte-pages.ts';

const heights = { edge: 15, row: 18, fold: 15, bar: 24, void: 24 };
const shape: RowShape = { wordBytes: 1, wordsPerRow: 16, digits: 2, text: true };
const PAGES = 2 ** 45;

/** A space of 2^45 pages: bytes in every page that ends in 7, stretches of nothing between; pages above `known` are still under way. */
function space(known = PAGES): PageSource {
  return {
    pageCount: PAGES,
    groupPages: 16,
    page: (number) =>
      number < known && number % 10 === 7
        ? bytePage({ space: 'virtual', page: number, frame: 1, bytes: new Uint8Array(4096).fill(1, 0, 100) })
        : undefined,
    emptiness: (number) => {
      if (number % 10 === 7 || number >= known) return undefined;
      const first = number % 10 < 7 ? Math.max(0, number - (number % 10) - 2) : number - (number % 10) + 8;
      return { first, count: Math.min(PAGES, first - (first % 10) + (first < 7 ? 7 : first % 10 === 8 ? 17 : 7)) - first, kind: 'zero' };
    },
    lines: (page) => linesOf(page, { shape, keep: [], opened: new Set() }),
  };
}

describe('a space of 2^45 pages', () => {
  it('fills the pane from any page, exactly, without a hole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: PAGES - 100 }), (page) => {
        const source = space();
        const top = settled(source, { page, line: 0 });
        const placed = top ? placedLines(source, top, 400, heights) : [];
        expect(placed[0]?.y).toBe(0);
        placed.slice(1).forEach((line, i) => {
          const before = placed[i];
          expect(before && line.y - before.y).toBe(before && heights[before.line.kind]);
          const next = before && neighbour(source, { page: before.block.first, line: before.index }, 1);
          expect(next).toEqual({ page: line.block.first, line: line.index });
        });
      }),
      { numRuns: 50 },
    );
  });

  it('comes back when scrolled down and up by as many lines', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: PAGES - 1000 }), fc.integer({ min: 1, max: 60 }), (page, count) => {
        const source = space();
        const top = settled(source, { page, line: LAST_LINE });
        expect(top && stepped(source, stepped(source, top, count), -count)).toEqual(top);
      }),
      { numRuns: 50 },
    );
  });

  it('reaches both ends and goes no further', () => {
    const source = space();
    expect(stepped(source, { page: 0, line: 0 }, -5)).toEqual({ page: 0, line: 0 });
    const last = settled(source, { page: PAGES + 5, line: LAST_LINE });
    expect(last && neighbour(source, last, 1)).toBeUndefined();
  });

  it('does not leave the pane half empty at the end', () => {
    const source = space();
    const last = settled(source, { page: PAGES - 1, line: LAST_LINE });
    const top = last && keptFull(source, last, 300, heights);
    const placed = top ? placedLines(source, top, 300, heights) : [];
    const bottom = placed.at(-1);
    expect(bottom && bottom.block.first + bottom.block.count).toBe(PAGES);
    expect(bottom && bottom.y + heights[bottom.line.kind]).toBeGreaterThan(260);
  });

  it('puts a line last without cutting it', () => {
    const source = space();
    const bottom = { page: 1_000_007, line: 3 };
    const placed = placedLines(source, topWhoseLastIs(source, bottom, 200, heights), 200, heights);
    const found = placed.find((line) => line.block.first === bottom.page && line.index === bottom.line);
    expect(found && found.y + heights.row).toBeLessThanOrEqual(200);
  });

  it('stops at what is not known yet, and says where', () => {
    const source = space(1_000_008);
    const at = stepped(source, { page: 1_000_007, line: 1 }, 50);
    expect(at.page).toBe(1_000_008);
    expect(blockAt(source, at.page)).toBeUndefined();
  });

  it('finds the page under the thumb, and the thumb over the page', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: PAGES - 1 }), (page) => {
        const found = pageAtThumb(thumbAt({ page, line: 0 }, 1, PAGES), PAGES);
        expect(Math.abs(found - page)).toBeLessThan(4);
      }),
    );
    expect(pageAtThumb(-1, PAGES)).toBe(0);
    expect(pageAtThumb(2, PAGES)).toBe(PAGES - 1);
  });
});

describe('the keyboard', () => {
  const size = () => 1;
  it('goes by word along a row, over a page boundary, and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 10 ** 6 }), fc.integer({ min: 0, max: 127 }), (tens, offset) => {
        const source = space();
        const at = { page: tens * 10 + 7, offset };
        const right = stepCursor(source, at, 'right', size);
        expect(right).toBeDefined();
        const back = right && stepCursor(source, right, 'left', size);
        expect(back).toEqual(at);
      }),
    );
  });

  it('steps over a fold and an empty stretch as over a row', () => {
    const source = space();
    const fold = stepCursor(source, { page: 17, offset: 0x8f }, 'right', size);
    expect(fold).toEqual({ page: 17, offset: 0x90 });
    const hole = fold && stepCursor(source, fold, 'down', size);
    expect(hole).toEqual({ page: 18, offset: 0 });
    expect(hole && stepCursor(source, hole, 'down', size)).toEqual({ page: 27, offset: 0 });
  });

  it('goes to the ends of row and page', () => {
    const source = space();
    expect(stepCursor(source, { page: 17, offset: 0x25 }, 'row-start', size)).toEqual({ page: 17, offset: 0x20 });
    expect(stepCursor(source, { page: 17, offset: 0x25 }, 'row-end', size)).toEqual({ page: 17, offset: 0x2f });
    expect(stepCursor(source, { page: 17, offset: 0x25 }, 'page-start', size)).toEqual({ page: 17, offset: 0 });
    expect(stepCursor(source, { page: 17, offset: 0 }, 'page-start', size)).toEqual({ page: 8, offset: 0 });
  });
});
