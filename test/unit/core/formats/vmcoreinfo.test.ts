import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { rootOfKernel } from '#core/formats/linux/kernel-root.ts';
import { parseVmcoreinfo } from '#core/formats/linux/vmcoreinfo.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { elfDump, note, SparseMemory } from '../../../support/dump-builder.ts';
import { kdumpDump } from '../../../support/kdump-builder.ts';

const rootIn = (text: string) => {
  const info = parseVmcoreinfo(new TextEncoder().encode(text));
  return info && rootOfKernel(info);
};

test('a 64-bit kernel moved by KASLR: the root is where phys_base puts it', () => {
  const text =
    'OSRELEASE=6.1.0-28-amd64\nPAGESIZE=4096\nSYMBOL(init_top_pgt)=ffffffffb5e10000\nSYMBOL(swapper_pg_dir)=ffffffffb5e10000\n' +
    'NUMBER(phys_base)=-872415232\nNUMBER(pgtable_l5_enabled)=0\nKERNELOFFSET=34000000\n';
  const root = rootIn(text);
  expect(root).toMatchObject({ address: 0x35e1_0000 - 872415232, mode: '4-level' });
  expect(root).toMatchObject({ reason: expect.stringContaining('moved by 34000000 (KASLR)') });
});

test.each([
  ['5 levels', 'SYMBOL(swapper_pg_dir)=ffffffff82a10000\nNUMBER(phys_base)=16777216\nNUMBER(pgtable_l5_enabled)=1', 0x3a1_0000, '5-level'],
  ['PAE: the symbol is the PDPT', 'SYMBOL(swapper_pg_dir)=c7e98020\nCONFIG_X86_PAE=y', 0x7e9_8020, 'pae'],
  ['2 levels, with 2 GB for the kernel', 'SYMBOL(swapper_pg_dir)=81a6a000', 0x1a6_a000, '32-bit'],
  ['2 levels', 'SYMBOL(swapper_pg_dir)=c1a6a000', 0x1a6_a000, '32-bit'],
])('%s', (_, facts, address, mode) => {
  expect(rootIn(`OSRELEASE=1\n${facts}\n`)).toMatchObject({ address, mode });
});

test.each([
  ['no symbol', 'OSRELEASE=1\n', /names no root table/],
  ['a symbol below the kernel', 'OSRELEASE=1\nSYMBOL(swapper_pg_dir)=ffff888000000000\nNUMBER(phys_base)=0\n', /leads to no machine address/],
  ['no phys_base', 'OSRELEASE=1\nSYMBOL(swapper_pg_dir)=ffffffff82a10000\n', /leads to no machine address/],
  ['below memory', 'OSRELEASE=1\nSYMBOL(swapper_pg_dir)=00001000\n', /leads to no machine address/],
  ['within a frame', 'OSRELEASE=1\nSYMBOL(swapper_pg_dir)=c1000020\n', /within a frame/],
])('%s: a sentence, and no root', (_, text, words) => {
  expect(rootIn(text)).toMatch(words);
});

test('other text is none', () => {
  expect(rootIn('SYMBOL(swapper_pg_dir)=c1000000\n')).toBeUndefined();
});

test('a kdump names the kernel’s root from its bare text; an encrypted one is told', async () => {
  const memory = new SparseMemory();
  memory.write(0x1a6_a000, Uint8Array.of(1));
  const vmcoreinfo = 'OSRELEASE=5.0\nSYMBOL(swapper_pg_dir)=c1a6a000\nNUMBER(sme_mask)=140737488355328\n';
  const { dump } = await openDump(bytesSource(kdumpDump(memory, { vmcoreinfo })), quietTask);
  expect(dump.roots).toMatchObject([{ address: 0x1a6_a000, mode: '32-bit', origin: 'VMCOREINFO' }]);
  expect(dump.problems.map(({ kind }) => kind)).toEqual(['sme']);
});

describe('a kernel before 4.11, whose VMCOREINFO has no phys_base', () => {
  const memory = new SparseMemory();
  memory.write(0x1b21_0000, Uint8Array.of(1));
  const vmcoreinfo = 'OSRELEASE=3.10.0\nSYMBOL(phys_base)=ffffffffb6c0b010\nSYMBOL(init_level4_pgt)=ffffffffb6c10000\n';
  const root = { address: 0x1b21_0000, mode: '4-level', origin: 'VMCOREINFO' };

  test('a kdump tells it in its sub header, negative or not', async () => {
    const { dump } = await openDump(bytesSource(kdumpDump(memory, { vmcoreinfo, physBase: -463470592n })), quietTask);
    expect(dump).toMatchObject({ problems: [], roots: [root] });
  });

  test('an ELF vmcore tells it by the segment of the kernel’s text', async () => {
    const notes = note('VMCOREINFO', 0, new TextEncoder().encode(vmcoreinfo));
    const bytes = new Uint8Array(4096);
    const segments = [
      { start: 0x1b00_0000, bytes, virtual: 0xffff_ffff_b6a0_0000n },
      { start: 0x1b21_0000, bytes, virtual: 0xffff_8880_1b21_0000n },
    ];
    const { dump } = await openDump(bytesSource(elfDump(memory, { machine: 62, notes, segments })), quietTask);
    expect(dump).toMatchObject({ problems: [], roots: [root] });
  });
});
