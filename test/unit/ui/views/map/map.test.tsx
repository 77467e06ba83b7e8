// @vitest-environment jsdom
import { readFile } from 'node:fs/promises';
import { cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { virtualPage } from '#core/memory/address.ts';
import type { AtlasSummary } from '#core/session/contract.ts';
import { createDesk, DeskContext, type DeskStore } from '#ui/state/desk.ts';
import view from '#ui/views/map/map.view.tsx';
import { guestDump } from '../../../../support/guest-dump.ts';
import { openDesk } from '../open-desk.ts';

beforeEach(() => {
  // jsdom lays nothing out and paints nothing: give the pane a size, and the canvas no pen.
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(420);
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(330);
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const mail = async (): Promise<Uint8Array> => new Uint8Array(await readFile('public/samples/xen-devel-pae-guest-address-maps.txt'));

function show(desk: DeskStore): HTMLElement {
  return render(
    <DeskContext.Provider value={desk}>
      <view.Component />
    </DeskContext.Provider>,
  ).container;
}

const rows = (): readonly HTMLElement[] => within(screen.getByRole('listbox')).getAllByRole('option');
const labels = (): readonly string[] => rows().map((row) => (row.textContent ?? '').replaceAll(/\s+/g, ' ').trim());
const page = (desk: DeskStore): string => desk.getState().place.address.page.toString(16);

describe('nothing to draw', () => {
  it('says so without an atlas', () => {
    show(createDesk());
    expect(screen.getByText(/No page tables to draw/)).toBeTruthy();
  });
  it('draws an empty atlas: one hole, a legend of zeros', async () => {
    const desk = await openDesk(guestDump(), '08049000');
    const atlas = desk.getState().atlas as AtlasSummary;
    const counts = { ...atlas.counts, writable: 0, 'read-only': 0, loop: 0, absent: 0, zero: atlas.pageCount, user: 0, fetch: 0 };
    desk.setState({ atlas: { ...atlas, leaves: 0, regions: [], borders: [], counts } });
    show(desk);
    expect(screen.getByText('0 leaves in 0 regions')).toBeTruthy();
    expect(screen.getByRole('button', { name: /^00000000 .*: fold$/ })).toBeTruthy();
    expect(screen.getByRole('button', { name: /Zero 4,096 MB/ })).toBeTruthy();
  });
  it('draws on while the session fails to answer', async () => {
    const desk = await openDesk(guestDump(), '08049000');
    const { questions } = desk.getState();
    if (!questions) throw new Error('open');
    const refuse = () => Promise.reject(new Error('reader died'));
    desk.setState({ questions: { ...questions, coverage: refuse, translate: refuse, nextMapped: refuse } });
    show(desk);
    await waitFor(() => expect(rows().length).toBeGreaterThan(2));
  });
});

describe('the e-mail', () => {
  it('shows Xen’s windows high to low, each with its size', async () => {
    show(await openDesk(await mail(), 'F5800000'));
    await waitFor(() => expect(labels()[0]).toBe('FFC00000 I/O remap --- 4 MB not in dump'));
    expect(labels().slice(3, 8)).toEqual([
      'FE000000 Shadow linear table --- 0 of 8 MB',
      'FD800000 Linear page table mix 144 KB of 8 MB',
      'FC800000 M2P, writable rwx 4 of 16 MB',
      'F6800000 Frame table rwx 24 of 96 MB',
      'F5800000 M2P, read-only r-x 4 of 16 MB',
    ]);
    expect(screen.getByText('segment limit F67FFFFF')).toBeTruthy();
    expect(await screen.findByText('848 MB, elided')).toBeTruthy();
    expect(
      rows()
        .filter((row) => row.getAttribute('aria-selected') === 'true')
        .map((row) => row.dataset['page']),
    ).toEqual([String(0xf5800)]);
  });
  it('has a legend whose kinds dim everywhere', async () => {
    const desk = await openDesk(await mail(), 'F5800000');
    show(desk);
    const kind = screen.getByRole('button', { name: /In a loop 144 KB/ });
    expect(kind.getAttribute('aria-pressed')).toBe('true');
    await userEvent.click(kind);
    expect([...desk.getState().dimmed]).toEqual(['loop']);
    expect(kind.getAttribute('aria-pressed')).toBe('false');
  });
});

describe('by keyboard', () => {
  it('walks the regions, one Tab stop, focus on the selected row', async () => {
    const desk = await openDesk(await mail(), 'F5800000');
    show(desk);
    const user = userEvent.setup();
    expect(rows().filter((row) => row.tabIndex === 0)).toHaveLength(1);
    rows()
      .find((row) => row.tabIndex === 0)
      ?.focus();
    await user.keyboard('{ArrowUp}');
    await waitFor(() => expect(page(desk)).toBe('f6800'));
    expect((document.activeElement as HTMLElement).dataset['page']).toBe(String(0xf6800));
    await user.keyboard('{End}');
    await waitFor(() => expect(page(desk)).toBe('c0000'));
    await user.keyboard('{Home}');
    await waitFor(() => expect(page(desk)).toBe('ffc00'));
  });
  it('steps through mapped stretches with N and P', async () => {
    const desk = await openDesk(guestDump(), '08049000');
    show(desk);
    const user = userEvent.setup();
    await waitFor(() => expect(rows().length).toBeGreaterThan(1));
    rows()
      .find((row) => row.tabIndex === 0)
      ?.focus();
    await user.keyboard('n');
    await waitFor(() => expect(page(desk)).toBe('804b'));
    await user.keyboard('n');
    await waitFor(() => expect(page(desk)).toBe('c0000'));
    await user.keyboard('p');
    await waitFor(() => expect(page(desk)).toBe('804b'));
  });
  it('zooms to single pages with their frames, pans, and goes back to the whole', async () => {
    const desk = await openDesk(guestDump(), '08049000');
    show(desk);
    const user = userEvent.setup();
    rows()
      .find((row) => row.tabIndex === 0)
      ?.focus();
    await user.keyboard('f');
    const window = () => desk.getState().place.window;
    await waitFor(() => expect(window()?.pageCount).toBeLessThanOrEqual(512));
    await user.keyboard('ffff');
    await waitFor(() => expect(labels()).toContain('08049000 frame fa6a r-x'));
    expect(labels()).toHaveLength(16);
    expect(labels()).toContain('0804A000 not present: PTE zero');
    const before = window()?.firstPage ?? 0;
    await user.keyboard('d');
    expect(window()?.firstPage).toBe(before + 4);
    await user.keyboard('0');
    expect(window()).toBeUndefined();
  });
});

it('a window follows the selection that was moved elsewhere, and stays where the user put it', async () => {
  const desk = await openDesk(guestDump(), '08049000');
  show(desk);
  desk.getState().look({ window: { firstPage: 0x8000, pageCount: 512 } });
  desk.getState().select({ page: virtualPage(0xc0004), offset: 0 });
  await waitFor(() => expect(desk.getState().place.window).toEqual({ firstPage: 0xc0004 - 256, pageCount: 512 }));
  desk.getState().look({ window: { firstPage: 0x8000, pageCount: 512 } });
  await new Promise((done) => setTimeout(done, 30));
  expect(desk.getState().place.window?.firstPage).toBe(0x8000);
});

it('the lens is a slider over 512 pages, by click and arrows', async () => {
  const desk = await openDesk(guestDump(), '08049000');
  show(desk);
  const lens = screen.getByRole('slider', { name: 'Page of the 2 MB from 08000000' });
  expect(lens.getAttribute('aria-valuetext')).toBe('08049000');
  await screen.findByText('of 512 pages', { exact: false });
  lens.focus();
  await userEvent.keyboard('{ArrowRight}{ArrowDown}');
  expect(page(desk)).toBe((0x8049 + 65).toString(16));
});
