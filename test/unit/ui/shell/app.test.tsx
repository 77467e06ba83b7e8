// @vitest-environment jsdom
import '@testing-library/jest-dom/vitest';
import { File as NodeFile } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { act, cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openSession } from '#core/session/session.ts';
import { App } from '#ui/shell/App.tsx';
import { createDesk, DeskContext, type DeskStore } from '#ui/state/desk.ts';
import { followLink } from '#ui/state/follow-link.ts';
import { DeskHistory } from '#ui/state/history.ts';
import { Opening } from '#ui/state/opening.ts';
import { installRootChange } from '#ui/state/root-change.ts';
import { SparseMemory } from '../../../support/dump-builder.ts';
import { readersInProcess } from '../../../support/readers.ts';
import { vmwareFiles } from '../../../support/vmware-builder.ts';

vi.mock('#ui/views/index.ts', () => ({
  loadView: async (id: string) => ({ id, title: id, Component: () => <p>pane {id}</p> }),
  preloadViews: () => undefined,
}));

const mail = readFileSync('public/samples/xen-devel-pae-guest-address-maps.txt', 'utf8');

/** Node's File, because jsdom's cannot cross a MessageChannel. */
const fileOf = (bytes: number, name: string): File => new NodeFile([new Uint8Array(bytes)], name) as unknown as File;

/** jsdom has no layout, so what measures is given something to measure with. */
beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  window.history.replaceState(null, '', '#');
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function show(): { desk: DeskStore; opening: Opening; follow: (hash: string) => Promise<void> } {
  const desk = createDesk();
  installRootChange(desk);
  const opening = new Opening(desk, readersInProcess(openSession).start);
  const follow = (hash: string) => followLink(hash, { desk, opening, recents: async () => [] });
  const history = new DeskHistory(desk, window, (hash) => void follow(hash));
  render(
    <DeskContext value={desk}>
      <App opening={opening} history={history} />
    </DeskContext>,
  );
  return { desk, opening, follow };
}

async function paste(text: string): Promise<void> {
  const event = new Event('paste', { bubbles: true, cancelable: true });
  Object.assign(event, { clipboardData: { getData: () => text } });
  await act(async () => void document.body.dispatchEvent(event));
}

const openMail = async () => {
  const shown = show();
  await paste(mail);
  await screen.findByRole('combobox', { name: 'Go to an address' }, { timeout: 20_000 });
  return shown;
};

describe('the first screen', () => {
  test('says what this is, and offers every way in', () => {
    show();
    expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('Drop a memory dump anywhere');
    expect(screen.getByRole('button', { name: /Choose a file/ })).toBeVisible();
    expect(screen.getByRole('button', { name: /Paste text/ })).toBeVisible();
    expect(screen.getAllByRole('button', { name: /slim|e-mail/ })).toHaveLength(4);
    expect(screen.getByText(/nothing is uploaded/)).toBeVisible();
  });

  test('a file that is no dump gives the reason and a way back', async () => {
    show();
    await userEvent.upload(screen.getByLabelText('Memory dump or text file'), fileOf(0, 'empty.bin'));
    expect(await screen.findByRole('heading', { name: 'Not a dump that Pagewalk reads' })).toBeVisible();
    expect(screen.getByText('empty.bin')).toBeVisible();
    await userEvent.keyboard('{Escape}');
    expect(await screen.findByRole('heading', { name: /Drop a memory dump/ })).toBeVisible();
  });
});

