// @vitest-environment jsdom
import { readFile } from 'node:fs/promises';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import { DeskContext, type DeskStore } from '#ui/state/desk.ts';
import view from '#ui/views/passport/passport.view.tsx';
import { guestDump } from '../../../support/guest-dump.ts';
import { openDesk } from './open-desk.ts';

afterEach(cleanup);

function show(desk: DeskStore): HTMLElement {
  return render(
    <DeskContext.Provider value={desk}>
      <view.Component />
    </DeskContext.Provider>,
  ).container;
}

const mail = async (): Promise<Uint8Array> => new Uint8Array(await readFile('public/samples/xen-devel-pae-guest-address-maps.txt'));
const rows = (container: HTMLElement): readonly HTMLElement[] => [...container.querySelectorAll<HTMLElement>('.passport-row')];

it('lists every place of the frame, high to low, this one marked', async () => {
  const container = show(await openDesk(await mail(), 'F5800000'));
  await waitFor(() => expect(rows(container).length).toBeGreaterThan(0));
  const texts = rows(container).map((row) => row.textContent);
  expect(texts).toContain('FC800000rwxM2P, writablePDE, 2 MB');
  expect(texts.at(-1)).toBe('F5800000r-xM2P, read-onlyPDE, 2 MB');
  expect(texts).toEqual(texts.toSorted().toReversed());
  expect(container.querySelectorAll('.passport-here')).toHaveLength(1);
  expect(container.querySelector('[aria-current="true"]')?.textContent).toContain('F5800000');
});

it('selects a place by keyboard', async () => {
  const desk = await openDesk(await mail(), 'F5800000');
  const container = show(desk);
  await waitFor(() => expect(rows(container).length).toBeGreaterThan(0));
  const user = userEvent.setup();
  await user.tab();
  await user.keyboard('{ArrowUp}{Enter}');
  expect(desk.getState().place.address).toEqual({ page: 0xfc800, offset: 0 });
});

it('names a page table and leads to it', async () => {
  show(await openDesk(await mail(), 'FDE00000'));
  expect(await screen.findByRole('button', { name: 'PT[0]' })).toBeDefined();
});

it('says that no page maps a frame, and why there is none', async () => {
  const desk = await openDesk(guestDump(), '00000000');
  const container = show(desk);
  expect(await screen.findByText('none: this page is not present')).toBeDefined();
  desk.setState({ place: { ...desk.getState().place, machine: 0x7777000 } });
  await waitFor(() => expect(container.querySelector('.passport-none')?.textContent).toBe('No page of this root maps it.'));
});

it('outlines a PFN that only follows from how the guest was built', async () => {
  const container = show(await openDesk(await mail(), 'C0000000'));
  await waitFor(() => expect(container.querySelector('.passport-names')?.textContent).toContain('PFN0 expected'));
});

it('says none of a frame of Xen’s own, and nothing of one whose M2P word the dump lacks', async () => {
  const desk = await openDesk(await mail(), 'F5800000');
  const container = show(desk);
  await waitFor(() => expect(container.querySelector('.passport-names')?.textContent).toContain('PFNnone'));
  desk.setState({ place: { ...desk.getState().place, machine: 0xfb14e000 } });
  await waitFor(() => expect(container.querySelector('.passport-names [aria-label="not in this dump"]')).not.toBeNull());
});
