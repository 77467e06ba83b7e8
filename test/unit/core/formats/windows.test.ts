import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { machineAddress } from '#core/memory/address.ts';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import { SparseMemory } from '../../../support/dump-builder.ts';
import { type WindowsShape, windowsDump } from '../../../support/windows-builder.ts';

const memory = new SparseMemory();
for (const [index, frame] of [1, 2, 3, 9, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 200].entries())
  memory.frame(frame).fill(index + 1);

const open = async (bytes: Uint8Array) => openDump(bytesSource(bytes), quietTask);
const built = async (shape: Partial<WindowsShape> = {}) => (await open(windowsDump(memory, { root: 0x9000, ...shape }))).dump;

describe.each<[string, WindowsShape]>([
  ['64-bit, runs', { root: 0x9000 }],
  ['64-bit, bitmap', { root: 0x9000, pages: 'bitmap' }],
  ['64-bit, full with bitmap', { root: 0x9000, pages: 'bitmap', dumpType: 5 }],
  ['64-bit, bitmap of before Windows 8', { root: 0x9000, pages: 'old-bitmap' }],
  ['64-bit, ranges of a live dump', { root: 0x9000, pages: 'ranges' }],
  ['32-bit, runs', { root: 0x9000, wordBytes: 4 }],
  ['32-bit, bitmap', { root: 0x9000, wordBytes: 4, pages: 'bitmap' }],
  ['32-bit, bitmap of before Windows 8', { root: 0x9000, wordBytes: 4, pages: 'old-bitmap' }],
])('%s', (_, shape) => {
  test('every frame has its bytes, and no other is held', async () => {
    const { dump, format } = await open(windowsDump(memory, shape));
    expect(format).toMatchObject({ id: 'windows-dump' });
    expect(dump.problems).toEqual([]);
    const frames = Array.from({ length: 220 }, (_frame, index) => index);
    const pieces = await dump.image.read(frames.map((frame) => ({ start: machineAddress(frame * 4096), length: 4096 })));
    for (const [frame, piece] of pieces.entries()) {
      const written = memory.frames.get(frame);
      expect(piece.presence.map(({ presence }) => presence)).toEqual([written === undefined ? 'absent' : 'held']);
      if (written !== undefined) expect(piece.bytes[4095]).toBe(written[0]);
    }
    expect(dump.image.whyAbsent(machineAddress(0xb000))).toMatch(/crash dump/);
  });

  test('cut within its last page says so', async () => {
    const whole = windowsDump(memory, shape);
    const { dump } = await open(whole.subarray(0, whole.length - 100));
    expect(dump.problems.map(({ severity }) => severity)).toEqual(['loss']);
    expect(dump.image.end).toBe(201 * 4096 - 100);
  });

  test('cut in the page before its last, what is there can be read', async () => {
    const whole = windowsDump(memory, shape);
    const { dump } = await open(whole.subarray(0, whole.length - 4096 - 100));
    expect(dump.problems.map(({ severity }) => severity)).toEqual(['loss']);
    expect(dump.image.end).toBe(81 * 4096 - 100);
    expect(dump.image.whyAbsent(machineAddress(200 * 4096))).toMatch(/past the end of the file/);
  });
});

test('the root is DirectoryTableBase without its low bits, and the reason says where the processor was', async () => {
  const [root] = (await built({ root: 0x1ad002, ip: 0xfffff80212345678n, cs: 0x10 })).roots;
  expect(root).toMatchObject({ address: 0x1ad000, mode: '4-level', origin: 'DirectoryTableBase' });
  expect(root?.reason).toContain('fffff80212345678');
});

test('a context that is filler says nothing of where the processor was', async () => {
  const [root] = (await built({ ip: 0x45474150_45474150n })).roots;
  expect(root?.reason).not.toContain('processor');
});

test.each([
  [1, 0x185020, 'pae', 0x185020],
  [0, 0x39000, '32-bit', 0x39000],
  [0x50, 0x185020, 'pae', 0x185020],
  [0x50, 0x39000, '32-bit', 0x39000],
] as const)('32-bit with PaeEnabled %d and root %d is %s', async (pae, given, mode, address) => {
  const [root] = (await built({ wordBytes: 4, pae, root: given })).roots;
  expect(root).toMatchObject({ address, mode });
});

test.each([3, 4])('a small dump (type %d) is refused with advice', async (dumpType) => {
  const dump = await built({ dumpType });
  expect(dump.problems).toEqual([expect.objectContaining({ kind: 'windows-small', severity: 'stop' })]);
  expect(dump.problems[0]?.text).toMatch(/kernel, active or complete memory dump/);
});

test('another machine is refused', async () => {
  expect((await built({ machine: 0xaa64 })).problems).toEqual([expect.objectContaining({ kind: 'windows-machine', severity: 'stop' })]);
});

function patched(at: number, values: readonly number[], shape: Partial<WindowsShape> = {}): Uint8Array {
  const bytes = windowsDump(memory, { root: 0x9000, ...shape });
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => void view.setUint32(at + index * 4, value, true));
  return bytes;
}

test('a run past 52 bits ends the list, and those before it are kept', async () => {
  const { dump } = await open(patched(0x98 + 16, [0, 0xffffffff]));
  expect(dump.problems).toEqual([expect.objectContaining({ kind: 'windows-run', severity: 'loss' })]);
  expect(dump.image.extents.count).toBe(1);
});

test('a count of runs that is filler is told', async () => {
  const { dump } = await open(patched(0x88, [0x45474150]));
  expect(dump.problems.map(({ kind }) => kind)).toEqual(['windows-no-runs', 'windows-no-memory']);
});

test('an absurd count of bits is bounded by the file', async () => {
  const { dump } = await open(patched(0x2030, [0xffffffff, 0x00ffffff], { pages: 'bitmap' }));
  expect(dump.problems.map(({ kind }) => kind)).toContain('windows-bitmap-cut');
  expect(dump.image.extents.count).toBeGreaterThan(3);
});

test('a header that counts otherwise than its bitmap is told, and the bitmap used', async () => {
  const { dump } = await open(patched(0x2028, [5], { pages: 'bitmap' }));
  expect(dump.problems).toEqual([expect.objectContaining({ kind: 'windows-page-count', severity: 'note' })]);
});

test('pages above 8 GiB of file and of memory are exact', async () => {
  const header = windowsDump(new SparseMemory().word(0, 1), { root: 0x1000 }).subarray(0, 0x2000);
  const view = new DataView(header.buffer);
  view.setUint32(0x88, 2, true);
  [0x1, 0x9_0000 * 4, 0x100_0000, 0x10].forEach((value, index) => void view.setBigUint64(0x98 + index * 8, BigInt(value), true));
  const size = 0x2000 + 0x24_0010 * 4096;
  const source: ByteSource = {
    name: 'sparse',
    size,
    read: async (offset, length) => (offset === 0 ? header.subarray(0, length) : new Uint8Array(Math.min(length, size - offset))),
  };
  const { dump } = await openDump(source, quietTask);
  expect(dump.problems).toEqual([]);
  expect(dump.image.locate(machineAddress(0x100_000f * 4096))).toEqual({ fileOffset: 0x2000 + 0x24_000f * 4096 });
});
