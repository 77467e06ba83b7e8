import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { machineAddress } from '#core/memory/address.ts';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import type { MemoryPiece } from '#core/memory/memory-image.ts';
import { avmlDump } from '../support/avml-builder.ts';
import { elfDump, gzip, qemuNotes, rawDump, SparseMemory, zstd } from '../support/dump-builder.ts';
import { bySnappy, flattened, kdumpDump } from '../support/kdump-builder.ts';
import { limeDump } from '../support/lime-builder.ts';
import { TableBuilder } from '../support/table-builder.ts';
import { vmwareFiles } from '../support/vmware-builder.ts';
import { windowsDump } from '../support/windows-builder.ts';
import { oldXenCore, xenCore } from '../support/xen-core-builder.ts';
import { xenSave } from '../support/xen-save-builder.ts';

/** Two CPUs, tables and a little data: some 40 KB, so that cutting at every 512 bytes meets every part. */
function fixtures(): ReadonlyMap<string, Uint8Array> {
  const memory = new SparseMemory();
  const tables = new TableBuilder(memory, 'pae', { root: 0x100020, firstFrame: 0x101 });
  for (let page = 0n; page < 20n; page++) tables.map(0xc000_0000n + page * 4096n, 0x110000n + page * 4096n);
  const data = Uint8Array.from({ length: 4 * 4096 }, (_, index) => (index * 7 + Math.floor(index / 4096)) % 251);
  memory.write(0x110000, data);
  const low = new SparseMemory();
  for (const [frame, bytes] of memory.frames) low.write((frame - 0x100) * 4096, bytes);
  const cpus = [
    { cr3: 0x100020, cr4: 0x20 },
    { cr3: 0x101000, cr4: 0x20, cs: 0x73 },
  ];
  const elf = elfDump(memory, { cpus });
  return new Map([
    ['elf64', elf],
    ['elf32', elfDump(memory, { wordBytes: 4, cpus })],
    ['elf64, count in a section', elfDump(memory, { machine: 62, cpus, countInSection: true })],
    ['xen-core', xenCore(memory, { cr3: [0x100020, 0x101000] })],
    ['xen-core hvm', xenCore(memory, { hvm: true, cr3: [0x101000] })],
    ['old xen-core', oldXenCore(memory, { cr3: [0x100020, 0x101000] })],
    [
      'xen save',
      xenSave(memory, {
        cr3: [0x100000],
        batch: 5,
        later: [
          { pfn: 0x110, bytes: new Uint8Array(4096) },
          { pfn: 0x90, type: 15 },
        ],
      }),
    ],
    ['xen save hvm', xenSave(memory, { hvm: true, cr3: [0x100000] })],
    ['lime', limeDump(memory)],
    ['avml', avmlDump(memory)],
    ['windows, runs', windowsDump(memory, { root: 0x100020, wordBytes: 4, pae: 1 })],
    ['windows, bitmap', windowsDump(memory, { root: 0x100020, pages: 'bitmap' })],
    ['windows, bitmap of old', windowsDump(memory, { root: 0x100020, wordBytes: 4, pae: 1, pages: 'old-bitmap' })],
    ['windows, ranges', windowsDump(memory, { root: 0x100020, pages: 'ranges' })],
    ['vmware state with its memory', vmwareFiles(memory, { embedded: true, cpus }).vmss],
    ['kdump', kdumpDump(memory, { notes: qemuNotes(cpus), vmcoreinfo: 'OSRELEASE=6.1\nSYMBOL(swapper_pg_dir)=c0100020\nCONFIG_X86_PAE=y\n' })],
    ['kdump, narrow and split', kdumpDump(memory, { narrow: true, split: { firstFrame: 0, endFrame: 0x108 }, pack: bySnappy })],
    ['flattened kdump', flattened(kdumpDump(memory, { leftOut: [3, 0x111] }), 3000)],
    ['raw', rawDump(low)],
    ['gzip of elf', gzip(elf)],
    ['zstd of elf', zstd(elf, 4096)],
    ['zstd of the tool', new Uint8Array(readFileSync(new URL('../fixtures/lines.zst', import.meta.url)))],
    ...[
      'n.9.bz2',
      'n.9e.xz',
      'c.block-size-50000.xz',
      'c.B4-BX.lz4',
      'c.9-B4-BD.lz4',
      'several.zip',
      'pair.zip',
      'c.seekable.zst',
      'c.blocks.bgz',
    ].map(wrapped),
    ['text', Buffer.from('0xc0511000:\t0x00000000005120e3\t0x0000000000000000\n0xc0511010:\t0x0000000000513063\t0x0000000000000000\n'.repeat(20))],
  ]);
}