describe('the app over an image', () => {
  test('pasted text opens: image, root, panes and counts', async () => {
    await openMail();
    expect(screen.getByRole('button', { name: /pasted text/ })).toHaveTextContent('6,926 bytes');
    expect(screen.getByRole('button', { name: /root fb153000/ })).toHaveTextContent('domain 4');
    for (const id of ['map', 'tree', 'hex', 'walk', 'why', 'passport']) expect(await screen.findByText(`pane ${id}`)).toBeInTheDocument();
    expect(screen.getByText(/53 leaves/)).toBeVisible();
  });

  test('the address box offers each reading; Enter takes the first; back returns', async () => {
    const { desk } = await openMail();
    await userEvent.keyboard('g');
    const box = screen.getByRole('combobox', { name: 'Go to an address' });
    expect(box).toHaveFocus();
    await userEvent.keyboard('F5800000');
    const list = await screen.findByRole('listbox');
    await waitFor(() => expect(within(list).getAllByRole('option').length).toBeGreaterThan(1));
    await userEvent.keyboard('{Enter}');
    await waitFor(() => expect(desk.getState().place.address.page).toBe(0xf5800));
    expect(screen.getByRole('button', { name: 'Back' })).toBeEnabled();
    await userEvent.click(screen.getByRole('button', { name: 'Back' }));
    await waitFor(() => expect(desk.getState().place.address.page).toBe(0xc0000));
    expect(screen.getByRole('button', { name: 'Forward' })).toBeEnabled();
  });

  test('R opens the page of roots; a typed root is considered before it is used; Esc goes back', async () => {
    const { desk } = await openMail();
    await userEvent.keyboard('r');
    expect(await screen.findByRole('heading', { name: 'Roots of this image' })).toBeVisible();
    await userEvent.type(screen.getByLabelText('Type a root'), 'fb14f000');
    expect(await screen.findByRole('button', { name: /Use fb14f000/ })).toBeEnabled();
    act(() => (document.activeElement as HTMLElement).blur());
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(desk.getState().place.view).toBe('explorer'));
  });

  test('what was inferred is shown with its reason and can be changed', async () => {
    const { desk } = await openMail();
    await userEvent.click(screen.getByRole('button', { name: /pasted text/ }));
    const field = await screen.findByLabelText('Frame of C03AE000');
    expect(field).toHaveValue('fb153');
    await userEvent.clear(field);
    await userEvent.type(field, 'fb200{Enter}');
    await waitFor(() => expect(desk.getState().options.placements).toEqual([{ page: 0xc03ae, frame: 0xfb200 }]), { timeout: 10_000 });
    expect(desk.getState().image?.inferences.find(({ page }) => page === 0xc03ae)).toMatchObject({ frame: 0xfb200, edited: true });
  });

  test('where the bytes of a raw file lie can be changed', async () => {
    const { desk, opening } = show();
    await act(() => opening.open({ given: { kind: 'file', file: fileOf(16_384, 'zeros') } }));
    await waitFor(() => expect(desk.getState().image).toBeDefined(), { timeout: 10_000 });
    await userEvent.click(await screen.findByRole('button', { name: /nameless file/ }, { timeout: 10_000 }));
    const start = await screen.findByLabelText('Address of region 1');
    expect(start).toHaveValue('0');
    await userEvent.clear(start);
    expect(screen.getByRole('button', { name: 'Read it so' })).toBeDisabled();
    await userEvent.type(start, '100000000{Enter}');
    const regions = [{ start: 2 ** 32, fileOffset: 0, length: 16_384 }];
    await waitFor(() => expect(desk.getState().options.regions).toEqual(regions), { timeout: 10_000 });
    expect(desk.getState().image?.extents[0]?.start).toBe(2 ** 32);
    expect(desk.getState().image?.regions).toMatchObject({ regions, reason: 'Set by you.' });
  });

  test('two files chosen together are opened as one, in either order', async () => {
    const memory = new SparseMemory().word(0x8000, 1);
    const { vmem, vmss } = vmwareFiles(memory, { cpus: [{ cr3: 0x8000 }] });
    const { desk } = show();
    const file = (bytes: Uint8Array, name: string): File => new NodeFile([new Uint8Array(bytes)], name) as unknown as File;
    await userEvent.upload(screen.getByLabelText('Memory dump or text file'), [file(vmss, 'a.vmss'), file(vmem, 'a.vmem')]);
    await waitFor(() => expect(desk.getState().image?.format.id).toBe('vmware-state'), { timeout: 10_000 });
    expect(desk.getState().image).toMatchObject({ fileSize: vmem.length, problems: [], roots: [{ address: 0x8000, mode: '32-bit' }] });
  });

  test('every key is told, commands are found by name', async () => {
    await openMail();
    await userEvent.keyboard('?');
    expect(await screen.findByRole('dialog', { name: 'Keys' })).toHaveTextContent('go to an address');
    await userEvent.keyboard('{Escape}');
    await userEvent.keyboard('{Control>}k{/Control}');
    await screen.findByRole('dialog', { name: 'Commands' });
    await userEvent.keyboard('dark');
    await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1));
  });

  test('a pasted text offers a link without and with the text', async () => {
    await openMail();
    await userEvent.click(screen.getByRole('button', { name: /Copy link/ }));
    const without = await screen.findByLabelText('Link: The place only');
    const inside = await screen.findByLabelText('Link: With the text inside');
    expect((without as HTMLInputElement).value).not.toContain('text=');
    const hash = new URL((inside as HTMLInputElement).value).hash;
    cleanup();
    const fresh = show();
    await act(async () => fresh.follow(hash));
    await waitFor(() => expect(fresh.desk.getState().image?.fileSize).toBe(6926), { timeout: 10_000 });
    expect(fresh.desk.getState().place.address.page).toBe(0xc0000);
  });
});

describe('a link without its image', () => {
  const link = '#1&file=mem.elf&size=4096&sha=00112233445566778899aabbccddeeff&root=127e260&mode=pae&at=10042000';

  test('says what it needs; another file asks; the place can be used all the same', async () => {
    const { desk, follow } = show();
    await act(async () => follow(link));
    expect(await screen.findByRole('heading', { name: 'This link needs a file' })).toBeVisible();
    expect(screen.getByText('mem.elf')).toBeVisible();
    expect(screen.getByText('10042000')).toBeVisible();
    await userEvent.upload(screen.getByLabelText('Memory dump or text file'), fileOf(8192, 'other.raw'));
    expect(await screen.findByRole('heading', { name: 'Same place, other file' })).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Use the place all the same' }));
    await waitFor(() => expect(desk.getState().phase.kind).toBe('open'));
    expect(desk.getState().place.address.page).toBe(0x10042);
    expect(desk.getState().place.root).toEqual({ address: 0x127e260, mode: 'pae' });
  });
});
