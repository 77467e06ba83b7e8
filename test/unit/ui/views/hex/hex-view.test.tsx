// @vitest-environment jsdom
import '@testing-library/jest-dom/vitest';
import { readFileSync } from 'node:fs';
import { cleanup, configure, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { virtualPage } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { openSession, type Session } from '#core/session/session.ts';
import { createDesk, DeskContext, type DeskStore } from '#ui/state/desk.ts';
import { firstPlace, type Place } from '#ui/state/place.ts';
import hex from '#ui/views/hex/hex.view.tsx';
import { GUEST, guestDump } from '../../../../support/guest-dump.ts';

afterEach(cleanup);
// Finding by role reads the style of hundreds of cells, which jsdom does slowly.
vi.setConfig({ testTimeout: 60_000 });
configure({ asyncUtilTimeout: 20_000 });

/** Opened once: a session answers any number of pages. */
const eMail = openSession(bytesSource(new Uint8Array(readFileSync('public/samples/xen-devel-pae-guest-address-maps.txt')), 'e-mail.txt'), quietTask);
const GUEST_PAGE = Number.parseInt(GUEST.code, 16) / 4096;
const guest = openSession(bytesSource(guestDump(), 'guest.elf'), quietTask);

async function show(session: Promise<Session>, page: number, change: Partial<Place> = {}): Promise<DeskStore> {
  const questions = await session;
  const image = await questions.summary();
  const root = image.roots[0];
  if (!root) throw new Error('the test’s dump has a root');
  const atlas = await questions.atlas(root);
  const place: Place = { ...firstPlace, root, address: { page: virtualPage(page), offset: 0 }, ...change };
  const desk = createDesk({ phase: { kind: 'open' }, image, atlas, questions, place });
  render(
    <DeskContext value={desk}>
      <hex.Component />
    </DeskContext>,
  );
  return desk;
}

const paneOf = (id: number): HTMLElement => {
  const pane = document.querySelector<HTMLElement>(`section[aria-label^="Bytes, pane ${id},"]`);
  if (!pane) throw new Error(`no pane ${id}`);
  return pane;
};
const gridOf = (id: number) => within(paneOf(id)).getByLabelText(/^Bytes by/);
const headOf = (id: number) => paneOf(id).querySelector('h2');
const selectedIn = (id: number) => [...paneOf(id).querySelectorAll('.hex-w.hex-selected')].map((word) => word.textContent);

describe('the e-mail’s dump', () => {
  it('shows the table of the last entry above and the page below', async () => {
    await show(eMail, 0xf5800);
    await waitFor(() => expect(selectedIn(1)).toEqual(['00000000fbc000e1']));
    await waitFor(() => expect(selectedIn(2)).toEqual(['ffffffff']));
    expect(headOf(1)).toHaveTextContent('PD[3] fb14f');
    expect(headOf(2)).toHaveTextContent('F5800000');
  });

  it('folds what was elided and hatches what was not printed, and never shows zeros for them', async () => {
    await show(eMail, 0xf5800);
    expect(await screen.findByText('3,392 bytes elided, slots 4–427')).toBeInTheDocument();
    expect(await screen.findByText(/3,840 bytes not in this dump/)).toBeInTheDocument();
    const words = [...paneOf(2).querySelectorAll('.hex-w[data-o]')].map((word) => word.textContent);
    expect(new Set(words)).toEqual(new Set(['ffffffff']));
  });

  it('says where copied bytes come from', async () => {
    await show(eMail, 0xf5800);
    expect(await screen.findByText(/bcopy/)).toBeInTheDocument();
  });

  it('shows the same table by virtual address where the text printed it', async () => {
    await show(eMail, 0xf5800, {
      panes: [
        { id: 1, space: 'virtual', follows: 'table' },
        { id: 2, space: 'machine' },
      ],
    });
    await waitFor(() => expect(selectedIn(1)).toEqual(['00000000fbc000e1']));
    expect(within(paneOf(1)).getByText('C03B2D60', { selector: '[role=rowheader]' })).toBeInTheDocument();
    expect(within(paneOf(2)).getByText('fbc00:000', { selector: '[role=rowheader]' })).toBeInTheDocument();
  });

  it('selects what an entry maps when it is clicked, and both panes follow', async () => {
    const user = userEvent.setup();
    const desk = await show(eMail, 0xf5800);
    await user.click(await screen.findByText('fbc001e3'));
    expect(desk.getState().place.address).toEqual({ page: 0xfc800, offset: 0 });
    await waitFor(() => expect(selectedIn(1)).toEqual(['00000000fbc001e3']));
    expect(headOf(2)).toHaveTextContent('FC800000');
  });

  it('names a hole with its size and reason', async () => {
    await show(eMail, 0xd0000);
    expect(await within(paneOf(2)).findByTitle('not mapped as far as known: entries elided')).toHaveTextContent('C0800000–F57FFFFF 848 MB');
  });
});

describe('the keyboard', () => {
  it('decodes the entry it is on, and Enter follows it as a jump', async () => {
    const user = userEvent.setup();
    const desk = await show(eMail, 0xf5800);
    await waitFor(() => expect(selectedIn(1)).toEqual(['00000000fbc000e1']));
    gridOf(1).focus();
    await user.keyboard('{ArrowRight}');
    await waitFor(() => expect(gridOf(1)).toHaveAccessibleDescription(/^slot 429 maps F5A00000, 00000000fba000e1, P A D PS/));
    await user.keyboard('{Enter}');
    expect(desk.getState().place.address.page).toBe(0xf5a00);
    expect(desk.getState().jumps).toBe(1);
  });

  it('stands on folds too, and Enter opens those that have bytes', async () => {
    const user = userEvent.setup();
    await show(eMail, 0xf5800, {
      panes: [
        { id: 1, space: 'machine', pinned: { page: 0xfb150, offset: 0 } },
        { id: 2, space: 'virtual' },
      ],
    });
    await waitFor(() => expect(gridOf(1)).toHaveAccessibleDescription('4,096 bytes zero, not stored, slots 0–511, Enter opens'));
    gridOf(1).focus();
    await user.keyboard('{Enter}');
    await waitFor(() => expect(within(paneOf(1)).getAllByText('0000000000000000').length).toBeGreaterThan(20));
  });

  it('opens the card of an entry, and Escape closes it', async () => {
    const user = userEvent.setup();
    await show(eMail, 0xf5800);
    await waitFor(() => expect(selectedIn(1)).toEqual(['00000000fbc000e1']));
    gridOf(1).focus();
    await user.keyboard('{ArrowRight}{ArrowLeft}');
    const card = await screen.findByRole('tooltip');
    expect(card).toHaveTextContent('2 MB leaf, frames fbc00–fbdff');
    expect(card).toHaveTextContent('Alias of slot 484 (FC800000): same frames, there writable.');
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('tooltip')).toBeNull();
  });
});

