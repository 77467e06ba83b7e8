import { describe, expect, it } from 'vitest';
import type { TableRow } from '#core/session/contract.ts';
import { forgetClosed, isRunOpen, noOpenings, withRun, withTable, withTables } from '#ui/views/tree/openings.ts';

const run = (firstSlot: number, lastSlot: number): TableRow => ({ firstSlot, lastSlot, count: lastSlot - firstSlot + 1 }) as TableRow;

describe('what is open', () => {
  it('keeps an opened run open in the pieces that the selection leaves of it', () => {
    const open = withRun(noOpenings, [3], run(436, 447), true);
    expect(isRunOpen(open, [3], 436, 439)).toBe(true);
    expect(isRunOpen(open, [3], 441, 447)).toBe(true);
    expect(isRunOpen(open, [3], 430, 439)).toBe(false);
    expect(isRunOpen(open, [2], 436, 439)).toBe(false);
  });

  it('closes one piece and leaves the others', () => {
    const open = withRun(withRun(noOpenings, [3], run(436, 447), true), [3], run(441, 447), false);
    expect(isRunOpen(open, [3], 436, 439)).toBe(true);
    expect(isRunOpen(open, [3], 441, 447)).toBe(false);
    expect(withRun(open, [3], run(436, 440), false).runs.size).toBe(0);
  });

  it('remembers a closed table until the selection comes from elsewhere', () => {
    const closed = withTable(withTable(noOpenings, [3], true), [3], false);
    expect([...closed.tables]).toEqual([]);
    expect([...closed.closed]).toEqual(['3']);
    expect(forgetClosed(closed).closed.size).toBe(0);
    expect([...withTables(closed, [[], [0, 64]]).tables]).toEqual(['', '0.64']);
  });
});
