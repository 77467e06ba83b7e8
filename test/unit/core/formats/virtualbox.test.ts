import { expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { rootsOfVirtualBox } from '#core/formats/elf/virtualbox-roots.ts';
import { openDump } from '#core/formats/index.ts';
import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { elfDump, joinBytes, SparseMemory } from '../../../support/dump-builder.ts';

const note = (name: string, body: Uint8Array) => ({ name, type: 0, body, at: 1000 });

function core(version: number): Uint8Array {
  const body = new Uint8Array(24);
  const view = new DataView(body.buffer);
  [0xc01a_c0de, version, 24].forEach((word, i) => {
    view.setUint32(i * 4, word, true);
  });
  return body;
}

/** DBGFCORECPU as far as EFER. */
function cpu({ cr0 = 0x8005_0033, cr3 = 0, cr4 = 0, efer = 0 }): Uint8Array {
  const view = new DataView(new ArrayBuffer(520));
  const u64 = (at: number, value: number) => view.setBigUint64(at, BigInt(value), true);
  u64(288, cr0);
  u64(304, cr3);
  u64(312, cr4);
  u64(488, efer);
  return new Uint8Array(view.buffer);
}

test.each([
  ['2 levels', { cr3: 0x5018, cr4: 0x10 }, 0x5000, '32-bit'],
  ['PAE', { cr3: 0x5020, cr4: 0x20, efer: 0x800 }, 0x5020, 'pae'],
  ['4 levels', { cr3: 0x5000, cr4: 0x20, efer: 0xd01 }, 0x5000, '4-level'],
  ['5 levels', { cr3: 0x5000, cr4: 0x1020, efer: 0xd01 }, 0x5000, '5-level'],
])('%s, told by CR4 and EFER', (_, registers, address, mode) => {
  const { roots, problems } = rootsOfVirtualBox([note('VBCORE', core(0x10005)), note('VBCPU', cpu(registers))]);
  expect(problems).toEqual([]);
  expect(roots).toMatchObject([{ address, mode, features: { known: true, nxe: 'efer' in registers } }]);
});

test('an older format, a short note and a CPU without paging are told, not guessed', () => {
  expect(rootsOfVirtualBox([note('VBCORE', core(0x10000)), note('VBCPU', cpu({}))])).toMatchObject({
    roots: [],
    problems: [{ kind: 'virtualbox-version' }],
  });
  const short = rootsOfVirtualBox([note('VBCORE', core(0x10006)), note('VBCPU', new Uint8Array(100)), note('VBCPU', cpu({ cr0: 0x11 }))]);
  expect(short).toMatchObject({ roots: [], problems: [{ kind: 'virtualbox-cpu' }, { kind: 'cpu-paging-off' }] });
});

test('notes of others are none of its', () => {
  expect(rootsOfVirtualBox([note('QEMU', cpu({}))])).toEqual({ roots: [], problems: [] });
});

/** As DBGFR3CoreWrite writes it: the name's length without its NUL, name and body padded to 8. */
function fileNote(name: string, type: number, body: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(12));
  const padded = new Uint8Array(Math.ceil(body.length / 8) * 8);
  padded.set(body);
  [name.length, padded.length, type].forEach((word, i) => {
    header.setUint32(i * 4, word, true);
  });
  return joinBytes([new Uint8Array(header.buffer), new TextEncoder().encode(name.padEnd(8, '\0')), padded]);
}

test('a whole file: EI_VERSION 0, and device memory that has no bytes', async () => {
  const memory = new SparseMemory();
  memory.write(0x5000, Uint8Array.of(0x67));
  const notes = joinBytes([fileNote('VBCORE', 0xb00, core(0x10006)), fileNote('VBCPU', 0xb01, cpu({ cr3: 0x5000, cr4: 0x20, efer: 0xd01 }))]);
  const segments = [
    { start: 0x5000, bytes: memory.frame(5) },
    { start: 0xe000_0000, bytes: new Uint8Array(0), memoryBytes: 0x10_0000 },
  ];
  const bytes = elfDump(memory, { machine: 62, notes, segments });
  bytes[6] = 0;
  const { dump, format } = await openDump(bytesSource(bytes), quietTask);
  expect(format.id).toBe('elf-qemu');
  expect(dump).toMatchObject({ problems: [], roots: [{ address: 0x5000, mode: '4-level', origin: 'CPU 0' }] });
  expect([...dump.image.extents.start]).toEqual([0x5000]);
  expect(dump.image.whyAbsent(machineAddress(0xe000_0000))).toContain('stores 0 of 1,048,576 bytes');
});
