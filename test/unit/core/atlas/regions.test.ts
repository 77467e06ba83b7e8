import { describe, expect, it } from 'vitest';
import { regionsOf } from '#core/atlas/regions.ts';
import { layouts } from '#core/layouts/index.ts';
import type { Layout } from '#core/layouts/layout.ts';
import { type MadeRun, madeRuns } from '../../../support/made-runs.ts';

const layout = (id: string): Layout => {
  const found = layouts.find((one) => one.id === id);
  if (!found) throw new Error(id);
  return found;
};

/** "0x10 × 4 of 6: name rights" for each region, low to high. */
const told = (runs: readonly MadeRun[], id = 'plain-32', pageCount?: number): readonly string[] =>
  regionsOf(madeRuns(runs, pageCount), layout(id)).regions.map(
    (region) => `${region.firstPage.toString(16)} ${region.mappedPages} of ${region.pageCount}: ${region.name}, ${region.rights}`,
  );

const GAP = 1024;

describe('what lies together', () => {
  it('a gap below 4 MB does not end a region, 4 MB do', () => {
    expect(
      told([
        { page: 0x100, pages: 3 },
        { page: 0x103 + GAP - 1, pages: 2 },
      ]),
    ).toEqual(['100 5 of 1028: 5 pages, rwx']);
    expect(
      told([
        { page: 0x100, pages: 3 },
        { page: 0x103 + GAP, pages: 2 },
      ]),
    ).toEqual(['100 3 of 3: 3 pages, rwx', '503 2 of 2: 2 pages, rwx']);
  });
  it('in a wide space it takes 16 MB', () => {
    const runs = [
      { page: 0x100, pages: 3 },
      { page: 0x103 + 4095, pages: 2 },
    ];
    expect(told(runs, 'halves-48', 2 ** 36)).toHaveLength(1);
    expect(told([...runs, { page: 0x103 + 4097 + 4096, pages: 1 }], 'halves-48', 2 ** 36)).toHaveLength(2);
  });
  it('rights that change for 2 MB end it, for less they are part of it', () => {
    const code = { page: 0, pages: 600, rights: 'r-x' };
    expect(told([code, { page: 600, pages: 512, rights: 'rw-' }])).toEqual(['0 600 of 600: 600 pages, r-x', '258 512 of 512: 512 pages, rw-']);
    expect(told([code, { page: 600, pages: 511, rights: 'rw-' }])).toEqual(['0 1111 of 1111: 1,111 pages, mix']);
  });
  it('rights are letters where 95 % agree, else mix; never the union', () => {
    expect(
      told([
        { page: 0, pages: 95, rights: 'r-x' },
        { page: 95, pages: 5, rights: 'rw-' },
      ])[0],
    ).toMatch(/r-x$/);
    expect(
      told([
        { page: 0, pages: 94, rights: 'r-x' },
        { page: 94, pages: 6, rights: 'rw-' },
      ])[0],
    ).toMatch(/mix$/);
  });
  it('a loop never mixes with memory, nor does what the dump lacks', () => {
    const runs: MadeRun[] = [
      { page: 0, pages: 4 },
      { page: 4, pages: 4, kind: 'loop' },
      { page: 8, pages: 1024, kind: 'absent' },
      { page: 1032, pages: 4 },
    ];
    expect(told(runs)).toEqual([
      '0 4 of 4: 4 pages, rwx',
      '4 4 of 4: Linear page table, rwx',
      '8 0 of 1024: Not in this dump, ---',
      '408 4 of 4: 4 pages, rwx',
    ]);
  });
});

describe('names by make-up', () => {
  it('counts pages, strides and large leaves', () => {
    const every = (stride: number, count: number) => Array.from({ length: count }, (_, i) => ({ page: i * stride, pages: 1, frame: i * 5 }));
    expect(told(every(2, 9))).toEqual(['0 9 of 17: 1 page in 2, rwx']);
    expect(told(every(4096, 9))).toEqual(['0 9 of 32769: 1 page in 4,096, rwx']);
    expect(told(every(4096, 2))).toHaveLength(2);
    expect(told([{ page: 512, pages: 2048, leafPages: 512, frame: 0 }])).toEqual(['200 2048 of 2048: 4 of 2 MB, rwx']);
    expect(told([{ page: 0x3d000, pages: 64, kind: 'not-zero' }])).toEqual(['3d000 0 of 64: P 0, not zero, ---']);
  });
  it('says how often one page is seen', () => {
    const runs = Array.from({ length: 4096 }, (_, i) => ({ page: i * 16, pages: 1, frame: 0x1056, rights: 'r--' }));
    const [region] = regionsOf(madeRuns(runs, 2 ** 36), layout('halves-48')).regions;
    expect(region).toMatchObject({ name: 'One page, many times', times: 4096, mappedPages: 4096 });
  });
});

