import { unzlibSync, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { virtualPage } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { fileText, type RootChoice, type WalkStep } from '#core/session/contract.ts';
import { openSession, type Session } from '#core/session/session.ts';
import { elfDump, gzip, qemuNotes, SparseMemory } from '../../../support/dump-builder.ts';
import { asIs, flattened, type KdumpShape, kdumpDump } from '../../../support/kdump-builder.ts';
import { TableBuilder } from '../../../support/table-builder.ts';

const memory = new SparseMemory();
const tables = new TableBuilder(memory, 'pae', { root: 0x100020, firstFrame: 0x101 });
for (let page = 0n; page < 20n; page++) tables.map(0xc000_0000n + page * 4096n, 0x110000n + page * 4096n);
memory.write(
  0x110000,
  Uint8Array.from({ length: 4 * 4096 }, (_, index) => (index * 7 + Math.floor(index / 4096)) % 251),
);
const cpus = [{ cr3: 0x100020, cr4: 0x20 }];
const elf = elfDump(memory, { machine: 3, cpus });
const kdump = (shape: KdumpShape = {}) => kdumpDump(memory, { notes: qemuNotes(cpus), ...shape });

async function opened(file: Uint8Array): Promise<{ session: Session; root: RootChoice; steps: readonly WalkStep[] }> {
  const session = await openSession(bytesSource(file, 'guest'), quietTask);
  const [root] = (await session.summary()).roots;
  if (!root) throw new Error('no root');
  const { steps } = await session.translate(root, { page: virtualPage(0xc0002), offset: 0 });
  expect(steps.length).toBe(3);
  return { session, root, steps };
}

const wordIn = (bytes: Uint8Array, at: number): number => new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0, true);

test('of a file that is not packed, offsets are its own', async () => {
  const { session, steps } = await opened(elf);
  for (const step of steps) {
    expect(step.filePlace).toBeUndefined();
    expect(wordIn(elf, step.fileOffset ?? 0)).toBe(step.low);
  }
  expect((await session.summary()).sourceSize).toBeUndefined();
});

test.each([
  ['stored in a zip', new Uint8Array(zipSync({ 'guest.elf': elf }, { level: 0 }))],
  ['pages stored as they are', kdump({ pack: asIs })],
  ['pages stored as they are, flattened', flattened(kdump({ pack: asIs }), 3000)],
])('%s, the place told is the byte’s own in the file', async (_, file) => {
  const { session, root, steps } = await opened(file);
  for (const { filePlace, low } of steps) {
    expect(filePlace?.packed).toEqual([]);
    expect(wordIn(file, filePlace?.fileOffset ?? 0)).toBe(low);
  }
  const { filePlace, presence } = await session.passport(root, 0x112);
  expect(presence).toBe('held');
  expect(file[(filePlace?.fileOffset ?? 0) + 1]).toBe((8193 * 7 + 2) % 251);
  expect((await session.summary()).sourceSize).toBeDefined();
});

test.each([
  ['a packed page', kdump()],
  ['a packed page of a flattened dump', flattened(kdump(), 100_000)],
  ['a packed page of a dump stored in a zip', new Uint8Array(zipSync({ guest: kdump() }, { level: 0 }))],
])('of %s the piece in the file is told, and the place in it once it is unpacked', async (_, file) => {
  const { steps } = await opened(file);
  for (const step of steps) {
    const { fileOffset = 0, packed = [] } = step.filePlace ?? {};
    const [piece = { bytes: 0, within: 0 }] = packed;
    expect(packed.length).toBe(1);
    expect(wordIn(unzlibSync(file.subarray(fileOffset, fileOffset + piece.bytes)), piece.within)).toBe(step.low);
    expect(fileText(step)).toBe(`packed at file offset ${fileOffset.toLocaleString('en')}, byte ${piece.within.toLocaleString('en')} of it`);
  }
});

test('of a file that was unpacked in one, only what it unpacks to is counted', async () => {
  const { session, steps } = await opened(gzip(elf));
  for (const step of steps) {
    expect(step.filePlace).toEqual({ packed: [] });
    expect(wordIn(elf, step.fileOffset ?? 0)).toBe(step.low);
    expect(fileText(step)).toBe(`byte ${(step.fileOffset ?? 0).toLocaleString('en')} of the unpacked file`);
  }
  const { readings } = await session.readings(undefined, 'file 1000', { page: virtualPage(0), offset: 0 });
  expect(readings.map(({ label }) => label)).toContain('unpacked byte 4,096');
  const problems = (await openSession(bytesSource(gzip(elf.subarray(0, -5000)), 'guest'), quietTask)).summary();
  expect((await problems).problems).toContainEqual(expect.objectContaining({ kind: 'extents-beyond-end', inUnpacked: true }));
});
