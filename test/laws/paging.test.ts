import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAtlas } from '#core/atlas/build-atlas.ts';
import { eachRun } from '#core/atlas/each-run.ts';
import { PageSums, SUM_COLUMNS, SUM_FETCH, SUM_LEAVES, SUM_USER } from '#core/atlas/page-sums.ts';
import { isMapped, kindOf, lostOf } from '#core/atlas/run-attrs.ts';
import { pagesOf } from '#core/atlas/run-columns.ts';
import { quietTask } from '#core/base/task.ts';
import { NO_FETCH, NO_USER, NO_WRITE } from '#core/paging/entry.ts';
import { pagingModes, usualFeatures } from '#core/paging/modes.ts';
import { fetchTables, type TableForest } from '#core/tables/fetch-tables.ts';
import { walk } from '#core/tables/walk.ts';
import { type Answer, walkByTheManual } from '../support/manual.ts';
import { pageFrom, type RandomMachine, randomMachine } from '../support/random-tables.ts';

const forestOf = (machine: RandomMachine, nxe = true): Promise<TableForest> =>
  fetchTables(machine.image, { address: machine.root, mode: machine.mode }, { ...usualFeatures, nxe }, quietTask);

const manual = (machine: RandomMachine, page: number, nxe = true): Answer =>
  walkByTheManual(machine.memory, machine.mode, BigInt(machine.root), BigInt(page) << 12n, { nxe });

const picks = fc.array(fc.array(fc.nat(1000), { minLength: 5, maxLength: 5 }), { minLength: 30, maxLength: 30 });

/** What the product says of one page, in the oracle's words. */
function ours(forest: TableForest, page: number): unknown {
  const { end, lost, steps } = walk(forest, page);
  const entry = steps.at(-1)?.entry;
  if (end.kind === 'not-present')
    return { kind: 'not-present', level: steps.length - 1, entry: (BigInt(entry?.high ?? 0) << 32n) | BigInt(entry?.low ?? 0) };
  if (end.kind === 'table-absent') return { kind: 'absent', level: steps.length };
  if (end.kind === 'entry-absent') return { kind: 'absent', level: steps.length - 1 };
  const rights = { writable: !(lost & NO_WRITE), user: !(lost & NO_USER), executable: !(lost & NO_FETCH) };
  return { kind: 'mapped', address: BigInt(end.frame) << 12n, ...rights, size: BigInt(end.pageFrames) << 12n };
}

describe.each(pagingModes.map(({ id }) => id))('%s', (mode) => {
  it('walks as the manual says, on hostile trees', async () => {
    await fc.assert(
      fc.asyncProperty(randomMachine(mode), picks, fc.boolean(), async (machine, list, nxe) => {
        const forest = await forestOf(machine, nxe);
        for (const pick of list) {
          const page = pageFrom(machine, pick);
          expect(ours(forest, page)).toEqual(manual(machine, page, nxe));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('draws in the atlas what the walk finds', async () => {
    await fc.assert(
      fc.asyncProperty(randomMachine(mode), picks, async (machine, list) => {
        const forest = await forestOf(machine);
        const atlas = buildAtlas(forest);
        for (const pick of list) {
          const page = pageFrom(machine, pick);
          expect(drawn(atlas, page)).toEqual(expected(manual(machine, page)));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('sums windows to what its pages are, one by one', async () => {
    await fc.assert(
      fc.asyncProperty(randomMachine(mode), picks, fc.integer({ min: 1, max: 700 }), async (machine, list, pages) => {
        const atlas = buildAtlas(await forestOf(machine));
        const sums = new PageSums(atlas);
        for (const pick of list.slice(0, 3)) {
          const first = Math.min(pageFrom(machine, pick), atlas.forest.mode.pageCount - pages);
          const sum = new Float64Array(SUM_COLUMNS);
          sums.addWindow(first, pages, sum);
          // Leaves are counted in parts where a window cuts a large page; the pages are what is compared.
          sum[SUM_LEAVES] = 0;
          expect([...sum]).toEqual([...oneByOne(atlas, first, pages)]);
        }
      }),
      { numRuns: 80 },
    );
  });

  it('covers the whole space exactly, and in order', async () => {
    await fc.assert(
      fc.asyncProperty(randomMachine(mode), async (machine) => {
        const { runs, forest } = buildAtlas(await forestOf(machine));
        let end = 0;
        for (let row = 0; row < runs.count; row++) {
          expect(runs.firstPage[row]).toBe(end);
          expect(pagesOf(runs, row)).toBeGreaterThan(0);
          end += pagesOf(runs, row);
        }
        expect(end).toBeLessThanOrEqual(forest.mode.pageCount);
      }),
      { numRuns: 60 },
    );
  });
});

type Atlas = ReturnType<typeof buildAtlas>;

function drawn(atlas: Atlas, page: number): unknown {
  let found: unknown = 'zero';
  eachRun(atlas, page, 1, (at, count, frame, attrs) => {
    expect([at, count]).toEqual([page, 1]);
    const lost = lostOf(attrs);
    if (isMapped(attrs)) found = { frame, writable: !(lost & NO_WRITE), user: !(lost & NO_USER), executable: !(lost & NO_FETCH) };
    else found = kindOf(attrs) === 3 ? 'absent' : kindOf(attrs) === 4 ? 'not zero' : 'elided';
    return true;
  });
  return found;
}

function expected(answer: Answer): unknown {
  if (answer.kind === 'absent') return 'absent';
  if (answer.kind === 'not-present') return answer.entry === 0n ? 'zero' : 'not zero';
  const { writable, user, executable } = answer;
  return { frame: Number(answer.address >> 12n), writable, user, executable };
}

function oneByOne(atlas: Atlas, first: number, pages: number): Float64Array {
  const sum = new Float64Array(SUM_COLUMNS);
  const add = (column: number): void => {
    sum[column] = (sum[column] ?? 0) + 1;
  };
  for (let page = first; page < first + pages; page++) {
    eachRun(atlas, page, 1, (_at, _count, _frame, attrs) => {
      add(kindOf(attrs));
      if (isMapped(attrs) && !(lostOf(attrs) & NO_USER)) add(SUM_USER);
      if (isMapped(attrs) && !(lostOf(attrs) & NO_FETCH)) add(SUM_FETCH);
      return true;
    });
  }
  return sum;
}
