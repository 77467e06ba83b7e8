// @vitest-environment jsdom
import { readFile } from 'node:fs/promises';
import { cleanup, render, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { virtualHex } from '#core/base/hex.ts';
import { virtualPage } from '#core/memory/address.ts';
import type { Target } from '#core/session/contract.ts';
import { DeskContext, type DeskStore } from '#ui/state/desk.ts';
import view from '#ui/views/tree/tree.view.tsx';
import { openDesk } from '../open-desk.ts';

vi.setConfig({ testTimeout: 20_000 });

/** jsdom lays nothing out: the virtual rows are told that there is room for forty. */
beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(825);
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const mail = async (): Promise<Uint8Array> => new Uint8Array(await readFile('public/samples/xen-devel-pae-guest-address-maps.txt'));

async function show(va: string): Promise<DeskStore> {
  const desk = await openDesk(await mail(), va);
  render(
    <DeskContext.Provider value={desk}>
      <view.Component />
    </DeskContext.Provider>,
  );
  await waitFor(() => expect(selectedRow()).toBeTruthy());
  return desk;
}

const rows = (): readonly HTMLElement[] => [...document.querySelectorAll<HTMLElement>('tbody tr')];
const selectedRow = (): HTMLElement | null => document.querySelector<HTMLElement>('tr[aria-selected="true"]');

/** Slot, VA and last column of a row. */
function words(row: HTMLElement | null): string {
  const cells = [...(row?.querySelectorAll('td') ?? [])].map((cell) => cell.textContent);
  return [cells[0], cells[1], cells.at(-1)].join(' | ');
}

const rowOf = (slot: string): HTMLElement => {
  const row = rows().find((one) => one.querySelector('td')?.textContent === slot);
  if (!row) throw new Error(`no row ${slot}: ${rows().map(words).join('\n')}`);
  return row;
};

const selectedAddress = (desk: DeskStore): string => {
  const { page, offset } = desk.getState().place.address;
  return virtualHex(page, offset, 32);
};

describe('the tree of the e-mail’s tables', () => {
  it('opens the path to the selection, which is one row of its own', async () => {
    await show('F5800000');
    expect(words(selectedRow())).toBe('428 | F5800000 | M2P, read-only2 MB');
    expect(selectedRow()?.getAttribute('aria-level')).toBe('3');
    expect(rowOf('[3]').getAttribute('aria-expanded')).toBe('true');
    expect(rowOf('[0]').getAttribute('aria-expanded')).toBe('false');
    expect([...document.querySelectorAll('.tree-onpath')].map((row) => row.querySelector('td')?.textContent)).toEqual(['PDPT', '[3]', '428']);
  });

  it('says what each slot is, high to low in one column', async () => {
    await show('F5800000');
    expect(words(rowOf('436–447'))).toBe('436–447 | F6800000 | Frame tablein order× 12');
    expect(words(rowOf('430–435'))).toBe('430–435 | F5C00000 | 6 slots, 12 MB: 2 shown zero, 4 elided');
    expect(words(rowOf('495'))).toBe('495 | FDE00000 | PD[3]this very table');
    expect(words(rowOf('500–503'))).toContain('Per-domain');
    expect(rowOf('428').querySelector('.tree-entry')?.textContent).toBe('00fbc000e1');
    expect([...rowOf('428').querySelectorAll('.tree-ample')].map((cell) => cell.textContent)).toEqual(['F59FFFFF', 'fbc00000']);
  });

  it('counts the present slots in its head', async () => {
    await show('F5800000');
    expect(document.querySelector('.ph')?.textContent).toContain('36 of 512 slots present in PD[3]; 20 point at tables, 16 are 2 MB leaves');
  });

  it('opens a run to its single entries, and closes it', async () => {
    await show('F5800000');
    const user = userEvent.setup();
    const twisty = rowOf('436–447').querySelector('[data-twisty]');
    await user.click(twisty as Element);
    await waitFor(() => expect(rowOf('440').getAttribute('aria-level')).toBe('4'));
    expect(rowOf('440').getAttribute('aria-posinset')).toBe('5');
    expect(rowOf('440').getAttribute('aria-setsize')).toBe('12');
    await user.click(rowOf('436–447').querySelector('[data-twisty]') as Element);
    expect(rows().some((row) => row.querySelector('td')?.textContent === '440')).toBe(false);
    expect(words(selectedRow())).toContain('428');
  });

  it('selects the first page of the row that is clicked', async () => {
    const desk = await show('F5800000');
    await userEvent.setup().click(rowOf('484'));
    expect(selectedAddress(desk)).toBe('FC800000');
    await waitFor(() => expect(words(selectedRow())).toContain('484'));
  });

  it('keeps a clicked table selected and opens it; a second click closes it', async () => {
    const desk = await show('F5800000');
    const user = userEvent.setup();
    await user.click(rowOf('[1]'));
    expect(selectedAddress(desk)).toBe('40000000');
    await waitFor(() => expect(words(rowOf('0–511'))).toBe('0–511 | 40000000 | 512 slots, 1 GB, zero'));
    expect(words(selectedRow())).toContain('[1]');
    expect(rowOf('428')).toBeTruthy();
    await user.click(rowOf('[1]'));
    expect(rowOf('[1]').getAttribute('aria-expanded')).toBe('false');
  });

  it('takes the selected slot out of its run wherever the selection comes from', async () => {
    const desk = await show('F5800000');
    desk.getState().select({ page: virtualPage(0xf6c00), offset: 0 });
    await waitFor(() => expect(words(selectedRow())).toContain('438'));
    expect(words(rowOf('439–447'))).toContain('× 9');
  });

  it('scrolls the selection into view when it comes from elsewhere', async () => {
    const desk = await show('F5800000');
    const scroll = document.querySelector('.tree-scroll') as HTMLElement;
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(65);
    desk.getState().select({ page: virtualPage(0xffe00), offset: 0 });
    await waitFor(() => expect(words(selectedRow())).toContain('511'));
    await waitFor(() => expect(scroll.scrollTop).toBeGreaterThan(200));
  });

  it('has no finding by axe', async () => {
    await show('F5800000');
    const { violations } = await axe.run(document.body, { rules: { region: { enabled: false }, 'color-contrast': { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });
});

describe('the tree by keyboard', () => {
  async function focused(va: string): Promise<{ desk: DeskStore; user: ReturnType<typeof userEvent.setup> }> {
    const desk = await show(va);
    const user = userEvent.setup();
    await user.tab();
    expect(document.activeElement).toBe(selectedRow());
    return { desk, user };
  }
  const focusedSlot = (): string | null | undefined => document.activeElement?.querySelector('td')?.textContent;

  it('is one stop of Tab, moved by arrows, Home, End and siblings without selecting', async () => {
    const { desk, user } = await focused('F5800000');
    await user.keyboard('{ArrowDown}');
    expect(focusedSlot()).toBe('429');
    await user.keyboard('{Home}');
    expect(focusedSlot()).toBe('PDPT');
    await user.keyboard('{ArrowRight}');
    expect(focusedSlot()).toBe('[0]');
    await user.keyboard('...');
    expect(focusedSlot()).toBe('[3]');
    await user.keyboard(',');
    expect(focusedSlot()).toBe('[2]');
    await user.keyboard('{End}');
    expect(focusedSlot()).toBe('511');
    expect(selectedAddress(desk)).toBe('F5800000');
    expect(rows().filter((row) => row.tabIndex === 0)).toHaveLength(1);
  });

  it('opens and closes with right and left', async () => {
    const { user } = await focused('F5800000');
    await user.keyboard('{ArrowLeft}');
    expect(focusedSlot()).toBe('[3]');
    await user.keyboard('{ArrowLeft}');
    expect(rowOf('[3]').getAttribute('aria-expanded')).toBe('false');
    await user.keyboard('{ArrowRight}');
    await waitFor(() => expect(rowOf('[3]').getAttribute('aria-expanded')).toBe('true'));
    expect(words(selectedRow())).toContain('428');
  });

  it('selects with space, and jumps to the frame of a leaf with Enter', async () => {
    const { desk, user } = await focused('F5800000');
    const jumps: Target[] = [];
    desk.setState({ jump: (target) => jumps.push(target) });
    await user.keyboard('{ArrowDown} ');
    expect(selectedAddress(desk)).toBe('F5A00000');
    await waitFor(() => expect(words(selectedRow())).toContain('429'));
    await user.keyboard('{Enter}');
    expect(jumps).toEqual([{ kind: 'frame', frame: 0xfba00, offset: 0 }]);
  });

  it('jumps from a loop to the table it means, which is then the selected row', async () => {
    const { desk, user } = await focused('FD800000');
    const jumps: Target[] = [];
    desk.setState({
      jump: (target) => {
        jumps.push(target);
        desk.getState().select({ page: virtualPage(0), offset: 0 });
      },
    });
    await user.keyboard('492');
    expect(focusedSlot()).toBe('492');
    await user.keyboard('{Enter}');
    expect(jumps).toEqual([{ kind: 'table', path: [0], slot: 0 }]);
    await waitFor(() => expect(words(selectedRow())).toContain('[0]'));
  });

  it('finds a slot or an address that is typed', async () => {
    const { user } = await focused('F5800000');
    await user.keyboard('440');
    expect(focusedSlot()).toBe('436–447');
    await user.keyboard('{Home}');
    await new Promise((done) => setTimeout(done, 950));
    await user.keyboard('{Shift>}F{/Shift}DA');
    expect(focusedSlot()).toBe('493');
  });

  it('fits the map to the row with f', async () => {
    const { desk, user } = await focused('F5800000');
    await user.keyboard('f');
    expect(desk.getState().place.window).toEqual({ firstPage: 0xf5800, pageCount: 512 });
  });

  it('lights the row that is focused, and the row under a pointer elsewhere', async () => {
    const { desk, user } = await focused('F5800000');
    await user.keyboard('{ArrowDown}');
    expect(desk.getState().hover).toEqual({ address: { page: 0xf5a00, offset: 0 }, pageCount: 512, words: 'slot 429 of PD[3], 2 MB' });
    desk.getState().setHover({ address: { page: virtualPage(0xfc801), offset: 0 }, pageCount: 1, words: '' });
    await waitFor(() => expect(rowOf('484').className).toContain('tree-lit'));
  });
});
