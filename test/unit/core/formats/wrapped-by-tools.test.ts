import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { unwrap } from '#core/formats/wrappers/unwrap.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { joinBytes } from '../../../support/dump-builder.ts';

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

describe.each([...by('bz2'), ...by('lz4')])('%s', (name) => {
  const id = name.endsWith('.bz2') ? 'bzip2' : 'lz4';
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
    for (let length = 16; length < whole.length - 4; length += Math.ceil(whole.length / 13)) {
      const { bytes, problems } = await unwrapped(whole.subarray(0, length));
      expect(kinds(problems)).toEqual([`${id}-broken`]);
      expect(problems[0]?.fileOffset ?? -1).toBeLessThanOrEqual(length);
      expect(same(bytes, expected.subarray(0, bytes.length))).toBe(true);
    }
  });

  test('stops at the limit', async () => {
    if (expected.length < 200_000) return;
    const { bytes, problems } = await unwrapped(fixture(name), 64 * 1024);
    expect(kinds(problems)).toEqual([`${id}-too-large`]);
    expect(bytes.length).toBeGreaterThan(0);
    expect(same(bytes, expected.subarray(0, bytes.length))).toBe(true);
  });
});
