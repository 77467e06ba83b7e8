import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import { checkAnswer } from '../support/answers.ts';
import { qemuNotes, SparseMemory } from '../support/dump-builder.ts';
import { bySnappy, flattened, kdumpDump } from '../support/kdump-builder.ts';
import { TableBuilder } from '../support/table-builder.ts';
import { oldXenCore, xenCore } from '../support/xen-core-builder.ts';
import { xenSave } from '../support/xen-save-builder.ts';

/** Files that no writer of `dump-writers.ts` makes, whose law is that of containers. Two CPUs, tables and a little data: some 40 KB, so that cutting at every 512 bytes meets every part. */
function fixtures(): ReadonlyMap<string, Uint8Array> {
  const memory = new SparseMemory();
  const tables = new TableBuilder(memory, 'pae', { root: 0x100020, firstFrame: 0x101 });
  for (let page = 0n; page < 20n; page++) tables.map(0xc000_0000n + page * 4096n, 0x110000n + page * 4096n);
  const data = Uint8Array.from({ length: 4 * 4096 }, (_, index) => (index * 7 + Math.floor(index / 4096)) % 251);
  memory.write(0x110000, data);
  const cpus = [
    { cr3: 0x100020, cr4: 0x20 },
    { cr3: 0x101000, cr4: 0x20, cs: 0x73 },
  ];
  return new Map([
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
    ['kdump', kdumpDump(memory, { notes: qemuNotes(cpus), vmcoreinfo: 'OSRELEASE=6.1\nSYMBOL(swapper_pg_dir)=c0100020\nCONFIG_X86_PAE=y\n' })],
    ['kdump, narrow and split', kdumpDump(memory, { narrow: true, split: { firstFrame: 0, endFrame: 0x108 }, pack: bySnappy })],
    ['flattened kdump', flattened(kdumpDump(memory, { leftOut: [3, 0x111] }), 3000)],
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

describe.each([...fixtures()])('%s', (_, whole) => {
  test('is answered whole, cut at every 512 bytes, and near its ends', async () => {
    await checkAnswer({ file: whole });
    for (let length = 0; length < whole.length; length += 512) await checkAnswer({ file: whole.subarray(0, length) });
    for (let length = 0; length < 70; length++) await checkAnswer({ file: whole.subarray(0, length) });
    for (let less = 1; less < 24; less++) await checkAnswer({ file: whole.subarray(0, whole.length - less) });
  });

  test('is answered with bytes flipped anywhere', async () => {
    const flip = fc.record({ at: fc.nat(whole.length - 1), to: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 12 }), async (flips) => {
        const bytes = new Uint8Array(whole);
        for (const { at, to } of flips) bytes[at] = to;
        await checkAnswer({ file: bytes });
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
        await checkAnswer({ file: bytes });
      }),
      { numRuns: 150 },
    );
  });
});

test('any bytes are answered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), (file) => checkAnswer({ file }).then(() => undefined)),
    { numRuns: 200 },
  );
});
