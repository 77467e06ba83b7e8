import { describe, expect, test } from 'vitest';
import { Cancelled } from '#core/base/task.ts';
import { virtualPage } from '#core/memory/address.ts';
import type { Questions } from '#core/session/contract.ts';
import { openSession } from '#core/session/session.ts';
import { createDesk } from '#ui/state/desk.ts';
import { Opening } from '#ui/state/opening.ts';
import { firstPlace } from '#ui/state/place.ts';
import { type RemoteAddress, remoteAddress } from '#ui/state/remote-address.ts';
import { installRootChange } from '#ui/state/root-change.ts';
import type { OpenSession } from '#worker/reader.ts';
import { readersInProcess } from '../../../support/readers.ts';

/** 16 KiB of memory: a PAE root at 0 with one PD at 0x1000 that maps 2 MB at its start and 2 MB after a hole. */
function memory(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16_384);
  const words = new DataView(bytes.buffer);
  words.setUint32(0, 0x1001, true);
  words.setUint32(0x1000 + 8 * 5, 0x0000_00e3, true);
  words.setUint32(0x1000 + 8 * 9, 0x0020_00a1, true);
  return bytes;
}

const file = (bytes: Uint8Array<ArrayBuffer>, name: string) => ({ kind: 'file', file: new File([bytes], name) }) as const;
const root = { address: 0, mode: 'pae' } as const;

function desk(opening: OpenSession = openSession) {
  const readers = readersInProcess(opening);
  const store = createDesk();
  installRootChange(store);
  return { store, readers, opening: new Opening(store, readers.start) };
}

const atPlace = (page: number) => ({ ...firstPlace, root, address: { page: virtualPage(page), offset: 0 } });

describe('Opening', () => {
  test('opens a file at the place asked for, image and atlas together', async () => {
    const { store, opening } = desk();
    const seen: string[] = [];
    store.subscribe((now) => seen.push(`${now.phase.kind} ${now.image ? 'image' : '-'} ${now.atlas ? 'atlas' : '-'}`));
    await opening.open({ given: file(memory(), 'a.raw'), place: atPlace(0x1200) });
    const { image, atlas, place, phase } = store.getState();
    expect(phase.kind).toBe('open');
    expect(image?.fileSize).toBe(16_384);
    expect(atlas?.leaves).toBe(2);
    expect(place.address.page).toBe(0x1200);
    expect(new Set(seen)).toEqual(new Set(['opening - -', 'open image atlas']));
  });

  test('an empty file says so and leaves nothing open', async () => {
    const { store, opening } = desk();
    await opening.open({ given: file(new Uint8Array(0), 'empty.bin') });
    expect(store.getState().phase).toMatchObject({ kind: 'failed', name: 'empty.bin' });
    expect(store.getState().image).toBeUndefined();
  });

  test('a failed second file leaves the first in view', async () => {
    const { store, opening } = desk();
    await opening.open({ given: file(memory(), 'a.raw'), place: atPlace(0) });
    await opening.open({ given: file(new Uint8Array(0), 'empty.bin') });
    expect(store.getState().phase.kind).toBe('failed');
    expect(store.getState().image?.fileSize).toBe(16_384);
    opening.dismiss();
    expect(store.getState().phase.kind).toBe('open');
  });

  test('cancel gives back what was there', async () => {
    let release: () => void = () => undefined;
    const slow: OpenSession = async (source, task, options) => {
      if (source.size === 8192) await new Promise<void>((done) => (release = done));
      return openSession(source, task, options);
    };
    const { store, opening } = desk(slow);
    await opening.open({ given: file(memory(), 'a.raw'), place: atPlace(0) });
    const second = opening.open({ given: file(new Uint8Array(8192), 'slow.raw') });
    expect(store.getState().phase.kind).toBe('opening');
    opening.cancel();
    await second;
    release();
    expect(store.getState().phase.kind).toBe('open');
    expect(store.getState().image?.fileSize).toBe(16_384);
  });

  test('another file than the link names waits for the word of the user', async () => {
    const { store, opening } = desk();
    const wanted = { name: 'b.raw', size: 1, fingerprint: '0011223344556677' };
    await opening.open({ given: file(memory(), 'a.raw'), place: atPlace(0x1200), wanted });
    expect(store.getState().phase).toMatchObject({ kind: 'other-file', wanted });
    expect(opening.awaited()).toMatchObject({ wanted });
    await opening.takeOther(true);
    expect(store.getState()).toMatchObject({ phase: { kind: 'open' }, place: { address: { page: 0x1200 } } });
  });

  test('a second image is a jump, so that back leads to the first', async () => {
    const { store, opening } = desk();
    await opening.open({ given: file(memory(), 'a.raw'), place: atPlace(0) });
    expect(store.getState().jumps).toBe(0);
    await opening.open({ given: file(new Uint8Array(8192), 'b.raw'), place: atPlace(0) });
    expect(store.getState().jumps).toBe(1);
    const { image } = store.getState();
    expect(image && opening.seen(image.fingerprint)?.given).toMatchObject({ kind: 'file' });
  });

  test('a dead reader is replaced and told, the place kept', async () => {
    const { store, opening, readers } = desk();
    await opening.open({ given: file(memory(), 'a.raw'), place: atPlace(0x1200) });
    opening.stopReader();
    expect(await store.getState().questions?.nextMapped(root, 0, 1)).toBe(5 * 512);
    expect(readers.started()).toBe(2);
    expect(store.getState().notices.map(({ title }) => title)).toEqual(['The reader was started again']);
    expect(store.getState().place.address.page).toBe(0x1200);
  });
});

