// @vitest-environment jsdom
import { readFile } from 'node:fs/promises';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import type { Target } from '#core/session/contract.ts';
import { DeskContext, type DeskStore } from '#ui/state/desk.ts';
import view from '#ui/views/walk/walk.view.tsx';
import { guestDump } from '../../../support/guest-dump.ts';
import { openDesk } from './open-desk.ts';

afterEach(cleanup);

const mail = async (): Promise<Uint8Array> => new Uint8Array(await readFile('public/samples/xen-devel-pae-guest-address-maps.txt'));

async function show(desk: DeskStore): Promise<HTMLElement> {
  const { container } = render(
    <DeskContext.Provider value={desk}>
      <view.Component />
    </DeskContext.Provider>,
  );
  await screen.findByRole('toolbar', { name: 'Steps of the walk' });
  return container;
}

const columns = (container: HTMLElement): readonly HTMLElement[] => [...container.querySelectorAll<HTMLElement>('.walk-column')];

/** "P1 RW0! US0! …": the named bits of a column, those that refuse with a mark. */
const bits = (column: HTMLElement | undefined): string =>
  [...(column?.querySelectorAll('.walk-field > span') ?? [])]
    .map((bit) => `${bit.lastChild?.textContent}${bit.querySelector('b')?.textContent}${bit.classList.contains('stop') ? '!' : ''}`)
    .join(' ');

/** "open P 1, shut RW 0: read-only": the four gates of a column. */
const gates = (column: HTMLElement | undefined): readonly string[] =>
  [...(column?.querySelectorAll<HTMLElement>('.walk-wire') ?? [])].map(
    (wire) => `${wire.dataset['gate']} ${wire.querySelector('.walk-word')?.lastChild?.textContent ?? ''} ${wire.dataset['out']}`,
  );

describe('the e-mail’s F5800000', () => {
  it('is cut 2 | 9 | 21 and says so', async () => {
    const container = await show(await openDesk(await mail(), 'F5800000'));
    expect(container.querySelector('.walk-cut')?.textContent).toBe('PAE, cut 2 | 9 | 21 because PS is set in the PD entry');
    const captions = [...container.querySelectorAll('.walk-caption')].map((caption) => caption.textContent);
    expect(captions[0]).toBe('31:30 = 3');
    expect(captions[1]).toBe('29:21 = 428 (1ac)');
    expect(captions[2]).toContain('20:0, offset in the 2 MB page = 000000');
  });

  it('shows each entry with its place, its bits, and the gates that shut', async () => {
    const container = await show(await openDesk(await mail(), 'F5800000'));
    const [root, pdpt, pd] = columns(container);
    expect(root?.textContent).toContain('C03AE000');
    expect(pdpt?.textContent).toContain('fb153:018');
    expect(pd?.textContent).toContain('C03B2D60');
    expect(pd?.textContent).toContain('00000000fbc000e1');
    expect(bits(pd)).toMatch(/^P1 RW0! US0! PWT0 PCD0 A1 D1 PS1 G0/);
    expect(gates(pdpt)).toEqual(['open P 1 live', 'no-say no say in PAE live', 'no-say no say in PAE live', 'no-say no say in PAE live']);
    expect(gates(pd)).toEqual(['open P 1 live', 'shut RW 0: read-only dead', 'shut US 0: supervisor dead', 'open XD 0 live']);
    expect(gates(root)[0]).toBe('open limit F67FFFFF live');
  });

  it('ends in a machine address, the frames of the page and its rights', async () => {
    const container = await show(await openDesk(await mail(), 'F5800000'));
    const result = container.querySelector('.walk-result')?.textContent ?? '';
    for (const part of ['2 MB page', 'machinefbc00000', 'MFNfbc00–fbdff', 'regionM2P, read-only', 'line 46', 'r-x supervisor'])
      expect(result).toContain(part);
  });
});

it('hatches a table that is not in the dump and says why', async () => {
  const container = await show(await openDesk(await mail(), 'FF000000'));
  const lost = container.querySelector('.walk-lost');
  expect(lost?.textContent).toBe('PT at 211');
  expect(lost?.getAttribute('title')).toContain('not printed');
  expect(container.querySelector('.walk-result')?.textContent).toContain('Table not in this dump');
  expect(gates(columns(container)[0])[0]).toBe('shut past F67FFFFF live');
});

it('tells an elided entry from a zero one', async () => {
  const elided = await show(await openDesk(await mail(), 'C0800000'));
  expect(elided.textContent).toContain('The PDE is elided in the text: assumed zero.');
  expect(gates(columns(elided)[2])[0]).toBe('shut P 0, assumed dead');
  cleanup();
  const zero = await show(await openDesk(await mail(), '00000000'));
  expect(zero.textContent).toContain('The PDE is held, and zero.');
});

it('goes to an entry by keyboard: one Tab stop, arrows within, Enter jumps', async () => {
  const jumps: Target[] = [];
  const desk = await openDesk(guestDump(), '08049000');
  desk.setState({ jump: (target) => void jumps.push(target) });
  const container = await show(desk);
  const buttons = within(container).getAllByRole('button');
  expect(buttons.filter((button) => button.tabIndex === 0)).toHaveLength(1);
  const user = userEvent.setup();
  await user.tab();
  await user.keyboard('{ArrowRight}{ArrowRight}');
  expect(document.activeElement?.textContent).toBe('PD [64]');
  expect(container.querySelectorAll('.walk-lit .walk-caption')[0]?.textContent).toContain('29:21 = 64');
  await user.keyboard('{Enter}');
  expect(jumps).toEqual([{ kind: 'frame', frame: 0x1f00, offset: 64 * 8 }]);
});

it('lights the span of an entry under the pointer', async () => {
  const desk = await openDesk(guestDump(), '08049000');
  const container = await show(desk);
  const pd = columns(container)[2];
  if (!pd) throw new Error('a PD column');
  await userEvent.hover(pd);
  expect(desk.getState().hover).toMatchObject({ address: { page: 0x8000, offset: 0 }, pageCount: 512 });
  await userEvent.unhover(pd);
});
