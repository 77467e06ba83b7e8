import { expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { machineAddress } from '#core/memory/address.ts';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import { joinBytes } from '../../../support/dump-builder.ts';
import { limeHeader, limeRanges } from '../../../support/lime-builder.ts';

const filled = (length: number, value: number): Uint8Array<ArrayBuffer> => new Uint8Array(length).fill(value);
const openBytes = async (bytes: Uint8Array) => (await openDump(bytesSource(bytes), quietTask)).dump;

test('ranges in any order, and not of whole frames, lie where their headers say', async () => {
  const dump = await openBytes(
    limeRanges([
      { start: 0x100000, bytes: filled(4096, 7) },
      { start: 0x1000, bytes: filled(0x2c00, 9) },
    ]),
  );
  expect(dump.problems).toEqual([]);
  expect([...dump.image.extents.start]).toEqual([0x1000, 0x100000]);
  expect([...dump.image.extents.length]).toEqual([0x2c00, 4096]);
  expect([...dump.image.extents.fileOffset]).toEqual([4096 + 64, 32]);
  const [piece] = await dump.image.read([{ start: machineAddress(0x3000), length: 4096 }]);
  expect(piece?.presence.map(({ presence, length }) => [presence, length])).toEqual([
    ['held', 0xc00],
    ['absent', 0x400],
  ]);
  expect(piece?.bytes[0xbff]).toBe(9);
});

test('a range of 64 GiB and one after it are exact', async () => {
  const length = 64 * 2 ** 30;
  const second = 32 + length;
  const headers = new Map([
    [0, limeHeader(0x1_0000_0000, length)],
    [second, limeHeader(0x1000, 4096)],
  ]);
  const source: ByteSource = {
    name: 'sparse',
    size: second + 32 + 4096,
    read: async (offset, bytes) => headers.get(offset)?.subarray(0, bytes) ?? new Uint8Array(Math.min(bytes, second + 32 + 4096 - offset)),
  };
  const { dump } = await openDump(source, quietTask);
  expect([...dump.image.extents.fileOffset]).toEqual([second + 32, 32]);
  expect(dump.image.end).toBe(0x1_0000_0000 + length);
});

const whole = limeRanges([{ start: 0x1000, bytes: filled(4096, 1) }]);

test.each([
  ['no magic', filled(32, 0xaa), 'does not begin with'],
  ['another version', limeHeader(0x8000, 4096, 2), 'version is 2'],
  ['an end before its start', limeHeader(0x8000, -4096), 'makes no sense'],
  ['an end past 52 bits', limeHeader(0x8000, 2 ** 53), 'makes no sense'],
  ['too few bytes', limeHeader(0x8000, 4096).subarray(0, 20), '20 of 32 bytes'],
])('a later header with %s is told, and what came before is kept', async (_, header, text) => {
  const dump = await openBytes(joinBytes([whole, header]));
  expect(dump.image.extents.count).toBe(1);
  expect(dump.problems).toEqual([expect.objectContaining({ kind: 'lime-header', severity: 'loss', fileOffset: 4128 })]);
  expect(dump.problems[0]?.text).toContain(text);
});

test('zeros after the last range are padding', async () => {
  expect((await openBytes(joinBytes([whole, filled(512, 0)]))).problems).toEqual([]);
});

test('a first header that cannot be used stops', async () => {
  expect((await openBytes(limeHeader(0, 4096, 3))).problems).toEqual([expect.objectContaining({ kind: 'lime-no-memory', severity: 'stop' })]);
});

test('a last range cut short keeps what is there', async () => {
  const dump = await openBytes(whole.subarray(0, 32 + 100));
  expect([...dump.image.extents.length]).toEqual([100]);
  expect(dump.problems.map(({ kind }) => kind)).toEqual(['extents-beyond-end']);
});
