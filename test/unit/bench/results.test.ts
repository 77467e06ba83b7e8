import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Bench, Row } from '../../bench/row.ts';
import { aimText, cellsOf, metText, resultsPage, rowsOnPage } from '../../bench/table.ts';

const files = import.meta.glob<{ readonly default: readonly Bench[] }>('../../bench/*.bench.ts', { eager: true });
const benches = Object.values(files).flatMap((file) => file.default);
const rows = benches.flatMap((bench) => Object.values(bench.rows));
const onPage = rowsOnPage(readFileSync(new URL('../../bench/RESULTS.md', import.meta.url), 'utf8'));

/** What speed is judged by. Each is measured, and its row stands in the table at the top. */
const JUDGED: readonly RegExp[] = [
  /^raw image of 1 GiB: search for roots$/,
  /^page: search for roots in 256 MiB$/,
  /^PAE space, .*: full walk$/,
  /^PAE space, .*: reverse index$/,
  /^64-bit kernel: full walk$/,
  /^64-bit kernel: reverse index$/,
  /^64-bit kernel: .* 65,536 aliases$/,
  /^64-bit kernel: .* translations, out of order$/,
  /^64-bit kernel: bytes read/,
  /^page: from the drop .* first painted map$/,
  /^page: bytes of 64 GiB, scrollbar dragged: longest frame$/,
  /^page: bytes of 64 GiB, scrollbar dragged: 95th percentile$/,
  /^page: bytes of 64 GiB, wheel: longest frame$/,
  /^page: bytes of 64 GiB, wheel: 95th percentile$/,
  /^page: bytes of 64 GiB, Page Down: longest frame$/,
  /^page: bytes of 64 GiB, Page Down: 95th percentile$/,
  /^page: memory, /,
];

test.each(JUDGED)('%s is measured and judged', (name) => {
  expect(rows.filter(({ what, judged }) => judged && name.test(what))).not.toEqual([]);
});

test('the page has a row for each measurement that a bench declares, as declared, and no other', () => {
  const cells = ({ what, beside, aim }: Pick<Row, 'what' | 'beside' | 'aim'>) => [what, beside, aimText(aim)];
  const ordered = [...rows.filter(({ judged }) => judged), ...rows.filter(({ judged }) => !judged)];
  expect(onPage.map(({ what, beside, aim }) => [what, beside, aim])).toEqual(ordered.map(cells));
  expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
});

test('whether an aim is met is told by the figures beside it', () => {
  for (const { what, ratio, milliseconds, met } of onPage) {
    const aim = rows.find((row) => row.what === what)?.aim;
    expect([what, met]).toEqual([what, metText(aim, ratio, milliseconds)]);
  }
});

test('an aim is met up to its border, by the figure as it is printed', () => {
  const most: Row = { what: 'a', beside: 'b', aim: { most: 4 }, why: 'because' };
  expect(cellsOf(most, { ratio: 4.004 })).toMatchObject({ ratio: '4.00 ×', met: 'yes', note: '' });
  expect(cellsOf(most, { ratio: 4.006, note: 'counted' })).toMatchObject({ ratio: '4.01 ×', met: 'no', note: 'counted; because' });
  const least: Row = { what: 'a', beside: 'b', unit: '%', aim: { least: 80 } };
  expect(cellsOf(least, { ratio: 79.6 }).met).toBe('yes');
  expect(cellsOf(least, { ratio: 79.4 }).met).toBe('no');
  const time: Row = { what: 'a', beside: 'b', aim: { mostMilliseconds: 50 } };
  expect(cellsOf(time, { ratio: 9, milliseconds: 50 }).met).toBe('yes');
  expect(cellsOf(time, { ratio: 0.1, milliseconds: 50.1 }).met).toBe('no');
  expect(cellsOf(most, { ratio: undefined })).toMatchObject({ ratio: 'not told', met: 'not told' });
});

test('a page is read back as it was written', () => {
  const row: Row = { what: 'walk', beside: 'a plain pass', aim: { most: 4 }, judged: true };
  const figure = { ratio: 2.5, milliseconds: 12.34, note: 'of 40 tables' };
  const page = resultsPage([{ row, figure }], { processors: '2 × some', versions: 'Node 20', load: [0, 0, 0] });
  expect(rowsOnPage(page)).toEqual([cellsOf(row, figure)]);
});

const noBrowser = () => Promise.reject(new Error('no browser here'));

test.each(Object.entries(files).filter(([path]) => !path.includes('/page-')))('%s runs, on little', async (_path, file) => {
  for (const { rows: declared, measure } of file.default) {
    const figures = await measure('tiny', noBrowser);
    expect(Object.keys(figures).sort()).toEqual(Object.keys(declared).sort());
    for (const [name, { ratio }] of Object.entries(figures)) expect(ratio, name).toBeGreaterThan(0);
  }
});
