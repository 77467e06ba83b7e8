import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { Refusal } from '#cli/command.ts';
import mappings from '#cli/commands/mappings.command.ts';
import { type Options, parseArguments } from '#cli/options.ts';
import { Output } from '#cli/output.ts';
import { quietTask } from '#core/base/task.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { openSession } from '#core/session/session.ts';
import { type BuiltCpu, elfDump, SparseMemory } from '../../support/dump-builder.ts';

const ROOT = 0x20_0000;
const PAGING_ON = 0x8001_0033;
const PSE = 0x10;
const PAE = 0x20;

async function list(memory: SparseMemory, cpus: readonly BuiltCpu[], ...args: string[]) {
  const stream = new PassThrough();
  const out = new Output(stream);
  const notes: string[] = [];
  const options: Options = parseArguments(['--format', 'info-tlb', ...args]).options;
  const session = await openSession(bytesSource(elfDump(memory, { cpus })), quietTask);
  await mappings.run({ session, options, operands: [], out, note: (text) => notes.push(text) });
  await out.flush();
  const written = stream.read() as Buffer | null;
  return { lines: written === null ? [] : written.toString().trimEnd().split('\n'), notes };
}

describe('mappings as QEMU lists them', () => {
  test('2 levels: 4 MB pages, PAT of a PTE is no P, what lies above 4 GB is said', async () => {
    const memory = new SparseMemory();
    memory
      .word(ROOT, 0x20_1027, 4)
      .word(ROOT + 4, 0x0040_2183, 4)
      .word(ROOT + 4092, 0x20_0063, 4);
    memory.word(0x20_1000, 0x0000_01e7, 4).word(0x20_1ffc, 0xffff_f000, 4);
    const { lines, notes } = await list(memory, [{ cr0: PAGING_ON, cr3: ROOT + 0x18, cr4: PSE }]);
    expect(lines).toEqual([
      '0000000000000000: 0000000000000000 -G-DA--UW',
      '0000000000400000: 0000000100400000 -GP-----W',
      '00000000ffc00000: 0000000000201000 ----A--UW',
      '00000000ffc01000: 0000000000402000 -G------W',
      '00000000fffff000: 0000000000200000 ---DA---W',
    ]);
    expect(notes).toEqual(['1 of these map memory above 4 GB (PSE-36); QEMU prints them without address bits 39:32.']);
  });

  test('PAE: a root within its frame, X kept out of the address', async () => {
    const memory = new SparseMemory().word(ROOT + 0x20, 0x1_0000_0001).word(0x1_0000_0008, 0x8000_0001_4000_0083n);
    const { lines, notes } = await list(memory, [{ cr0: PAGING_ON, cr3: ROOT + 0x20, cr4: PAE }]);
    expect(lines).toEqual(['0000000000200000: 0000000140000000 X-P-----W']);
    expect(notes).toEqual([]);
  });

  test('tables that the dump lacks are counted, not passed over', async () => {
    const memory = new SparseMemory()
      .word(ROOT, 0x30_0007, 4)
      .word(ROOT + 4, 0x30_1007, 4)
      .word(ROOT + 8, 0x83, 4);
    const { lines, notes } = await list(memory, [{ cr0: PAGING_ON, cr3: ROOT, cr4: PSE }]);
    expect(lines).toEqual(['0000000000800000: 0000000000000000 --P-----W']);
    expect(notes).toEqual(['2 page tables are not in this dump: what they map is missing here.']);
  });

  test('a root that the dump lacks is refused, be it the CPU’s or typed', async () => {
    const memory = new SparseMemory().word(ROOT, 0x83, 4);
    const cpus = [{ cr0: PAGING_ON, cr3: 0x70_0000, cr4: PSE }];
    const refusal = (root: string) => new Refusal(`The root at ${root} is not in this dump, so nothing can be listed.`);
    await expect(list(memory, cpus)).rejects.toThrow(refusal('700000'));
    await expect(list(memory, cpus, '--root', '0x800000', '--mode', '32-bit')).rejects.toThrow(refusal('800000'));
  });

  test('a typed root is read with the features of a CPU in its mode, not of one in another', async () => {
    const memory = new SparseMemory().word(ROOT, 0x0040_0083, 4).word(0x30_0000, 0x30_1001).word(0x30_1000, 0x8000_0000_0000_0083n);
    const paeWithoutPse = { cr0: PAGING_ON, cr3: 0x30_0000, cr4: PAE };
    const twoLevelsWithoutPse = { cr0: PAGING_ON, cr3: 0x70_0000, cr4: 0 };
    const typed = ['--root', '200000', '--mode', '32-bit'];
    const large = '0000000000000000: 0000000000400000 --P-----W';
    expect((await list(memory, [paeWithoutPse], ...typed)).lines).toEqual([large]);
    // PS is ignored where CR4.PSE is clear, so the entry names a table, which this dump lacks.
    expect((await list(memory, [paeWithoutPse, twoLevelsWithoutPse], ...typed)).lines).toEqual([]);
  });
});
