import { describe, expect, it } from 'vitest';
import { foldEntries } from '#core/atlas/fold.ts';
import { fold, rows, table } from './fold-table.ts';

describe('folding a table', () => {
  it('makes one row of a stretch in order and one of each hole', () => {
    const pd = table(512).leaf(436, 447, { frame: 0x18001, step: 512 });
    expect(rows(fold(pd))).toEqual(['0-435 not-present same', '436-447 leaf in order', '448-511 not-present same']);
  });

  it('takes the selected slot out of its row and of a hole', () => {
    const pd = table(512).leaf(436, 447, { frame: 0x18000, step: 512 });
    expect(rows(fold(pd, 440))).toEqual([
      '0-435 not-present same',
      '436-439 leaf in order',
      '440 leaf single',
      '441-447 leaf in order',
      '448-511 not-present same',
    ]);
    expect(rows(fold(pd, 0)).slice(0, 2)).toEqual(['0 not-present single', '1-435 not-present same']);
  });

  it('recognises one page in two, with the zeros between as one row below', () => {
    const pt = table(512, { lowest: true });
    for (let slot = 0; slot < 512; slot += 2) pt.leaf(slot, slot, { frame: 0x3000 + slot / 2 });
    expect(rows(fold(pt))).toEqual(['0-510 by 2 leaf in order', '1-511 by 2 not-present same between 2']);
    expect(rows(fold(pt, 66))).toEqual([
      '0-64 by 2 leaf in order',
      '66 leaf single',
      '68-510 by 2 leaf in order',
      '1-511 by 2 not-present same between 2',
    ]);
    const zeroSelected = fold(pt, 67);
    expect(rows(zeroSelected)).toEqual([
      '0-66 by 2 leaf in order',
      '67 not-present single',
      '68-510 by 2 leaf in order',
      '1-511 by 2 not-present same between 2',
    ]);
    expect(zeroSelected.at(-1)?.count).toBe(255);
  });

  it('counts what a stride leaves over at either end among the zeros between', () => {
    const pt = table(512, { lowest: true });
    for (let slot = 1; slot < 512; slot += 16) pt.leaf(slot, slot, { frame: 0x1056 });
    const runs = fold(pt, 1);
    expect(rows(runs)).toEqual(['1 leaf single', '17-497 by 16 leaf same', '0-511 not-present same between 16']);
    expect(runs.map((run) => run.count)).toEqual([1, 31, 480]);
  });

  it('gives a PT no row for a zero hole below four slots, unless it is selected or elided', () => {
    const pt = table(512, { lowest: true }).leaf(0, 3, { frame: 5 }).leaf(5, 6, { frame: 77 }).leaf(10, 511, { frame: 0x200 });
    expect(rows(fold(pt))).toEqual(['0-3 leaf in order', '5-6 leaf in order', '10-511 leaf in order']);
    expect(rows(fold(pt, 8))).toContain('8 not-present single');
    pt.fill(4, 4, 'elided');
    expect(rows(fold(pt))).toContain('4 elided single');
  });

  it('keeps such a hole in a PD: a slot there is 2 MB', () => {
    const pd = table(512).leaf(0, 508, { frame: 0, step: 512 }).leaf(510, 511, { frame: 0x99200, step: 512 });
    expect(rows(fold(pd))).toContain('509 not-present single');
  });

  it('joins shown zeros and elided slots in one hole and counts the elided', () => {
    const pd = table(512).leaf(428, 429, { frame: 0xfbc00, step: -512 }).fill(432, 435, 'elided').leaf(436, 447, { frame: 0x18000, step: 512 });
    const hole = fold(pd, 428).find((run) => run.firstSlot === 430);
    expect(hole).toMatchObject({ lastSlot: 435, count: 6, kind: 'elided', elided: 4 });
  });

  it('leaves a pair apart that neither counts up nor repeats', () => {
    const pd = table(512).leaf(484, 485, { frame: 0xfbc00, step: -512 });
    expect(rows(fold(pd)).slice(1, 3)).toEqual(['484 leaf single', '485 leaf single']);
  });

  it('breaks a row where flags or the region change', () => {
    const pd = table(512).fill(0, 11, 'absent-table');
    pd.flagClass.fill(1, 4, 6);
    pd.region.fill(9, 8, 12);
    expect(rows(fold(pd)).slice(0, 4)).toEqual(['0-3', '4-5', '6-7', '8-11'].map((slots) => `${slots} absent-table same`));
  });

  it('makes one row of slots that name one table and does not split it for the path', () => {
    const pdpt = table(512).tables(60, [7, 7, 7, 7]).tables(64, [8]);
    const runs = fold(pdpt, 61);
    expect(rows(runs)).toEqual(['0-59 not-present same', '60-63 table same', '64 table single', '65-511 not-present same']);
  });

  it('keeps that row apart from tables that look alike', () => {
    const pdpt = table(512, { alike: () => true }).tables(0, [1, 2, 3, 3, 3, 4, 5]);
    expect(rows(fold(pdpt)).slice(0, 3)).toEqual(['0-1 table in order', '2-4 table same', '5-6 table in order']);
  });

  it('takes the path out of tables that look alike', () => {
    const pml4 = table(512, { alike: () => true }).tables(
      413,
      Array.from({ length: 63 }, (_, i) => i),
    );
    expect(rows(fold(pml4))).toContain('413-475 table in order');
    expect(rows(fold(pml4, 420))).toEqual(expect.arrayContaining(['413-419 table in order', '420 table single', '421-475 table in order']));
  });

  it('folds loops in a PT and many above it, but not a few above it', () => {
    expect(rows(fold(table(512, { lowest: true }).fill(11, 13, 'loop')))).toContain('11-13 loop same');
    expect(rows(fold(table(512).fill(492, 495, 'loop')))).toEqual(expect.arrayContaining(['492 loop single', '495 loop single']));
    expect(rows(fold(table(512).fill(256, 511, 'loop')))).toContain('256-511 loop same');
  });

  it('never folds the four slots of a PAE root', () => {
    expect(rows(fold(table(4)))).toHaveLength(4);
  });

  it('gives every slot its row when unfolded', () => {
    const pt = table(1024, { lowest: true }).leaf(0, 9, { frame: 1 });
    expect(foldEntries(pt, { unfolded: true })).toHaveLength(1024);
  });
});
