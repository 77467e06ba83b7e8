import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Cancelled, quietTask, type Task } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { unwrap } from '#core/formats/wrappers/unwrap.ts';
import { parseBlockStart, parseFrameStart } from '#core/formats/wrappers/zstd-frame.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { elfDump, gzip, joinBytes, SparseMemory, zstd } from '../../../support/dump-builder.ts';

/** Bytes that are neither zero nor repeat, so that every place is told apart. */
const content = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 31 + Math.floor(index / 977)) % 256);
const kinds = (problems: readonly { kind: string }[]) => problems.map(({ kind }) => kind);

async function inflated(bytes: Uint8Array, limit?: number) {
  const unwrapped = await unwrap(bytesSource(bytes), quietTask, limit);
  return { ...unwrapped, bytes: await unwrapped.source.read(0, unwrapped.source.size) };
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe.each([
  ['gzip', gzip],
  ['zstd', (bytes: Uint8Array) => zstd(bytes)],
] as const)('%s', (id, wrap) => {
  test('is taken off', async () => {
    const { bytes, wrappers, problems } = await inflated(wrap(content));
    expect([wrappers, problems, same(bytes, content)]).toEqual([[id], [], true]);
  });

  test('several one after another are one', async () => {
    const { bytes, problems } = await inflated(joinBytes([wrap(content), wrap(new Uint8Array(0)), wrap(content.subarray(0, 1000))]));
    expect([problems, same(bytes, joinBytes([content, content.subarray(0, 1000)]))]).toEqual([[], true]);
  });

  test('cut anywhere, what came before the cut is kept and the place is named', async () => {
    const whole = wrap(content);
    for (let length = 20; length < whole.length; length += Math.floor(whole.length / 23)) {
      const { bytes, problems } = await inflated(whole.subarray(0, length));
      expect(problems).toEqual([expect.objectContaining({ kind: `${id}-broken`, severity: 'loss' })]);
      expect(problems[0]?.fileOffset ?? -1).toBeLessThanOrEqual(length);
      expect(same(bytes, content.subarray(0, bytes.length))).toBe(true);
    }
    const nearEnd = await inflated(whole.subarray(0, whole.length - 9));
    expect(nearEnd.bytes.length).toBeGreaterThan(150_000);
  });

  test('what follows that is no such stream is named', async () => {
    const { bytes, problems } = await inflated(joinBytes([wrap(content), new Uint8Array(64).fill(0x41)]));
    expect([kinds(problems), same(bytes, content)]).toEqual([[`${id}-broken`], true]);
  });

  test('a stream larger than the limit gives its beginning', async () => {
    const { bytes, problems } = await inflated(wrap(content), 128 * 1024);
    expect(problems).toEqual([expect.objectContaining({ kind: `${id}-too-large`, severity: 'loss' })]);
    expect(same(bytes, content.subarray(0, 128 * 1024))).toBe(true);
  });

  test('reports its way through the file and can be cancelled', async () => {
    const reports: number[] = [];
    const task: Task = {
      report: ({ done, total }) => reports.push(done / (total ?? 0)),
      check: () => {
        if (reports.length > 1) throw new Cancelled();
      },
    };
    const large = wrap(new Uint8Array(randomBytes(3_000_000)));
    await expect(unwrap(bytesSource(large), task)).rejects.toThrow(Cancelled);
    expect(reports.every((part, index) => part <= 1 && part >= (reports[index - 1] ?? 0))).toBe(true);
  });
});

test('a gzip member whose length is not the one it tells is damaged', async () => {
  const wrapped = gzip(content);
  wrapped[wrapped.length - 4] = (wrapped.at(-4) ?? 0) ^ 1;
  const { bytes, problems } = await inflated(wrapped);
  expect([kinds(problems), same(bytes, content)]).toEqual([['gzip-broken'], true]);
});

describe('wrappers together', () => {
  test('one in another, at most three', async () => {
    expect((await inflated(zstd(gzip(content)))).wrappers).toEqual(['zstd', 'gzip']);
    expect(same((await inflated(gzip(zstd(gzip(content))))).bytes, content)).toBe(true);
    const four = await openDump(bytesSource(gzip(gzip(gzip(gzip(content))))), quietTask);
    expect(four.format.wrappers).toEqual(['gzip', 'gzip', 'gzip']);
  });

  test('a dump in a wrapper opens as the dump it is', async () => {
    const memory = new SparseMemory().word(0x1000, 0x1234);
    const { dump, format } = await openDump(bytesSource(zstd(elfDump(memory, { cpus: [{ cr3: 0x1000, cr4: 0x20 }] }))), quietTask);
    expect(format).toMatchObject({ id: 'elf-qemu', wrappers: ['zstd'] });
    expect([dump.problems, dump.roots.length]).toEqual([[], 1]);
  });

  test('a cut wrapper gives the problems of both', async () => {
    const wrapped = gzip(elfDump(new SparseMemory().write(0x1000, new Uint8Array(randomBytes(8192))), { cpus: [{ cr3: 0x1000, cr4: 0x20 }] }));
    const { dump } = await openDump(bytesSource(wrapped.subarray(0, wrapped.length - 3000)), quietTask);
    expect(kinds(dump.problems)).toEqual(['gzip-broken', 'extents-beyond-end']);
  });
});

describe('zstd as the zstd tool writes it', () => {
  const lines = Array.from({ length: 400 }, (_, index) => `frame ${((index * index * 7919) % 65521).toString(16)} of ${index % 7}\n`).join('');
  const stored = new Uint8Array(readFileSync(new URL('../../../fixtures/lines.zst', import.meta.url)));

  test('compressed blocks and checksum', async () => {
    const { bytes, problems } = await inflated(stored);
    expect([problems, Buffer.from(bytes).toString()]).toEqual([[], lines]);
  });

  test('between skippable frames', async () => {
    const skippable = Uint8Array.of(0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9);
    const { bytes, problems } = await inflated(joinBytes([skippable, stored, skippable, stored]));
    expect([problems, Buffer.from(bytes).toString()]).toEqual([[], lines + lines]);
  });

  test('damage in a block is named by its place', async () => {
    const damaged = stored.slice();
    damaged.fill(0xff, 40, 60);
    const { problems } = await inflated(damaged);
    expect(kinds(problems)).toEqual(['zstd-broken']);
  });

  test('a window of gigabytes is refused before it is allocated', async () => {
    const bomb = zstd(content);
    bomb[5] = 0xff;
    const { problems } = await inflated(bomb);
    expect(problems[0]?.text).toContain('over the limit of 128 MB');
  });

  test('headers read as RFC 8878 says', () => {
    const magic = [0x28, 0xb5, 0x2f, 0xfd];
    expect(parseFrameStart(Uint8Array.of(...magic, 0x64, 0x10, 0x00, 0, 0, 0))).toEqual({
      kind: 'data',
      headerBytes: 7,
      windowBytes: 272,
      contentBytes: 272,
      hasChecksum: true,
    });
    expect(parseFrameStart(Uint8Array.of(...magic, 0x80, 0x60, 1, 2, 3, 4))).toEqual({
      kind: 'data',
      headerBytes: 10,
      windowBytes: 4194304,
      contentBytes: 67305985,
      hasChecksum: false,
    });
    expect(parseFrameStart(Uint8Array.of(...magic, 1, 0x60, 1, 2, 3, 4)).kind).toBe('none');
    expect(parseBlockStart(Uint8Array.of(0x03 + 0x40, 0, 0))).toEqual({ isLast: true, storedBytes: 1, isValid: true });
    expect(parseBlockStart(Uint8Array.of(0x06, 0, 0)).isValid).toBe(false);
    expect(parseBlockStart(Uint8Array.of(0xf8, 0xff, 0xff)).isValid).toBe(false);
  });
});
