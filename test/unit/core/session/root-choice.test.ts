import { expect, it } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { openSession } from '#core/session/session.ts';
import { elfDump, SparseMemory } from '../../../support/dump-builder.ts';
import { type BuiltMode, OPEN, TableBuilder } from '../../../support/table-builder.ts';

/** Two pages mapped, one in each half; the root is given by its address alone. */
async function modeGuessed(mode: BuiltMode, alter: (tables: TableBuilder) => void = () => undefined): Promise<string> {
  const memory = new SparseMemory();
  const tables = new TableBuilder(memory, mode, { root: 0x142000 });
  const high = { '32-bit': 0xc0000000n, pae: 0xc0000000n, '4-level': 0xffff888000000000n, '5-level': 0xff11000000000000n }[mode];
  tables.map(0x400000n, 0x9000n).map(high, 0xa000n);
  alter(tables);
  const session = await openSession(bytesSource(elfDump(memory)), quietTask);
  return (await session.considerRoot(0x142000)).mode;
}

it('tells a PAE root from a table of 512', async () => {
  expect(await modeGuessed('pae')).toBe('pae');
  expect(await modeGuessed('4-level')).toBe('4-level');
});

it('tells a PAE root by its entries when other roots follow in the same frame', async () => {
  const withNeighbours = (tables: TableBuilder): void => {
    for (let root = 0x142020; root < 0x142200; root += 32) {
      for (const slot of [0, 3]) tables.memory.word(root + slot * 8, tables.memory.readWord(BigInt(0x142000 + slot * 8), 8), 8);
    }
  };
  expect(await modeGuessed('pae', withNeighbours)).toBe('pae');
});

it('reads four entries with rights, and nothing after them, as a guest’s of a 64-bit Xen', async () => {
  const withRights = (tables: TableBuilder): void => {
    for (const va of [0x0n, 0x40000000n, 0x80000000n, 0xc0000000n]) {
      tables.map(va, 0x9000n);
      tables.setEntry(va, 0, tables.memory.readWord(BigInt(tables.entryAddress(va, 0)), 8) | OPEN);
    }
  };
  expect(await modeGuessed('pae', withRights)).toBe('pae-under-xen64');
});

it('tells five levels from four by what lies three tables below', async () => {
  const kernel = { '4-level': 0xffff888000000000n, '5-level': 0xff11000000000000n };
  const withDirectMap = (mode: '4-level' | '5-level') => (tables: TableBuilder) => {
    for (let page = 0n; page < 16n; page++) tables.map(kernel[mode] + (page + 8n) * 0x200000n, page * 0x200000n, { up: 1 });
  };
  expect(await modeGuessed('5-level', withDirectMap('5-level'))).toBe('5-level');
  expect(await modeGuessed('4-level', withDirectMap('4-level'))).toBe('4-level');
});

it('tells a root above 4 GiB from one of 1,024 entries, though its high words look present', async () => {
  // A Linux dom0 of Xen 4.17 had PML4E 258 800000016cc57063: its high word reads as frame 80000, which that machine holds.
  const memory = new SparseMemory();
  const first = 0x16_0000;
  const tables = new TableBuilder(memory, '4-level', { root: first * 4096, firstFrame: first + 1 });
  const noExecute = 1n << 63n;
  for (const slot of [258n, 260n, 262n])
    tables.map(0xffff_0000_0000_0000n | (slot << 39n), BigInt(first) * 4096n, { flags: 0x63n, tableFlags: 0x63n | noExecute });
  // What the words lead to when they are read as 32 bits: frame 80000, and the low halves of the frames.
  for (const frame of [0x8_0000, ...Array.from({ length: 16 }, (_, i) => 0x6_0000 + i)]) memory.frame(frame);
  const session = await openSession(bytesSource(elfDump(memory)), quietTask);
  expect((await session.considerRoot(first * 4096)).mode).toBe('4-level');
  expect((await session.considerRoot(first * 4096, '32-bit')).mode).toBe('32-bit');
});
