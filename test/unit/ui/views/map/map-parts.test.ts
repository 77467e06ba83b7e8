import { describe, expect, it } from 'vitest';
import { type Border, COVERAGE_COLUMNS, type Coverage, type CoverageColumn, type Region } from '#core/session/contract.ts';
import { strideOf, sumsOf } from '#ui/views/map/coverage-sums.ts';
import { holesToTurn } from '#ui/views/map/holes-beside.ts';
import { slicePieces } from '#ui/views/map/painter.ts';
import { type FoldedPlot, foldedRows, type MapRow, ROW_SIZES } from '#ui/views/map/rows.ts';
import { pageAt, pageRows, scaledRows } from '#ui/views/map/scaled-rows.ts';
import { bracketsOf } from '#ui/views/map/sides.ts';
import { bringIn, clampWindow, fitAround, nextFit, panBy, SMALLEST_WINDOW, ticks, wholeSpace, zoomAround } from '#ui/views/map/viewport.ts';
import { holeText, legendBytes, pagesBytes, rangeText, sizeText } from '#ui/views/map/words.ts';

const SPACE = 2 ** 20;

const region = (firstPage: number, pageCount: number, more: Partial<Region> = {}): Region => ({
  firstPage,
  pageCount,
  mappedPages: pageCount,
  name: `at ${firstPage.toString(16)}`,
  shortName: 'x',
  why: '',
  rights: 'rw-',
  kind: 'writable',
  side: 'user',
  reserved: false,
  times: 1,
  ...more,
});

const coverage = (bins: readonly Partial<Record<CoverageColumn, number>>[], pageCount: number): Coverage => ({
  firstPage: 0,
  pageCount,
  bins: bins.length,
  counts: Float64Array.from(bins.flatMap((bin) => COVERAGE_COLUMNS.map((name) => bin[name] ?? 0))),
});

describe('the window', () => {
  it('is brought into the space whatever a link says', () => {
    expect(clampWindow({ firstPage: -5, pageCount: 3 }, SPACE)).toEqual({ firstPage: 0, pageCount: SMALLEST_WINDOW });
    expect(clampWindow({ firstPage: SPACE, pageCount: 100 }, SPACE)).toEqual({ firstPage: SPACE - 100, pageCount: 100 });
    expect(clampWindow({ firstPage: Number.NaN, pageCount: Number.POSITIVE_INFINITY }, SPACE)).toEqual(wholeSpace(SPACE));
  });
  it('keeps the page under the pointer in place, from the whole of 2^45 pages to single ones and back', () => {
    const space = 2 ** 45;
    const page = 2 ** 44 + 12_345_678;
    let window = wholeSpace(space);
    for (let i = 0; i < 41; i++) {
      window = zoomAround(window, page, 1 / 2, space);
      const share = (page - window.firstPage) / window.pageCount;
      expect(share).toBeGreaterThan(0.4);
      expect(share).toBeLessThan(0.6);
    }
    expect(window.pageCount).toBe(SMALLEST_WINDOW);
    for (let i = 0; i < 41; i++) window = zoomAround(window, page, 2, space);
    expect(window).toEqual(wholeSpace(space));
  });
  it('pans by a share and stops at the ends', () => {
    expect(panBy({ firstPage: 1000, pageCount: 400 }, 0.25, SPACE)).toEqual({ firstPage: 1100, pageCount: 400 });
    expect(panBy({ firstPage: 50, pageCount: 400 }, -1, SPACE)).toEqual({ firstPage: 0, pageCount: 400 });
  });
  it('follows a page only if it is outside', () => {
    const window = { firstPage: 1000, pageCount: 400 };
    expect(bringIn(window, 1399, SPACE)).toBe(window);
    expect(bringIn(window, 1400, SPACE)).toEqual({ firstPage: 1200, pageCount: 400 });
  });
  it('F goes from the region to 2 MB to pages, and round again', () => {
    const around = { firstPage: 0xc0000, pageCount: 0x7000 };
    const page = 0xc1234;
    const first = nextFit(wholeSpace(SPACE), around, page, SPACE);
    expect(first).toEqual(fitAround(around.firstPage, around.pageCount, SPACE));
    const second = nextFit(first, around, page, SPACE);
    expect(second).toEqual({ firstPage: 0xc1200, pageCount: 512 });
    const third = nextFit(second, around, page, SPACE);
    expect(third.pageCount).toBe(SMALLEST_WINDOW);
    expect(nextFit(third, around, page, SPACE)).toEqual(first);
  });
  it('has round addresses on its axis', () => {
    expect(ticks({ firstPage: 0xc0001, pageCount: 0x800 }, 400, 50)).toEqual([
      0xc0100, 0xc0200, 0xc0300, 0xc0400, 0xc0500, 0xc0600, 0xc0700, 0xc0800,
    ]);
  });
});

