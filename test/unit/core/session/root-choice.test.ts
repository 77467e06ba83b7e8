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
