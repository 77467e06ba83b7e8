import { describe, expect, it } from 'vitest';
import { parseVirtual } from '#core/base/hex.ts';
import { quietTask } from '#core/base/task.ts';
import { virtualPage } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { pagingMode } from '#core/paging/modes.ts';
import type { Explanation } from '#core/session/contract.ts';
import { openSession } from '#core/session/session.ts';
import { elfDump, SparseMemory } from '../../../support/dump-builder.ts';
import { type BuiltMode, OPEN, TableBuilder } from '../../../support/table-builder.ts';

const XD = 1n << 63n;

async function explained(mode: BuiltMode, build: (tables: TableBuilder) => void, va: string): Promise<Explanation> {
  const memory = new SparseMemory();
  const tables = new TableBuilder(memory, mode, { root: 0x142000 });
  build(tables);
  const session = await openSession(bytesSource(elfDump(memory)), quietTask);
  const root = await session.considerRoot(0x142000, mode);
  const at = parseVirtual(va, pagingMode(mode).virtualBits);
  if (!at) throw new Error(va);
  return session.explain(root, { page: virtualPage(at.page), offset: at.offset });
}

const words = ({ sentences }: Explanation): readonly string[] =>
  sentences.map(({ parts }) => parts.map((part) => (typeof part === 'string' ? part : part.text)).join(''));

describe('tables that are shared', () => {
  /** Four slots of a PDPT name one PD, all of whose slots name one PT, every 16th slot of which maps one page. */
  const espfix = (tables: TableBuilder): void => {
    const base = 0xffffff0000000000n;
    for (let slot = 1n; slot < 512n; slot += 16n) tables.map(base + slot * 4096n, 0x5000n, { flags: 0x161n | XD });
    const pd = tables.memory.readWord(BigInt(tables.entryAddress(base, 2)), 8);
    for (let slot = 0n; slot < 512n; slot++) tables.setEntry(base + (slot << 21n), 2, pd);
    const pdpt = tables.memory.readWord(BigInt(tables.entryAddress(base, 1)), 8);
    for (let slot = 0n; slot < 4n; slot++) tables.setEntry(base + (slot << 30n), 1, pdpt);
  };

  it('are told by their counts and the product', async () => {
    const explanation = await explained('4-level', espfix, 'FFFFFF0000001000');
    expect(explanation.title).toBe('one page, seen 65,536 times');
    expect(words(explanation)).toEqual([
      'Four slots of PDPT[510] hold the same entry: one PD.',
      'All 512 slots of PD[0] hold the same entry: one PT.',
      '32 slots of PT[0] hold the same entry: one page, in every 16th slot.',
      '4 × 512 × 32 = 65,536 of the 65,536 leaves are this one.',
    ]);
  });
});

describe('a page', () => {
  it('that any ring may write and run is named so, with its alias', async () => {
    const build = (tables: TableBuilder): void => {
      tables.memory.frame(9);
      tables.map(0x10042000n, 0x9000n, { flags: OPEN | 0x60n }).map(0xc0009000n, 0x9000n, { flags: 0x163n | XD });
    };
    const explanation = await explained('pae', build, '10042000');
    expect(explanation.title).toBe('a user page, writable and executable');
    expect(words(explanation)).toContain('No entry on the way sets XD: ring 3 may write it and run it.');
    expect(words(explanation).some((text) => text.startsWith('C0009000') && text.includes('the same frame, writable and global'))).toBe(true);
    expect(words(explanation)).toContain('Dirty and accessed are set: it was written.');
  });

  it('of a device is not called memory', async () => {
    const explanation = await explained('pae', (tables) => void tables.map(0xffffb000n, 0xfec00000n, { flags: 0x17bn | XD }), 'FFFFB000');
    expect(explanation.title).toBe('a device, not memory');
    expect(words(explanation)[0]).toMatch(/^80000000fec0017b points at fec00000, above the end of this image/);
    expect(words(explanation)[1]).toBe('fec00000 is the I/O APIC’s usual place; PCD is set: no dump of RAM has it.');
    expect(explanation.verdicts[1]).toMatchObject({ who: 'ring 0', read: { allowed: true } });
  });

  it('whose right an upper entry removed says which', async () => {
    const build = (tables: TableBuilder): void => void tables.map(0x400000n, 0x9000n, { tableFlags: 0x5n });
    expect(words(await explained('4-level', build, '400000')).join(' ')).toMatch(/The PML4 entry [0-9a-f]+ already shuts write\./);
  });
});

describe('an entry with P clear', () => {
  it('that is not zero is shown as kept by the system', async () => {
    const build = (tables: TableBuilder): void => {
      tables.map(0x400000n, 0x9000n).setEntry(0x401000n, 2, 0xabc160n);
    };
    const explanation = await explained('pae', build, '00401000');
    expect(explanation.title).toBe('not present: PT[2] slot 1, P 0 in abc160');
    expect(words(explanation)[0]).toBe('abc160 has P clear, so the CPU reads no more of it; the system keeps something there.');
    expect(explanation.verdicts[0]?.read).toEqual({ allowed: false, fault: '#PF 4' });
  });
});

describe('reserved bits', () => {
  it('of a PDE fault with RSVD; of a PAE PDPTE they do not', async () => {
    const inPde = (tables: TableBuilder): void => {
      tables.map(0x400000n, 0x9000n);
      tables.setEntry(0x400000n, 1, tables.memory.readWord(BigInt(tables.entryAddress(0x400000n, 1)), 8) | (1n << 55n));
    };
    const faulting = await explained('pae', inPde, '00400000');
    expect(faulting.verdicts[0]?.read).toEqual({ allowed: false, fault: '#PF d' });
    expect(words(faulting)[0]).toContain('reserved: a strict CPU gives #PF with RSVD');
    const inPdpte = (tables: TableBuilder): void => {
      tables.map(0x400000n, 0x9000n);
      tables.setEntry(0x400000n, 0, tables.memory.readWord(BigInt(tables.entryAddress(0x400000n, 0)), 8) | 0x20n);
    };
    expect((await explained('pae', inPdpte, '00400000')).verdicts[0]?.read).toEqual({ allowed: true });
  });
});

it('a self-map of four levels gives the place of every entry, both ways', async () => {
  const build = (tables: TableBuilder): void => {
    tables.map(0x400000n, 0x9000n);
    tables.setEntry(0xfffff68000000000n, 0, BigInt(tables.root) | 0x63n);
  };
  const outside = await explained('4-level', build, '400000');
  expect(words(outside)).toContain('Its PTE is at FFFFF68000002000 = FFFFF68000000000 + (VA >> 12) × 8, its PDE at FFFFF6FB40000010.');
  const inside = await explained('4-level', build, 'FFFFF6FB40000010');
  expect(words(inside)).toContain('FFFFF6FB40000010 is the PDE of 0000000000400000: FFFFF6FB40000000 + (0000000000400000 >> 21) × 8.');
  expect(words(inside).join(' ')).toContain('It holds here: both walks meet at');
});
