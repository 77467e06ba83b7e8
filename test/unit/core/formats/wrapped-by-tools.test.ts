import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { unwrap } from '#core/formats/wrappers/unwrap.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import type { LossySource } from '#core/memory/lossy-source.ts';
import { joinBytes, SparseMemory } from '../../../support/dump-builder.ts';
import { TableBuilder } from '../../../support/table-builder.ts';
import { vmwareFiles } from '../../../support/vmware-builder.ts';

/** Made by support/make-wrapped.mjs with the real tools: the content's letter, how it was wrapped, the tool. */
const folder = new URL('../../../fixtures/wrapped/', import.meta.url);
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));
const content = (letter: string): Uint8Array => new Uint8Array(gunzipSync(fixture(`${letter}.gz`)));
const names = readdirSync(folder).filter((name) => !name.endsWith('.gz'));
const by = (ending: string): string[] => names.filter((name) => name.endsWith(`.${ending}`));

async function unwrapped(bytes: Uint8Array, limit?: number) {
  const { source, wrappers, problems } = await unwrap(bytesSource(bytes), quietTask, limit);
  return { bytes: await source.read(0, source.size), wrappers, problems };
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
const kinds = (problems: readonly { kind: string }[]) => problems.map(({ kind }) => kind);

/** Written in blocks that refer to none before them. */
const isViewed = (name: string): boolean => /block-size|c\..*(lz4|zst|bgz)/.test(name) && !name.includes('BD') && !/\.(B7|l)\.lz4/.test(name);
const REFUSED = ['n.x86.xz', 'n.delta.xz'];
const ID: Readonly<Record<string, string>> = { bz2: 'bzip2', lz4: 'lz4', xz: 'xz', zst: 'zstd', bgz: 'gzip' };

const streams = ['bz2', 'lz4', 'xz', 'zst', 'bgz'].flatMap(by);

describe.each(streams.filter((name) => !REFUSED.includes(name)))('%s', (name) => {
  const id = ID[name.split('.').at(-1) ?? ''];
  const expected = content(name.charAt(0));

  test('is taken off', async () => {
    const { bytes, wrappers, problems } = await unwrapped(fixture(name));
    expect([wrappers, problems, same(bytes, expected)]).toEqual([[id], [], true]);
  });

  test('two are one', async () => {
    const { bytes, problems } = await unwrapped(joinBytes([fixture(name), fixture(name)]));
    expect([problems, same(bytes, joinBytes([expected, expected]))]).toEqual([[], true]);
  });

  test('cut anywhere, it gives what came before and names a place within it', async () => {
    const whole = fixture(name);
    for (let length = 20; length < whole.length - 4; length += Math.ceil(whole.length / 13)) {
      const { bytes, problems } = await unwrapped(whole.subarray(0, length));
      expect(kinds(problems)).toEqual([`${id}-broken`]);
      expect(problems[0]?.fileOffset ?? -1).toBeLessThanOrEqual(length);
      expect(same(bytes, expected.subarray(0, bytes.length))).toBe(true);
    }
  });

  test('stops at the limit', async () => {
    if (expected.length < 200_000 || isViewed(name)) return;
    const { bytes, problems } = await unwrapped(fixture(name), 64 * 1024);
    expect(kinds(problems)).toEqual([`${id}-too-large`]);
    expect(bytes.length).toBeGreaterThan(0);
    expect(same(bytes, expected.subarray(0, bytes.length))).toBe(true);
  });
});

test('of a damaged bzip2 file the blocks before the damage are given, and no wrong byte', async () => {
  const whole = fixture('c.1.bz2');
  for (let at = 100; at < whole.length; at += 61) {
    const damaged = whole.slice();
    damaged[at] = (damaged[at] ?? 0) ^ 0x10;
    const { bytes, problems } = await unwrapped(damaged);
    expect(kinds(problems)).toEqual(['bzip2-broken']);
    expect(same(bytes, content('c').subarray(0, bytes.length))).toBe(true);
  }
});

test.each([
  ['n.x86.xz', 'a block uses the x86 filter, which is not read at byte 12'],
  ['n.delta.xz', 'a block uses the delta filter, which is not read at byte 12'],
])('%s is refused by the name of its filter', async (name, words) => {
  const { problems } = await unwrapped(fixture(name));
  expect(problems[0]?.text).toContain(words);
});

describe('blocks that refer to none before them', () => {
  const checked = names.filter((name) => isViewed(name) && !name.includes('no-frame-crc'));

  test.each(checked)('%s: damage in one is no loss to the others', async (name) => {
    const [whole, expected] = [fixture(name), content('c')];
    let losses = 0;
    for (let at = Math.floor(whole.length / 3); at < whole.length / 2; at += 97) {
      const damaged = whole.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      const { source, problems } = await unwrap(bytesSource(damaged), quietTask);
      // Damage in a length that stands before a block breaks the chain, and is told at once.
      if (problems.length > 0) continue;
      losses += await expectLossOfOne(source as LossySource, expected);
    }
    expect(losses).toBeGreaterThan(5);
  });

  test.each(names.filter(isViewed))('%s is read in parts, from any place', async (name) => {
    const expected = content('c');
    const { source } = await unwrap(bytesSource(fixture(name)), quietTask);
    await fc.assert(
      fc.asyncProperty(fc.nat(expected.length + 10), fc.nat(150_000), async (offset, length) => {
        expect(same(await source.read(offset, length), expected.subarray(offset, offset + length))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe('zip', () => {
  test.each(['deflate', 'piped', 'zip64', 'piped64', 'piped-wide', 'bzip2'])('%s.zip gives its member', async (name) => {
    const { bytes, wrappers, problems } = await unwrapped(fixture(`${name}.zip`));
    expect([wrappers, problems, same(bytes, content('c'))]).toEqual([name === 'bzip2' ? ['zip', 'bzip2'] : ['zip'], [], true]);
  });

  test('a stored member is read where it lies', async () => {
    const { bytes, problems } = await unwrapped(fixture('stored.zip'), 0);
    expect([problems, same(bytes, content('n'))]).toEqual([[], true]);
  });

  test('of several the largest is opened, and the others are named', async () => {
    const { bytes, problems } = await unwrapped(fixture('several.zip'));
    expect(same(bytes, content('c'))).toBe(true);
    expect(problems).toEqual([expect.objectContaining({ kind: 'zip-others', severity: 'note' })]);
    expect(problems[0]?.text).toMatch(/holds 3 files\. The largest is opened: c .*The others are n, e\.$/);
  });

  test('of two the other is a companion, and told where it is no part of the same dump', async () => {
    const { source } = await unwrap(bytesSource(fixture('pair.zip')), quietTask);
    expect([source.name, source.companion?.name]).toEqual(['c', 'n']);
    expect(kinds((await openDump(bytesSource(fixture('pair.zip')), quietTask)).dump.problems)).toContain('companion-unused');
  });

  test('an encrypted member is refused by name', async () => {
    const { bytes, problems } = await unwrapped(fixture('encrypted.zip'));
    expect([bytes.length, kinds(problems)]).toEqual([0, ['zip-broken']]);
    expect(problems[0]?.text).toContain('n, at byte 0, is encrypted');
  });

  test('bytes before the archive, as of a program that unpacks it, move nothing but what is told', async () => {
    // Its directory tells of places without them; recognised it is only at the front.
    const moved = joinBytes([fixture('stored.zip').subarray(0, 4), new Uint8Array(60), fixture('stored.zip')]);
    const { bytes, problems } = await unwrapped(moved);
    expect([problems, same(bytes, content('n'))]).toEqual([[], true]);
  });

  test.each(['deflate', 'piped', 'stored'])('%s.zip, cut anywhere, gives what came before', async (name) => {
    const [whole, expected] = [fixture(`${name}.zip`), content(name === 'stored' ? 'n' : 'c')];
    for (let length = 60; length < whole.length - 1; length += Math.ceil(whole.length / 17)) {
      const { bytes, problems } = await unwrapped(whole.subarray(0, length));
      expect(kinds(problems)).toEqual(['zip-broken']);
      expect(problems[0]?.fileOffset ?? -1).toBeLessThanOrEqual(length);
      expect(same(bytes, expected.subarray(0, bytes.length))).toBe(true);
    }
  });

  test('damage in a member is told', async () => {
    const damaged = fixture('deflate.zip');
    damaged[4000] = (damaged[4000] ?? 0) ^ 0xff;
    expect(kinds((await unwrapped(damaged)).problems)).toEqual(['zip-broken']);
  });

  test('stops at the limit', async () => {
    const { bytes, problems } = await unwrapped(fixture('deflate.zip'), 64 * 1024);
    expect([kinds(problems), same(bytes, content('c').subarray(0, bytes.length))]).toEqual([['zip-too-large'], true]);
  });
});

test('a .vmem and its .vmss in one zip are opened together', async () => {
  const memory = new SparseMemory();
  new TableBuilder(memory, 'pae', { root: 0x20, firstFrame: 1 }).map(0xc000_0000n, 0x3000n);
  const { vmem, vmss } = vmwareFiles(memory, { cpus: [{ cr3: 0x20, cr4: 0x20 }] });
  const zipped = new Uint8Array(zipSync({ 'guest.vmss': vmss, 'guest.vmem': vmem }));
  const { dump, format } = await openDump(bytesSource(zipped, 'guest.zip'), quietTask);
  expect([format.id, format.wrappers, dump.problems]).toEqual(['vmware-state', ['zip'], []]);
  expect(dump.roots).toHaveLength(1);
});

/** All bytes are there but those that are told lost, in one block. Returns how many losses there are. */
async function expectLossOfOne(source: LossySource, expected: Uint8Array): Promise<number> {
  const bytes = await source.read(0, source.size);
  const lost = source.lost(0, source.size);
  expect([bytes.length, lost.length]).toEqual([expected.length, 1]);
  for (const { offset, length, reason } of lost) {
    bytes.set(expected.subarray(offset, offset + length), offset);
    expect(length).toBeLessThanOrEqual(65_536);
    expect(reason).toMatch(/^the packed block at byte [0-9,]+ of the file is damaged/);
  }
  expect(same(bytes, expected)).toBe(true);
  return lost.length;
}