describe('names by rule', () => {
  const DIRECT = 0x8_8800_0000;
  const linux: readonly MadeRun[] = [
    { page: DIRECT, pages: 0x20000, rights: 'rw-', frame: 0, leafPages: 512 },
    { page: 0xc_9000_0000, pages: 12, rights: 'rw-', frame: 99 },
    { page: 0xe_a000_0000, pages: 2048, rights: 'rw-', frame: 0x3000, leafPages: 512 },
    { page: 0xf_fffa_1000, pages: 3000, rights: 'r-x', frame: 0x1000, leafPages: 512 },
    { page: 0xf_fffc_0000, pages: 20, rights: 'r-x', frame: 77 },
  ];
  it('Linux x86-64: direct map, then its frame structs, vmalloc between, the image and modules', () => {
    expect(told(linux, 'linux-x86-64', 2 ** 36).map((text) => text.split(': ')[1])).toEqual([
      'Direct map, rw-',
      'vmalloc, rw-',
      'Frame structs, rw-',
      'Kernel image, r-x',
      'Modules, r-x',
    ]);
  });
  it('no direct map, no names that follow from it', () => {
    const moved = linux.map((run, i) => (i === 0 ? { ...run, frame: 12 } : run));
    const names = told(moved, 'linux-x86-64', 2 ** 36).map((text) => text.split(': ')[1]);
    expect(names.slice(0, 3)).toEqual(['256 of 2 MB, rw-', '12 pages, rw-', '4 of 2 MB, rw-']);
  });
  it('Linux i386: text and constants lie within the direct map', () => {
    const runs: MadeRun[] = [
      { page: 0xc0000, pages: 0x7000, rights: 'rw-', frame: 0 },
      { page: 0xc7000, pages: 2000, rights: 'r-x', frame: 0x7000 },
      { page: 0xc77d0, pages: 800, rights: 'r--', frame: 0x77d0 },
    ];
    expect(told(runs, 'linux-i386-pae').map((text) => text.split(': ')[1])).toEqual(['Direct map, rw-', 'Kernel text, r-x', 'Constants, r--']);
  });
});

describe('sides', () => {
  it('a border is drawn where user ends and kernel begins on a whole gigabyte, and only there', () => {
    const user = { page: 0x8049, pages: 4, rights: 'rwxu' };
    const kernel = { page: 0xc0100, pages: 64, rights: 'rwx' };
    const { regions, borders } = regionsOf(madeRuns([user, kernel]), layout('plain-32'));
    expect(borders).toEqual([{ page: 0xc0000, label: 'kernel and user', kind: 'owner' }]);
    expect(regions.map(({ side }) => side)).toEqual(['user', 'kernel']);
    const mixed = regionsOf(madeRuns([user, { page: 0x10000, pages: 1, rights: 'rwx' }, kernel]), layout('plain-32'));
    expect(mixed.borders).toEqual([]);
    expect(mixed.regions.map(({ side }) => side)).toEqual(['', '', '']);
  });
});

it('a space of thousands of scattered pages stays readable and loses nothing', () => {
  const runs = Array.from({ length: 20_000 }, (_, i) => ({ page: i * 5000 + (i % 7), pages: 1 + (i % 3), frame: i }));
  const { regions } = regionsOf(madeRuns(runs, 2 ** 36), layout('halves-48'));
  expect(regions.length).toBeLessThanOrEqual(300);
  expect(regions.reduce((sum, region) => sum + region.mappedPages, 0)).toBe(runs.reduce((sum, run) => sum + run.pages, 0));
  expect(regions[0]?.name).toMatch(/^[\d,]+ regions$/);
});