const plot = (regions: readonly Region[], more: Partial<FoldedPlot> = {}): FoldedPlot => ({
  regions,
  borders: [],
  window: wholeSpace(SPACE),
  height: 400,
  selectedPage: -1,
  openHoles: new Set(),
  ...more,
});

const end = (rows: readonly MapRow[]): number => Math.max(...rows.map((row) => row.top + row.height));

describe('folded rows', () => {
  const three = [region(0x100, 16), region(0x400, 16), region(0x410, 16)];
  it('stand high at the top, without overlap, holes between', () => {
    const rows = foldedRows(plot(three));
    expect(rows.map((row) => `${row.kind} ${row.firstPage.toString(16)}`)).toEqual([
      'hole 420',
      'region 410',
      'region 400',
      'hole 110',
      'region 100',
      'hole 0',
    ]);
    rows.forEach((row, i) => {
      const above = rows[i - 1];
      if (above) expect(row.top).toBeGreaterThanOrEqual(above.top + above.height);
    });
    expect(rows.reduce((sum, row) => sum + row.pageCount, 0)).toBe(SPACE);
  });
  it('make room for words only in an opened hole', () => {
    const rows = foldedRows(plot(three, { openHoles: new Set([0x110]) }));
    expect(rows.filter((row) => row.kind === 'hole').map((row) => [row.open, row.height >= ROW_SIZES.openHole])).toEqual([
      [false, false],
      [true, true],
      [false, false],
    ]);
  });
  it('show the selection even in a hole', () => {
    const row = foldedRows(plot(three, { selectedPage: 0x200 })).find((one) => one.firstPage === 0x110);
    expect(row).toMatchObject({ kind: 'hole', open: true });
  });
  it('merge the smallest neighbours of one side when they do not fit, never the selected or the largest', () => {
    const many = Array.from({ length: 60 }, (_, i) => region(i * 0x1000, i === 30 ? 900 : 1 + (i % 9), { side: i < 40 ? 'user' : 'kernel' }));
    const rows = foldedRows(plot(many, { selectedPage: 0x5000 }));
    expect(end(rows)).toBeLessThanOrEqual(400);
    const regions = rows.filter((row) => row.kind === 'region');
    expect(regions.flatMap((row) => row.regions)).toHaveLength(60);
    expect(regions.find((row) => row.regions.some((one) => one.firstPage === 0x5000))?.regions).toHaveLength(1);
    expect(regions.find((row) => row.regions.some((one) => one.firstPage === 30 * 0x1000))?.regions).toHaveLength(1);
    for (const row of regions) expect(new Set(row.regions.map(({ side }) => side)).size).toBe(1);
  });
  it('give the selected row and big regions more room', () => {
    const rows = foldedRows(plot([...three, region(0x10000, 0x8000)], { selectedPage: 0x100, height: 130 }));
    const height = (page: number) => rows.find((row) => row.firstPage === page)?.height ?? 0;
    expect(height(0x100)).toBe(height(0x400) + ROW_SIZES.selectedMore);
    expect(height(0x10000)).toBeGreaterThan(height(0x400));
  });
  it('let a canonical border stand for its hole, and draw a limit between touching regions', () => {
    const borders: readonly Border[] = [
      { page: 0x410, label: 'limit', kind: 'limit' },
      { page: 0x80000, label: 'no address', kind: 'canonical' },
    ];
    const kinds = foldedRows(plot([...three, region(0xf0000, 9)], { borders })).map((row) => row.kind);
    expect(kinds).toEqual(['hole', 'region', 'border', 'region', 'border', 'region', 'hole', 'region', 'hole']);
  });
  it('clip regions at the window', () => {
    const rows = foldedRows(plot([region(0x100, 0x1000)], { window: { firstPage: 0x200, pageCount: 0x100 } }));
    expect(rows).toMatchObject([{ kind: 'region', firstPage: 0x200, pageCount: 0x100 }]);
  });
});

describe('rows to scale', () => {
  const window = { firstPage: 0x1000, pageCount: 400 };
  it('are as high as they are long, and a small one is still a mark', () => {
    const rows = scaledRows([region(0x1000, 100), region(0x1100, 1)], [], window, 200);
    expect(rows.map((row) => [row.kind, row.pageCount, Number(row.height.toFixed(6))])).toEqual([
      ['hole', 143, 71.5],
      ['region', 1, 2],
      ['hole', 156, 78],
      ['region', 100, 50],
    ]);
  });
  it('find the page under a height, page by page', () => {
    const rows = pageRows({ firstPage: 0x1000, pageCount: 16 }, 320);
    expect(rows).toHaveLength(16);
    expect(pageAt(rows, 0)).toBe(0x100f);
    expect(pageAt(rows, 319)).toBe(0x1000);
    expect(pageAt(rows, 321)).toBeUndefined();
    expect(pageAt(scaledRows([region(0x1000, 400)], [], window, 200), 100)).toBe(0x1000 + 199);
  });
});

