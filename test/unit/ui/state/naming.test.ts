import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Cancelled, quietTask } from '#core/base/task.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import type { RootChoice } from '#core/session/contract.ts';
import { openSession } from '#core/session/session.ts';
import { createDesk } from '#ui/state/desk.ts';
import { keptRoots } from '#ui/state/kept-roots.ts';
import { installNaming, nameable, namingText, noteNaming } from '#ui/state/naming.ts';
import { elfDump } from '../../../support/dump-builder.ts';
import { LINUX_GUEST, linuxGuest } from '../../../support/linux-guest.ts';

const storage = vi.hoisted(() => new Map<string, unknown>());
vi.mock('idb-keyval', () => ({
  get: async (key: string) => storage.get(key),
  update: async (key: string, change: (old: unknown) => unknown) => void storage.set(key, change(storage.get(key))),
}));
beforeEach(() => storage.clear());

/** The guest as QEMU dumps it, the root of its second process in CR3; searched already. */
async function deskOf() {
  const cr3 = LINUX_GUEST[1]?.root ?? 0;
  const session = await openSession(bytesSource(elfDump(linuxGuest(), { cpus: [{ cr3, cr4: 0x20, runs64: true }] }), 'linux.elf'), quietTask);
  const image = await session.summary();
  const roots = await session.findRoots();
  const desk = createDesk({ phase: { kind: 'open' }, image: { ...image, roots: [...image.roots, ...roots.slice(2)] }, questions: session });
  installNaming(desk);
  const ended = () => desk.setState({ rootSearch: { state: 'done', done: 1, total: 1, found: roots.length } });
  const names = () => desk.getState().image?.roots.map(({ address, process }) => [address, process?.name, process?.pid]);
  return { desk, ended, names, session };
}

describe('the naming of found roots', () => {
  it('begins when a search has ended, and names those of the dump itself too', async () => {
    const { desk, ended, names } = await deskOf();
    ended();
    expect(desk.getState().naming).toMatchObject({ state: 'running', named: 0 });
    await vi.waitFor(() => expect(desk.getState().naming).toMatchObject({ state: 'done', named: LINUX_GUEST.length }));
    const named = (names() ?? []).map(([address, name]) => [address, name]);
    expect(named[0]).toEqual([LINUX_GUEST[1]?.root, 'sshd']);
    expect(named).toContainEqual([LINUX_GUEST[3]?.root, 'cron']);
  });

  it('is kept with the roots for the next visit', async () => {
    const { desk } = await deskOf();
    desk.getState().nameRoots();
    const image = desk.getState().image;
    const kept = async () => (image && (await keptRoots(image)))?.roots.find(({ address }) => address === LINUX_GUEST[3]?.root);
    await vi.waitFor(async () => expect((await kept())?.process).toMatchObject({ name: 'cron', pid: 439 }));
  });

  it('waits to be asked where the image comes over a line', async () => {
    const { desk, ended } = await deskOf();
    desk.setState({ remoteUrls: ['https://dumps.example/linux.elf'] });
    ended();
    expect(desk.getState().naming).toBeUndefined();
    desk.getState().nameRoots();
    await vi.waitFor(() => expect(desk.getState().naming?.state).toBe('done'));
  });

  it('can be stopped and begun again; says why it failed; tells nothing of an image no longer in view', async () => {
    const { desk, names, session } = await deskOf();
    const nameRoots = vi.spyOn(session, 'nameRoots').mockRejectedValueOnce(new Cancelled()).mockRejectedValueOnce(new Error('read'));
    for (const state of ['stopped', 'failed']) {
      desk.getState().nameRoots();
      await vi.waitFor(() => expect(desk.getState().naming?.state).toBe(state));
    }
    expect(desk.getState().naming?.reason).toBe('Error: read');
    desk.getState().nameRoots();
    desk.setState({ questions: undefined });
    await nameRoots.mock.results[2]?.value;
    expect(names()?.every(([, name]) => name === undefined)).toBe(true);
    expect(desk.getState().naming?.state).toBe('running');
  });

  it('follows the reports', async () => {
    const { desk } = await deskOf();
    noteNaming(desk, { step: '', done: 1, total: 2 });
    expect(desk.getState().naming).toBeUndefined();
    desk.setState({ naming: { state: 'running', done: 0, total: 2 ** 28, named: 0 } });
    noteNaming(desk, { step: '', done: 2 ** 26, total: 2 ** 28 });
    expect(namingText(desk.getState().naming ?? { state: 'done', done: 0, total: 0, named: 0 })).toBe('Naming processes: 64 of 256 MB read.');
  });

  it('is offered where a search is sure of three roots, or saw how they are mapped, and none is named', () => {
    const root: RootChoice = { ...{ address: 0, mode: 'pae', origin: '', reason: '', held: true }, features: {} as RootChoice['features'] };
    const [verified, mapped] = [
      { ...root, verified: true },
      { ...root, verified: false, ownPage: 7 },
    ];
    expect(nameable([root, root, verified, mapped])).toBe(false);
    expect(nameable([verified, mapped, mapped])).toBe(true);
    expect(nameable([verified, mapped, { ...mapped, process: { name: 'sshd', reason: 'kept' } }])).toBe(false);
  });

  it('in words', () => {
    const naming = { state: 'done', done: 1, total: 1, named: 3 } as const;
    expect(namingText(naming)).toBe('3 named by the processes that they probably are of.');
    expect(namingText({ ...naming, named: 0 })).toBe('No process could be named.');
    expect(namingText({ ...naming, state: 'stopped' })).toBe('The naming of processes was stopped.');
    expect(namingText({ ...naming, state: 'failed', reason: 'Error: read' })).toBe('The naming of processes failed: Error: read');
  });
});