const wrapped = (name: string): [string, Uint8Array] => [name, new Uint8Array(readFileSync(new URL(`../fixtures/wrapped/${name}`, import.meta.url)))];

/** What must hold of any bytes: an answer, whose parts agree with each other and with the bytes. */
async function checkAnswer(bytes: Uint8Array): Promise<void> {
  const { dump, format, source } = await openDump(bytesSource(bytes, 'a-name-that-says-nothing'), quietTask);
  expect(format.how).not.toBe('');
  const { extents, end } = dump.image;
  for (const problem of dump.problems) expect(problem.text).toMatch(/^[A-Z0-9].+\.?$/s);
  if (extents.count === 0 && dump.text === undefined) expect(dump.problems.some(({ severity }) => severity !== 'note')).toBe(true);
  const asked = [0, end - 8, ...dump.roots.map(({ address }) => address), extents.start[extents.count - 1] ?? 0].filter((at) => at >= 0);
  for (const piece of await dump.image.read(asked.map((at) => ({ start: machineAddress(at), length: 4096 }))))
    await checkPiece(piece, source, dump.text !== undefined);
}

/** Held bytes are those of the source at the place told (a text holds digits there), within it; absent ones come with a reason. */
async function checkPiece({ bytes, presence }: MemoryPiece, source: ByteSource, isText: boolean): Promise<void> {
  expect(bytes.length).toBe(4096);
  for (const run of presence) {
    if (run.presence === 'absent') expect(run.reason).toMatch(/./);
    if (run.fileOffset === undefined) continue;
    expect(run.fileOffset + run.length).toBeLessThanOrEqual(source.size);
    if (!isText) expect(Buffer.compare(await source.read(run.fileOffset, run.length), bytes.subarray(run.offset, run.offset + run.length))).toBe(0);
  }
}

describe.each([...fixtures()])('%s', (_, whole) => {
  test('is answered whole, cut at every 512 bytes, and near its ends', async () => {
    await checkAnswer(whole);
    for (let length = 0; length < whole.length; length += 512) await checkAnswer(whole.subarray(0, length));
    for (let length = 0; length < 70; length++) await checkAnswer(whole.subarray(0, length));
    for (let less = 1; less < 24; less++) await checkAnswer(whole.subarray(0, whole.length - less));
  });

  test('is answered with bytes flipped anywhere', async () => {
    const flip = fc.record({ at: fc.nat(whole.length - 1), to: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 12 }), async (flips) => {
        const bytes = new Uint8Array(whole);
        for (const { at, to } of flips) bytes[at] = to;
        await checkAnswer(bytes);
      }),
      { numRuns: 60 },
    );
  });

  test('is answered with bytes flipped in its headers', async () => {
    const flip = fc.record({ at: fc.nat(Math.min(whole.length - 1, 700)), to: fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff) });
    await fc.assert(
      fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 6 }), async (flips) => {
        const bytes = new Uint8Array(whole);
        for (const { at, to } of flips) bytes[at] = to;
        await checkAnswer(bytes);
      }),
      { numRuns: 150 },
    );
  });
});

test('any bytes are answered', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), checkAnswer), { numRuns: 200 });
});