describe('a slice of a bar', () => {
  it('is as wide as what is mapped, never under 3 px if anything is, and empty where nothing is', () => {
    const bar = coverage([{ zero: 100 }, { writable: 50, zero: 50 }, { writable: 1, zero: 9999 }, { writable: 25, 'read-only': 75 }], 10_300);
    expect(slicePieces(bar, 0, 24)).toEqual([]);
    expect(slicePieces(bar, 1, 24)).toEqual([{ kind: 'writable', x: 0, width: 12 }]);
    expect(slicePieces(bar, 2, 24)).toEqual([{ kind: 'writable', x: 0, width: 3 }]);
    expect(slicePieces(bar, 3, 24)).toEqual([
      { kind: 'writable', x: 0, width: 6 },
      { kind: 'read-only', x: 6, width: 18 },
    ]);
  });
  it('shows what a text left out beside what is known, and never makes it look mapped', () => {
    const bar = coverage([{ loop: 1, elided: 99 }], 100);
    expect(slicePieces(bar, 0, 24).map((piece) => piece.kind)).toEqual(['loop', 'elided']);
    expect(slicePieces(bar, 0, 24)[0]?.width).toBe(3);
  });
});

describe('sums and words', () => {
  it('adds bins up by kind, and sees a constant stride', () => {
    const half = coverage(
      Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? { writable: 1, user: 1 } : { zero: 1 })),
      8,
    );
    expect(sumsOf(half)).toMatchObject({ writable: 4, zero: 4, user: 4 });
    expect(strideOf(half)).toBe(2);
    expect(strideOf(coverage([{ writable: 1 }, { writable: 1 }, { writable: 1 }], 3))).toBeUndefined();
  });
  it('says sizes as the map does', () => {
    expect([1, 3, 256, 33_697].map(pagesBytes)).toEqual(['4 KB', '12 KB', '1 MB', '132 MB']);
    const reserved = region(0xf6800, 24_576, { mappedPages: 6144, reserved: true });
    expect(sizeText([reserved], undefined)).toBe('24 of 96 MB');
    expect(sizeText([{ ...reserved, mappedPages: 0 }], { ...sumsOf(coverage([{ absent: 1024 }], 1024)) })).toBe('4 MB not in dump');
    expect(sizeText([region(0, 1_048_576, { times: 65_536 })], undefined)).toBe('× 65,536');
    expect(rangeText(0xf5800, 4096, 32)).toBe('F5800000–F67FFFFF');
    expect(holeText(512, sumsOf(coverage([{ elided: 256, zero: 256 }], 512)))).toBe('2 MB: 1 MB elided, 1 MB zero');
  });
  it('adds up in the legend of a 4 GB space', () => {
    const pages = [7169, 1024, 36, 8191, 242_124, 790_032];
    expect(pages.reduce((a, b) => a + b)).toBe(SPACE);
    expect(pages.map((one) => legendBytes(one, SPACE))).toEqual(['28 MB+4 KB', '4 MB', '144 KB', '32 MB−4 KB', '945.8 MB', '3,086.1 MB']);
    expect(legendBytes(2 ** 36, 2 ** 36)).toBe('256 TB');
  });
  it('opens the holes beside a page, borders between or not, and folds them once both are open', () => {
    const hole = (firstPage: number, open = false) => ({ kind: 'hole' as const, firstPage, pageCount: 10, top: 0, height: 4, open });
    const row = { kind: 'region' as const, firstPage: 10, pageCount: 10, top: 0, height: 17, regions: [region(10, 10)] };
    const border = {
      kind: 'border' as const,
      firstPage: 20,
      pageCount: 0,
      top: 0,
      height: 4,
      border: { page: 20, label: '', kind: 'owner' as const },
    };
    expect(holesToTurn([hole(20), border, row, hole(0)], 12).map(({ firstPage }) => firstPage)).toEqual([20, 0]);
    expect(holesToTurn([hole(20, true), border, row, hole(0)], 12).map(({ firstPage }) => firstPage)).toEqual([0]);
    expect(holesToTurn([hole(20, true), border, row, hole(0, true)], 12).map(({ firstPage }) => firstPage)).toEqual([20, 0]);
    expect(holesToTurn([row], 12)).toEqual([]);
  });
  it('brackets each side from border to border', () => {
    const borders: readonly Border[] = [{ page: 0xc0000, label: '', kind: 'owner' }];
    const rows = foldedRows(plot([region(0x100, 1), region(0x5000, 1), region(0xc0000, 9, { side: 'kernel' })], { borders }));
    expect(bracketsOf(rows, borders, SPACE).map(({ label }) => label)).toEqual(['kernel, 1 GB', 'user, 3 GB']);
  });
});
