import { beforeEach, describe, expect, it, vi } from 'vitest';
import { usualFeatures } from '#core/paging/modes.ts';
import type { ImageSummary, RootChoice } from '#core/session/contract.ts';
import { keepRoots, keptRoots } from '#ui/state/kept-roots.ts';

const storage = vi.hoisted(() => new Map<string, unknown>());
vi.mock('idb-keyval', () => ({
  get: async (key: string) => structuredClone(storage.get(key)),
  update: async (key: string, change: (old: unknown) => unknown) => void storage.set(key, structuredClone(change(storage.get(key)))),
}));

const image = {
  ...{ fingerprint: 'ab', format: { id: 'raw' }, extents: [{ start: 0, length: 4096, kind: 'held' }], end: 4096, heldBytes: 4096 },
} as unknown as ImageSummary;
const root: RootChoice = {
  ...{ address: 0x1000, mode: 'pae', origin: 'found by scan', reason: 'It maps itself.', held: true, verified: true },
  features: { ...usualFeatures },
};

beforeEach(() => storage.clear());

describe('what a search found', () => {
  it('is there again for the same image read as the same memory, and for no other', async () => {
    await keepRoots(image, [root], 5);
    expect(await keptRoots(image)).toEqual({ searched: 5, roots: [root] });
    expect(await keptRoots({ ...image, fingerprint: 'ac' })).toBeUndefined();
    expect(await keptRoots({ ...image, extents: [{ start: 4096, length: 4096, kind: 'held' }] })).toBeUndefined();
  });

  it('leaves out roots that the dump names itself, and keeps that none was found', async () => {
    await keepRoots(image, [{ ...root, cpu: { index: 0, cr0: 1, cr3: 0x1000, cr4: 0x20 } }], 5);
    expect(await keptRoots(image)).toEqual({ searched: 5, roots: [] });
  });

  it('is kept of the last images alone, each once', async () => {
    for (let at = 0; at < 20; at++) await keepRoots({ ...image, fingerprint: `${at}` }, [root], at);
    await keepRoots({ ...image, fingerprint: '19' }, [], 99);
    expect(await keptRoots({ ...image, fingerprint: '3' })).toBeUndefined();
    expect(await keptRoots({ ...image, fingerprint: '4' })).toEqual({ searched: 4, roots: [root] });
    expect(await keptRoots({ ...image, fingerprint: '19' })).toEqual({ searched: 99, roots: [] });
  });
});

describe('a storage that holds something else', () => {
  const kept = async () => {
    await keepRoots(image, [root], 5);
    return structuredClone(storage.get('pagewalk-found-roots')) as { roots: Record<string, unknown>[] }[];
  };

  it.each([
    ['an address that is none', { address: -1 }],
    ['an address beyond machine memory', { address: 2 ** 52 }],
    ['a mode that there is not', { mode: 'pae2' }],
    ['features that are none', { features: { pse: 'yes' } }],
    ['a reason of a megabyte', { reason: 'x'.repeat(2 ** 20) }],
  ])('is not believed: %s', async (_, change) => {
    const stored = await kept();
    Object.assign(stored[0]?.roots[0] ?? {}, change);
    storage.set('pagewalk-found-roots', stored);
    expect(await keptRoots(image)).toBeUndefined();
    await keepRoots(image, [root], 6);
    expect(await keptRoots(image)).toEqual({ searched: 6, roots: [root] });
  });

  it.each([[null], ['text'], [[1, 2]], [{ key: 'a' }]])('is not believed: %j', async (stored) => {
    storage.set('pagewalk-found-roots', stored);
    expect(await keptRoots(image)).toBeUndefined();
  });
});
