import { expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { elfDump, joinBytes, note, SparseMemory } from '../../../support/dump-builder.ts';
import { kdumpDump } from '../../../support/kdump-builder.ts';

/** crash_xen_core_t: CR0, CR2, CR3, CR4 in words of Xen's width. */
function registers(wordBytes: 4 | 8, cr0: number, cr3: number, cr4: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * wordBytes));
  [cr0, 0xdead_beef, cr3, cr4].forEach((value, i) => {
    if (wordBytes === 8) view.setBigUint64(i * 8, BigInt(value), true);
    else view.setUint32(i * 4, value, true);
  });
  return new Uint8Array(view.buffer);
}

const notesOf = (...cpus: readonly Uint8Array[]): Uint8Array =>
  joinBytes(cpus.flatMap((regs) => [note('CORE', 1, new Uint8Array(336)), note('Xen', 0x1000002, regs)]));
const memory = new SparseMemory();
memory.write(0x5000, Uint8Array.of(1));

test.each([
  ['64-bit', registers(8, 0x8005_003b, 0x1_2345_6000, 0x26f0), 0x1_2345_6000, '4-level'],
  ['32-bit with PAE', registers(4, 0x8005_003b, 0x00be_cca0, 0x6f0), 0x00be_cca0, 'pae'],
  ['32-bit', registers(4, 0x8005_003b, 0x00be_c000, 0x6d0), 0x00be_c000, '32-bit'],
])('each CPU of a crashed Xen, %s, is a root', async (_, regs, address, mode) => {
  const notes = notesOf(regs, regs);
  for (const bytes of [elfDump(memory, { machine: 62, notes }), kdumpDump(memory, { notes })]) {
    const { dump } = await openDump(bytesSource(bytes), quietTask);
    expect(dump.problems).toEqual([]);
    expect(dump.roots).toMatchObject([
      { address, mode, origin: 'CPU 0' },
      { address, mode, origin: 'CPU 1', reason: expect.stringContaining('The same tables as CPU 0.') },
    ]);
  }
});

test('a CPU without paging, and a note too short, are told', async () => {
  const notes = notesOf(registers(8, 0x11, 0x5000, 0), new Uint8Array(8));
  const { dump } = await openDump(bytesSource(elfDump(memory, { notes })), quietTask);
  expect(dump.roots).toEqual([]);
  expect(dump.problems.map(({ kind }) => kind)).toEqual(['xen-crash-regs', 'xen-crash-regs']);
});
