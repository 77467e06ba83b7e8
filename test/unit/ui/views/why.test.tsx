// @vitest-environment jsdom
import { readFile } from 'node:fs/promises';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import type { Target } from '#core/session/contract.ts';
import { DeskContext, type DeskStore } from '#ui/state/desk.ts';
import view from '#ui/views/why/why.view.tsx';
import { guestDump } from '../../../support/guest-dump.ts';
import { openDesk } from './open-desk.ts';

afterEach(cleanup);

async function show(desk: DeskStore): Promise<HTMLElement> {
  const { container } = render(
    <DeskContext.Provider value={desk}>
      <view.Component />
    </DeskContext.Provider>,
  );
  await screen.findByRole('table');
  return container;
}

const mail = async (): Promise<Uint8Array> => new Uint8Array(await readFile('public/samples/xen-devel-pae-guest-address-maps.txt'));

it('says what the address is, with sources, and who may touch it', async () => {
  const container = await show(await openDesk(await mail(), 'F5800000'));
  expect(screen.getByRole('heading').textContent).toBe('What F5800000 is');
  const [first] = container.querySelectorAll('li');
  expect(first?.textContent).toBe('A 2 MB leaf: PS is set in fbc000e1. There is no lower table.line 46');
  const rows = within(screen.getByRole('table')).getAllByRole('row');
  expect(rows[2]?.textContent).toBe('ring 1, guest kernelyes#PF 3yesRW 0; segment limit F67FFFFF lets it pass');
});

it('jumps where a number leads', async () => {
  const jumps: Target[] = [];
  const desk = await openDesk(await mail(), 'F5800000');
  desk.setState({ jump: (target) => void jumps.push(target) });
  await show(desk);
  await userEvent.click(screen.getByRole('button', { name: 'FC800000' }));
  expect(jumps).toEqual([{ kind: 'virtual', address: { page: 0xfc800, offset: 0 } }]);
});

it('gives no verdict where the dump cannot tell', async () => {
  await show(await openDesk(await mail(), 'FF000000'));
  const rows = within(screen.getByRole('table')).getAllByRole('row');
  expect(rows[1]?.textContent).toBe('ring 0, Xenunknownunknownunknowntable 211 is not in this dump');
});

it('explains a native guest in at most four sentences', async () => {
  const container = await show(await openDesk(guestDump(), '08049000'));
  expect(container.querySelectorAll('li').length).toBeLessThanOrEqual(4);
  expect(within(screen.getByRole('table')).getAllByRole('row')[1]?.textContent).toContain('ring 3');
});