describe('an image behind a host that was not asked for yet', () => {
  const remote = (host: string) => ({ given: { kind: 'remote', url: `https://${host}/a.raw`, name: 'a.raw' } }) as const;
  const addressOf = (host: string) => remoteAddress(`https://${host}/a.raw`) as RemoteAddress;

  test('is asked about, and an opening that ends meanwhile does not wipe the question away', async () => {
    const { store, opening } = desk(() => new Promise(() => undefined));
    const first = opening.open({ given: file(memory(), 'slow.raw') });
    await opening.open(remote('dumps.example'));
    await first;
    expect(store.getState().phase).toMatchObject({ kind: 'ask-host', hosts: ['dumps.example'] });
  });

  test('a file given in its place is opened at the place of the link, and held to be the same image', async () => {
    const { store, opening } = desk();
    const wanted = { name: 'a.raw', size: 16_384, fingerprint: '0011223344556677' };
    await opening.open({ ...remote('dumps.example'), place: atPlace(0x1200), wanted });
    expect(opening.awaited()).toEqual({ place: atPlace(0x1200), wanted });
    await opening.open({ ...opening.awaited(), given: file(memory(), 'a.raw') });
    expect(store.getState().phase).toMatchObject({ kind: 'other-file', wanted });
    await opening.takeOther(true);
    expect(store.getState().place.address.page).toBe(0x1200);
    expect(opening.awaited()).toEqual({});
  });

  test('a yes is for the address that was shown, not for one that a link has put in its place', async () => {
    const { store, opening } = desk();
    await opening.open(remote('good.example'));
    await opening.open(remote('evil.example'));
    opening.allowHosts([addressOf('good.example')], true);
    expect(store.getState().phase).toMatchObject({ kind: 'ask-host', hosts: ['evil.example'] });
    opening.dismiss();
    opening.allowHosts([addressOf('evil.example')], true);
    expect(store.getState().phase.kind).toBe('empty');
  });
});

describe('change of root', () => {
  test('root and atlas change in one step, and only when the atlas is there', async () => {
    const { store, opening } = desk();
    await opening.open({ given: file(memory(), 'a.raw'), place: atPlace(0) });
    const before = store.getState().atlas;
    const pairs = new Set<string>();
    store.subscribe(({ place, atlas }) => pairs.add(`${place.root?.mode} ${atlas?.root.mode}`));
    store.getState().look({ root: { address: 0, mode: '32-bit' } }, true);
    expect(store.getState().atlas).toBe(before);
    await expect.poll(() => store.getState().atlas?.root.mode).toBe('32-bit');
    expect(pairs).toEqual(new Set(['pae pae', '32-bit 32-bit']));
    expect(store.getState().jumps).toBe(1);
  });

  test('a cancelled change leaves the old root', async () => {
    const questions = { atlas: () => Promise.reject(new Cancelled('cancelled')) } as unknown as Questions;
    const store = createDesk({ questions, place: atPlace(0) });
    installRootChange(store);
    store.getState().look({ root: { address: 4096, mode: 'pae' } });
    await expect.poll(() => store.getState().atlasProgress).toBeUndefined();
    expect(store.getState().place.root).toEqual(root);
    expect(store.getState().notices).toEqual([]);
  });
});
