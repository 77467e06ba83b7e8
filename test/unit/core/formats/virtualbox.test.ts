import { expect, test } from 'vitest';
import { rootsOfVirtualBox } from '#core/formats/elf/virtualbox-roots.ts';

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
