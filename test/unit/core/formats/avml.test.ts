import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { avmlRanges } from '../../../support/avml-builder.ts';
import { joinBytes } from '../../../support/dump-builder.ts';

const openBytes = async (bytes: Uint8Array) => (await openDump(bytesSource(bytes), quietTask)).dump;
/** Differs from page to page, and does shrink. */
const patterned = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, at) => (at >> 8) * 31 + (at % 5));
const noise = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, at) => (Math.imul(at + 1, 2654435761) >>> 13) & 255);

const ranges = [
  { start: 0x100000, bytes: patterned(200_704) },
  { start: 0x1000, bytes: noise(0x9e000) },
  { start: 0x1_4000_0000, bytes: new Uint8Array(65_536 * 2) },
];

test('ranges in any order, packed or stored, are read where their headers say', async () => {
  const dump = await openBytes(avmlRanges(ranges));
  expect(dump.problems).toEqual([]);
  expect([...dump.image.extents.start]).toEqual([0x1000, 0x100000, 0x1_4000_0000]);
  for (const { start, bytes } of ranges) {
    const [piece] = await dump.image.read([{ start: machineAddress(start), length: bytes.length }]);
    expect(piece?.presence.map(({ presence }) => presence)).toEqual(['held']);
    expect(Buffer.compare(piece?.bytes ?? new Uint8Array(0), bytes)).toBe(0);
  }
  expect(dump.image.whyAbsent(machineAddress(0x90_0000))).toContain('all zeros, which AVML leaves out');
});

test('what the encoder of avml itself (snap) wrote is read', async () => {
  const dump = await openBytes(new Uint8Array(readFileSync(new URL('../../../fixtures/snap.avml', import.meta.url))));
  expect(dump.problems).toEqual([]);
  expect([...dump.image.extents.start]).toEqual([0x1000, 0x40000]);
  const [first, second] = await dump.image.read([
    { start: machineAddress(0x1000), length: 0x21000 },
    { start: machineAddress(0x40000), length: 0x1000 },
  ]);
  const expected = Uint8Array.from({ length: 0x21000 }, (_, at) => (at >> 4) * 7 + (at % 3));
  expect(Buffer.compare(first?.bytes ?? new Uint8Array(0), expected)).toBe(0);
  expect(Buffer.compare(second?.bytes ?? new Uint8Array(0), noise(0x1000))).toBe(0);
});

describe('damage', () => {
  const whole = avmlRanges(ranges);

  test('in one chunk makes its memory absent, and no more', async () => {
    const damaged = whole.slice();
    damaged[32 + 10 + 400] = (damaged[32 + 10 + 400] ?? 0) ^ 0xff;
    const dump = await openBytes(damaged);
    const [piece] = await dump.image.read([{ start: machineAddress(0x100000), length: 200_704 }]);
    expect(piece?.presence.map(({ presence, length }) => [presence, length])).toEqual([
      ['absent', 65_536],
      ['held', 200_704 - 65_536],
    ]);
    expect(piece?.presence[0]?.reason).toMatch(/^the packed block at byte 42 of the file is damaged/);
    expect(Buffer.compare(piece?.bytes.subarray(65_536) ?? new Uint8Array(0), ranges[0]?.bytes.subarray(65_536) ?? new Uint8Array(0))).toBe(0);
  });

  test('in the length that a chunk tells moves nothing', async () => {
    const damaged = whole.slice();
    damaged[32 + 10 + 8] = (damaged[32 + 10 + 8] ?? 0) ^ 1;
    const dump = await openBytes(damaged);
    const [piece] = await dump.image.read([{ start: machineAddress(0x100000 + 65_536), length: 8192 }]);
    expect(Buffer.compare(piece?.bytes ?? new Uint8Array(0), ranges[0]?.bytes.subarray(65_536, 65_536 + 8192) ?? new Uint8Array(0))).toBe(0);
    expect(dump.image.extents.length[1]).toBe(200_704);
  });

  test.each([
    ['a range header', joinBytes([whole, new Uint8Array(32).fill(1)]), 'does not begin with 41 56 4d 4c', 3],
    ['the file within a chunk', whole.subarray(0, 5000), 'the file ends within a chunk at byte 4,691', 1],
    ['the file within the last length', whole.subarray(0, -3), 'the file ends before the length of its chunks', 3],
    ['a chunk of no known type', whole.map((byte, at) => (at === 42 ? 2 : byte)), 'a chunk of the unknown type 02 at byte 42', 0],
  ])('of %s is told, and what came before is kept', async (_, bytes, text, extents) => {
    const { problems, image } = await openBytes(bytes);
    expect(problems[0]).toMatchObject({ kind: 'avml-range', severity: 'loss' });
    expect(problems[0]?.text).toContain(text);
    expect(image.extents.count).toBe(extents);
  });

  test('zeros behind the last range are padding', async () => {
    expect((await openBytes(joinBytes([whole, new Uint8Array(4096)]))).problems).toEqual([]);
  });
});
