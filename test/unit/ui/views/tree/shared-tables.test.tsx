// @vitest-environment jsdom
import { cleanup, render, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeskContext } from '#ui/state/desk.ts';
import view from '#ui/views/tree/tree.view.tsx';
import { elfDump, SparseMemory } from '../../../../support/dump-builder.ts';
import { OPEN, TableBuilder } from '../../../../support/table-builder.ts';
import { openDesk } from '../open-desk.ts';

vi.setConfig({ testTimeout: 20_000 });
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(825);
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const ESPFIX = 0xff0f00000000n;

/** As Linux's espfix area: four PDPT slots name one PD, its 512 slots one PT, in which every 16th slot maps one page. */
function espfixDump(): Uint8Array {
  const tables = new TableBuilder(new SparseMemory(), '4-level');
  tables.map(ESPFIX + 0x1000n, 0x1056000n);
  const nameAgain = (va: bigint, from: bigint, level: number): unknown => {
    const named = tables.memory.readWord(tables.entryAddress(from, level), 8);
    return tables.setEntry(va, level, named);
  };
  for (let slot = 1n; slot < 4n; slot++) nameAgain(ESPFIX + (slot << 30n), ESPFIX, 1);
  for (let slot = 1n; slot < 512n; slot++) nameAgain(ESPFIX + (slot << 21n), ESPFIX, 2);
  for (let slot = 17n; slot < 512n; slot += 16n) tables.setEntry(ESPFIX + (slot << 12n), 3, 0x1056000n | OPEN);
  return elfDump(tables.memory, { wordBytes: 8, machine: 62, cpus: [{ cr3: tables.root, cr4: 0x20, rip: 0xffffffff81000000n, cs: 0x10 }] });
}

const lines = (): readonly string[] =>
  [...document.querySelectorAll('tbody tr')].map((row) => {
    const cells = [...row.querySelectorAll('td')].map((cell) => cell.textContent);
    return `${row.getAttribute('aria-level')} ${cells[0]} ${cells[1]} ${cells.at(-1)}`;
  });

describe('tables that are shared', () => {
  it('are opened once, and the head multiplies', async () => {
    const desk = await openDesk(espfixDump(), 'FFFFFF0F00001000');
    render(
      <DeskContext.Provider value={desk}>
        <view.Component />
      </DeskContext.Provider>,
    );
    await waitFor(() => expect(document.querySelector('.tree-selected')).toBeTruthy());
    await waitFor(() =>
      expect(lines().slice(4)).toEqual([
        '3 60–63 FF0F00000000 one PD× 4',
        '4 0–511 FF0F00000000 one PT× 512',
        '5 1 FF0F00001000 4 KBpage',
        '5 17–497by 16 FF0F00011000 same page4 KB× 31',
        '5 0–511 FF0F00000000 480 slots between, 1.9 MB, zero',
        '3 64–511 FF1000000000 448 slots, 448 GB, zero',
        '2 511 FF8000000000 1 slot, 512 GB, zero',
      ]),
    );
    expect(document.querySelector('.ph')?.textContent).toContain('65,536 = 4 × 512 × 32 ways to one page');
  });

  it('follows the selection through whichever slot it goes', async () => {
    const desk = await openDesk(espfixDump(), 'FFFFFF0F80001000');
    render(
      <DeskContext.Provider value={desk}>
        <view.Component />
      </DeskContext.Provider>,
    );
    await waitFor(() => expect(document.querySelector('.tree-selected td:nth-child(2)')?.textContent).toBe('FF0F80001000'));
    expect(lines()[4]).toBe('3 60–63 FF0F00000000 one PD× 4');
  });
});