describe('panes', () => {
  it('stay where they are pinned while the selection moves, and follow again', async () => {
    const user = userEvent.setup();
    const desk = await show(eMail, 0xf5800);
    await waitFor(() => expect(selectedIn(2)).toEqual(['ffffffff']));
    await user.click(within(paneOf(2)).getByLabelText(/press to pin/));
    expect(desk.getState().place.panes[1]).toMatchObject({ pinned: { page: 0xf5800, offset: 0 } });
    desk.getState().select({ page: virtualPage(0xfde00), offset: 0 });
    await waitFor(() => expect(headOf(1)).toHaveTextContent('PD[3]'));
    expect(within(paneOf(2)).getByText('F5800000', { selector: '[role=rowheader]' })).toBeInTheDocument();
    await user.click(within(paneOf(2)).getByLabelText(/press to follow/));
    await waitFor(() => expect(headOf(2)).toHaveTextContent('FDE00000'));
  });

  it('take their pin along when they are scrolled away, and leave the cursor where it is', async () => {
    const user = userEvent.setup();
    const desk = await show(guest, GUEST_PAGE, {
      panes: [
        { id: 1, space: 'file', pinned: { page: 0, offset: 0 } },
        { id: 2, space: 'virtual' },
      ],
    });
    await waitFor(() => expect(gridOf(1)).toHaveAccessibleDescription(/^0, /));
    gridOf(1).focus();
    await user.keyboard('{PageDown}{PageDown}{PageDown}');
    const said = gridOf(1).getAttribute('aria-activedescendant');
    await waitFor(() => expect(desk.getState().place.panes[0]?.pinned).not.toEqual({ page: 0, offset: 0 }));
    expect(gridOf(1)).toHaveAttribute('aria-activedescendant', said);
  });

  it('switch their address column and keep the byte', async () => {
    const user = userEvent.setup();
    await show(eMail, 0xf5800);
    await waitFor(() => expect(selectedIn(2)).toEqual(['ffffffff']));
    await user.click(within(paneOf(2)).getByText('MFN', { selector: 'button' }));
    await waitFor(() => expect(within(paneOf(2)).getByText('fbc00:000', { selector: '[role=rowheader]' })).toBeInTheDocument());
    expect(selectedIn(2)).toEqual(['ffffffff']);
  });

  it('can be added and closed, but two stay', async () => {
    const user = userEvent.setup();
    const desk = await show(eMail, 0xf5800);
    await waitFor(() => expect(selectedIn(1)).toHaveLength(1));
    await user.click(within(paneOf(1)).getByLabelText(/Copy, go to/));
    await user.click(await screen.findByRole('menuitem', { name: /add a pane below/ }));
    expect(desk.getState().place.panes.map((pane) => pane.id)).toEqual([1, 3, 2]);
    await user.click(within(paneOf(3)).getByLabelText(/Copy, go to/));
    await user.click(await screen.findByRole('menuitem', { name: /close this pane/ }));
    expect(desk.getState().place.panes.map((pane) => pane.id)).toEqual([1, 2]);
    await user.click(within(paneOf(1)).getByLabelText(/Copy, go to/));
    expect(await screen.findByRole('menuitem', { name: /close this pane/ })).toHaveAttribute('aria-disabled', 'true');
  });

  it('change the size of their words', async () => {
    const user = userEvent.setup();
    const desk = await show(eMail, 0xf5800);
    await waitFor(() => expect(selectedIn(2)).toEqual(['ffffffff']));
    await user.click(within(paneOf(2)).getByLabelText(/Copy, go to/));
    await user.click(await screen.findByRole('menuitem', { name: /8 bytes/ }));
    expect(desk.getState().place.panes[1]?.wordBytes).toBe(8);
    await waitFor(() => expect(selectedIn(2)).toEqual(['ffffffffffffffff']));
  });
});

describe('a guest’s memory image', () => {
  it('shows bytes with their text, and a click selects the byte', async () => {
    const desk = await show(guest, GUEST_PAGE);
    const user = userEvent.setup();
    await waitFor(() => expect(selectedIn(2)).toHaveLength(1));
    const third = paneOf(2).querySelector('.hex-w[data-o="3"]');
    if (third) await user.click(third);
    expect(desk.getState().place.address).toEqual({ page: GUEST_PAGE, offset: 3 });
  });
});
