import { beforeEach, describe, expect, it, vi } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { openSession } from '#core/session/session.ts';
import { createDesk } from '#ui/state/desk.ts';
import { installRootChange } from '#ui/state/root-change.ts';
import { installRootSearch, noteSearch, searchText, searchUnasked } from '#ui/state/root-search.ts';
import { rawDump, SparseMemory } from '../../../support/dump-builder.ts';
import { TableBuilder } from '../../../support/table-builder.ts';

const storage = vi.hoisted(() => new Map<string, unknown>());
vi.mock('idb-keyval', () => ({
  get: async (key: string) => storage.get(key),
  update: async (key: string, change: (old: unknown) => unknown) => void storage.set(key, change(storage.get(key))),
}));
beforeEach(() => storage.clear());

/** A flat image of one kernel and one process: memory one to one from C0000000, three pages of a program. */
function rawGuest(): Uint8Array {
  const memory = new SparseMemory();
  const tables = new TableBuilder(memory, 'pae', { root: 0x18_0260 });
  for (let frame = 0; frame < 512; frame++) tables.map(0xc000_0000n + BigInt(frame * 4096), BigInt(frame * 4096), { flags: 0x63n });
  for (let page = 0; page < 3; page++) tables.map(0x0804_9000n + BigInt(page * 4096), BigInt(page * 4096));
  for (let frame = 1; frame < 0x80; frame++) memory.frame(frame).fill(0xe9);
  return rawDump(memory);
}

async function deskOf(bytes: Uint8Array) {
  const session = await openSession(bytesSource(bytes, 'memory.raw'), quietTask, { formatId: 'raw' });
  const desk = createDesk({ phase: { kind: 'open' }, image: await session.summary(), questions: session });
  installRootChange(desk);
  const cancel = vi.fn();
  installRootSearch(desk, cancel);
  return { desk, cancel };
}

describe('an image that names no root', () => {
  it('is searched unasked, and the best root used and told', async () => {
    const { desk } = await deskOf(rawGuest());
    expect(desk.getState().image?.roots).toEqual([]);
    await searchUnasked(desk);
    expect(desk.getState().rootSearch?.state).toBe('running');
    await vi.waitFor(() => expect(desk.getState().place.root).toEqual({ address: 0x18_0260, mode: 'pae' }));
    await vi.waitFor(() => expect(desk.getState().atlas?.root.origin).toBe('found by scan'));
    expect(desk.getState().place.address).toEqual({ page: 0x8049, offset: 0 });
    expect(desk.getState().notices[0]?.title).toBe('Root 180260 is in use');
    expect(desk.getState().rootSearch).toMatchObject({ state: 'done' });
  });

  it.each([
    ['on this machine', [], 2 ** 30, true],
    ['on this machine, large', [], 2 ** 31, false],
    ['behind a server', ['https://dumps.example/a.raw'], 2 ** 30, false],
    ['behind a server, small', ['https://dumps.example/a.raw'], 2 ** 26, true],
  ])('%s: unasked only where the user would hardly notice', async (_, remoteUrls, heldBytes, isSearched) => {
    const { desk } = await deskOf(new Uint8Array(4096));
    const findRoots = vi.fn();
    desk.setState(({ image }) => ({ ...{ findRoots, remoteUrls }, ...(image && { image: { ...image, heldBytes } }) }));
    await searchUnasked(desk);
    expect(findRoots).toHaveBeenCalledTimes(isSearched ? 1 : 0);
  });

  it('keeps the root that the user chose meanwhile', async () => {
    const { desk } = await deskOf(rawGuest());
    desk.getState().findRoots();
    desk.setState(({ place }) => ({ place: { ...place, root: { address: 0x1000, mode: 'pae' } } }));
    await vi.waitFor(() => expect(desk.getState().image?.roots[0]).toMatchObject({ address: 0x18_0260, verified: true }));
    expect(desk.getState().place.root?.address).toBe(0x1000);
    expect(desk.getState().notices).toEqual([]);
  });

  it('says so where there is none, and uses nothing', async () => {
    const { desk } = await deskOf(new Uint8Array(64 * 4096).fill(0xe8));
    await searchUnasked(desk);
    await vi.waitFor(() => expect(desk.getState().rootSearch).toMatchObject({ state: 'done', found: 0 }));
    expect(desk.getState().place.root).toBeUndefined();
  });
});

describe('a search that was made before', () => {
  it('is kept, and shown when the same image is opened again, its best root used', async () => {
    const { desk: first } = await deskOf(rawGuest());
    await searchUnasked(first);
    await vi.waitFor(() => expect(first.getState().place.root).toEqual({ address: 0x18_0260, mode: 'pae' }));
    const { desk } = await deskOf(rawGuest());
    const findRoots = vi.fn();
    desk.setState({ findRoots });
    await searchUnasked(desk);
    expect(findRoots).not.toHaveBeenCalled();
    expect(desk.getState().rootSearch).toMatchObject({ state: 'kept', found: 1 });
    expect(desk.getState().image?.roots).toEqual(first.getState().image?.roots);
    await vi.waitFor(() => expect(desk.getState().place.root).toEqual({ address: 0x18_0260, mode: 'pae' }));
    await vi.waitFor(() => expect(desk.getState().atlas?.root.reason).toContain('maps its own frame'));
  });

  it('goes on after it was stopped, from where it was', async () => {
    const { desk } = await deskOf(rawGuest());
    desk.setState({ rootSearch: { state: 'stopped', done: 4096, total: 8192, found: 0 } });
    desk.getState().findRoots();
    expect(desk.getState().rootSearch).toMatchObject({ state: 'running', done: 4096 });
  });
});

describe('the search in words', () => {
  const running = { state: 'running', done: 64 * 2 ** 20, total: 256 * 2 ** 20, found: 3 } as const;

  it('tells bytes of bytes and what was found', () => {
    expect(searchText(running)).toBe('Looking for page tables: 64 of 256 MB read, 3 found so far.');
    expect(searchText({ ...running, state: 'stopped', found: 0 })).toBe('The search was stopped at 64 of 256 MB: none found.');
    expect(searchText({ ...running, state: 'kept', searched: Date.UTC(2026, 10, 27, 12) })).toBe(
      'Looked for page tables at an earlier visit (27 November 2026): 3 found.',
    );
    expect(searchText({ ...running, state: 'done' })).toBe('Looked for page tables in 256 MB: 3 found.');
  });

  it('follows the reports, and stops on demand', async () => {
    const { desk, cancel } = await deskOf(rawGuest());
    noteSearch(desk, { step: '', done: 1, total: 2, found: 0 });
    expect(desk.getState().rootSearch).toBeUndefined();
    desk.setState({ rootSearch: running });
    noteSearch(desk, { step: '', done: 2 ** 27, total: 2 ** 28, found: 3 });
    expect(desk.getState().rootSearch).toMatchObject({ state: 'running', done: 2 ** 27 });
    desk.getState().stopFinding();
    expect(cancel).toHaveBeenCalledOnce();
  });
});
