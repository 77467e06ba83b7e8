import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cancelled, quietTask } from '#core/base/task.ts';
import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import { type FoundRoot, findRoots } from '#core/roots/find-roots.ts';
import { SparseMemory } from '../../../support/dump-builder.ts';
import { imageOf, noise } from '../../../support/plain-memory.ts';
import { type BuiltMode, TableBuilder } from '../../../support/table-builder.ts';

const FRAMES = 1024;
const BYTES = FRAMES * 4096;
const MODES = ['32-bit', 'pae', '4-level', '5-level'] as const;

/** Where the kernel of a mode maps memory one to one. */
const DIRECT_MAP: Readonly<Record<BuiltMode, bigint>> = {
  '32-bit': 0xc000_0000n,
  pae: 0xc000_0000n,
  '4-level': 0xffff_8880_0000_0000n,
  '5-level': 0xff11_0000_0000_0000n,
};

/** Noise with the tables of one kernel: its memory one to one in 4 KiB pages, and a few pages of a process. */
function planted(mode: BuiltMode, seed: number, root: number): Uint8Array {
  const memory = new SparseMemory();
  const tables = new TableBuilder(memory, mode, { root, firstFrame: 0x40 });
  for (let frame = 0; frame < FRAMES; frame++)
    tables.map(DIRECT_MAP[mode] + BigInt(frame * 4096), BigInt(frame * 4096), { flags: 0x63n, tableFlags: 0x63n });
  for (let page = 0; page < 8; page++) tables.map(0x40_0000n + BigInt(page * 4096), BigInt(((seed + page * 37) % FRAMES) * 4096));
  const bytes = noise(seed, BYTES);
  for (const [frame, words] of memory.frames) bytes.set(words, frame * 4096);
  return bytes;
}

const search = (bytes: Uint8Array): Promise<readonly FoundRoot[]> => findRoots(imageOf(bytes), quietTask, () => undefined);

describe.each(MODES)('a root of %s in noise', (mode) => {
  it('is found wherever it lies, verified, first and alone', async () => {
    const places = fc.record({
      seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      frame: fc.integer({ min: 0x100, max: FRAMES - 1 }),
      line: fc.nat(127),
    });
    await fc.assert(
      fc.asyncProperty(places, async ({ seed, frame, line }) => {
        const root = frame * 4096 + (mode === 'pae' ? line * 32 : 0);
        const found = (await search(planted(mode, seed, root))).filter(({ verified }) => verified);
        expect(found.map((one) => [one.address, one.mode])).toEqual([[root, mode]]);
        expect(found[0]?.reason).toContain('maps its own frame');
      }),
      { numRuns: 12 },
    );
  });
});

/** A kernel of many page tables, and two processes whose roots share it. */
function twoProcesses(mode: '4-level' | '5-level', roots: readonly [number, number]): { memory: SparseMemory; builders: TableBuilder[] } {
  const memory = new SparseMemory();
  const kernel = new TableBuilder(memory, mode, { root: roots[0], firstFrame: 0x40 });
  for (let frame = 0; frame < FRAMES; frame++) kernel.map(DIRECT_MAP[mode] + BigInt(frame * 4096), BigInt(frame * 4096));
  for (let table = 0n; table < 64n; table++) kernel.map(0xffff_ffff_8000_0000n + table * 0x20_0000n, (0x300n + table) * 4096n);
  kernel.map(0x40_0000n, 0x7000n);
  const other = new TableBuilder(memory, mode, { root: roots[1], firstFrame: 0x140 });
  other.map(0x80_0000n, 0x8000n);
  for (const slot of [511, ...Array.from({ length: 255 }, (_, i) => 256 + i)]) memory.word(roots[1] + slot * 8, memory.readWord(roots[0] + slot * 8));
  return { memory, builders: [kernel, other] };
}

const inNoise = ({ frames }: SparseMemory, seed: number): Uint8Array => {
  const bytes = noise(seed, BYTES);
  for (const [frame, content] of frames) bytes.set(content, frame * 4096);
  return bytes;
};

it('a root of five levels is not told a second time as one of four', async () => {
  const { memory } = twoProcesses('5-level', [0x20_0000, 0x24_0000]);
  const verified = (await search(inNoise(memory, 3))).filter((root) => root.verified);
  expect(verified.map(({ address, mode }) => [address, mode]).sort()).toEqual([
    [0x20_0000, '5-level'],
    [0x24_0000, '5-level'],
  ]);
});

it('a root of four levels stays one though a page names it among other things', async () => {
  const { memory } = twoProcesses('4-level', [0x20_0000, 0x24_0000]);
  const more = [0x2c_0000, 0x30_0000, 0x34_0000];
  for (const root of more) for (let slot = 0; slot < 512; slot++) memory.word(root + slot * 8, memory.readWord(0x24_0000 + slot * 8));
  memory.word(0x28_0000 + 272 * 8, 0x20_0067n);
  const found = await search(inNoise(memory, 3));
  const verified = found.filter((root) => root.verified).map(({ address, mode }) => `${address} ${mode}`);
  expect(verified).toEqual(expect.arrayContaining([0x20_0000, 0x24_0000, ...more].map((address) => `${address} 4-level`)));
  expect(found.filter(({ mode }) => mode === '5-level')).toEqual([]);
});

it('the halves of a pair are told, each with the other; neighbours that share nothing of the user’s are none', async () => {
  const { memory } = twoProcesses('4-level', [0x20_0000, 0x24_0000]);
  // The user's half of the first: its user slots, and of the kernel a single table. Beside the second lies another's root.
  for (let slot = 0; slot < 256; slot++) memory.word(0x20_1000 + slot * 8, memory.readWord(0x20_0000 + slot * 8));
  memory.word(0x20_1000 + 511 * 8, memory.readWord(0x20_0000 + 511 * 8));
  const stranger = new TableBuilder(memory, '4-level', { root: 0x24_1000, firstFrame: 0x240 });
  stranger.map(0x90_0000n, 0x9000n);
  memory.word(0x24_1000 + 511 * 8, memory.readWord(0x20_0000 + 511 * 8));
  const reasonOf = new Map((await search(inNoise(memory, 5))).map(({ address, reason }) => [address, reason]));
  expect(reasonOf.get(0x20_0000)).toContain('kernel half of a pair (page-table isolation): the other at 201000 has the same 1 user table');
  expect(reasonOf.get(0x20_1000)).toContain('user half of a pair (page-table isolation): the other at 200000');
  expect(reasonOf.get(0x24_0000)).not.toContain('pair');
  expect(reasonOf.get(0x24_1000)).not.toContain('pair');
});

describe('no root', () => {
  it('is verified in noise alone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2 ** 31 - 1 }), async (seed) => {
        expect((await search(noise(seed, BYTES))).filter(({ verified }) => verified)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it('is found in zeros, in nothing, or in less than a frame', async () => {
    for (const length of [0, 100, 4096, 64 * 4096]) expect(await search(new Uint8Array(length))).toEqual([]);
  });
});

describe('what a PAE root may have', () => {
  const memory = () => {
    const built = new SparseMemory();
    const tables = new TableBuilder(built, 'pae', { root: 0x30_0000 });
    for (let frame = 0; frame < FRAMES; frame++) tables.map(0xc000_0000n + BigInt(frame * 4096), BigInt(frame * 4096));
    for (let gib = 0n; gib < 3n; gib++) tables.map(gib * 0x4000_0000n + 0x10_0000n, 0x5000n);
    const bytes = noise(11, BYTES);
    for (const [frame, words] of built.frames) bytes.set(words, frame * 4096);
    return { bytes, words: new DataView(bytes.buffer) };
  };
  const withLowBits = (bits: number) => {
    const { bytes, words } = memory();
    for (let slot = 0; slot < 4; slot++) words.setUint32(0x30_0000 + slot * 8, words.getUint32(0x30_0000 + slot * 8, true) + bits, true);
    return search(bytes);
  };

  it('has A set by QEMU, and loses nothing', async () => {
    const [plain] = await withLowBits(0);
    const [marked] = await withLowBits(0x20);
    expect(marked).toEqual(plain);
    expect(marked?.verified).toBe(true);
  });

  it('has RW and US set by a 64-bit Xen, and is read so', async () => {
    const [found] = await withLowBits(0x66);
    expect(found).toMatchObject({ address: 0x30_0000, mode: 'pae-under-xen64', verified: true });
  });

  it('tells of a frame that two roots share, and ranks both', async () => {
    const { bytes } = memory();
    bytes.copyWithin(0x30_0040, 0x30_0000, 0x30_0020);
    const found = (await search(bytes)).filter(({ verified }) => verified);
    expect(found.map(({ address }) => address)).toEqual([0x30_0000, 0x30_0040]);
    for (const { reason } of found) expect(reason).toMatch(/slot 3 names table [0-9a-f]+, as in 1 other root/);
  });

  it('has beside it what is left of former roots, and other things of 32 bytes, in one slab', async () => {
    const { bytes, words } = memory();
    const words64 = (at: number, entries: readonly bigint[]) => {
      for (const [i, entry] of entries.entries()) words.setBigUint64(at + i * 8, entry, true);
    };
    const top = words.getBigUint64(0x30_0018, true);
    // Freed: the allocator's pointer lies in the middle (Linux mm/slub.c, CONFIG_SLAB_FREELIST_HARDENED). In use: names and pointers.
    for (let line = 4; line < 104; line += 2) words64(0x30_0000 + line * 32, [0n, 0x10_1001n, 0xfda6_604an, top | 0x20n]);
    for (let line = 5; line < 17; line += 2)
      words64(0x30_0000 + line * 32, [0xd087_7000_d07f_3001n, 0xc200_b6a8_0000_0001n, 0xc2c0_9074_c200_bd68n, 0n]);
    const verified = (await search(bytes)).filter((root) => root.verified);
    expect(verified.map(({ address, mode }) => [address, mode])).toEqual([[0x30_0000, 'pae']]);
    expect(verified[0]?.reason).not.toContain('around it in its frame');
  });
});

describe('memory above 4 GiB', () => {
  /** Two page tables of others in low memory, and from frame 100000 up a 64-bit kernel; Xen sets bit 52 of a guest kernel's (reference 1.3). */
  const kernelAbove = (leaf: bigint) => {
    const memory = new SparseMemory();
    const first = 0x10_0000;
    const tables = new TableBuilder(memory, '4-level', { root: (first + 0x300) * 4096, firstFrame: first + 0x40 });
    for (let frame = first; frame < first + FRAMES; frame++)
      tables.map(DIRECT_MAP['4-level'] + BigInt(frame * 4096), BigInt(frame * 4096), { flags: leaf });
    const bytes = new Uint8Array(2 * FRAMES * 4096);
    for (const [frame, words] of memory.frames) bytes.set(words, (frame - first + FRAMES) * 4096);
    const low = new DataView(bytes.buffer);
    for (const table of [0x10, 0x210])
      for (let slot = 0; slot < 128; slot++) low.setUint32(table * 4096 + slot * 8, (0x20 + slot) * 4096 + 0x27, true);
    const extents = [0, first].map((frame, at) => ({
      start: machineAddress(frame * 4096),
      length: FRAMES * 4096,
      fileOffset: at * FRAMES * 4096,
    }));
    return findRoots(createExtentImage({ source: bytesSource(bytes), extents }), quietTask, () => undefined);
  };

  it.each([
    ['a plain kernel’s', 0x27n],
    ['a Xen guest’s', (1n << 52n) | 0x27n],
    ['not for fetching', (1n << 63n) | (1n << 52n) | 0x27n],
  ])('entries that are %s do not make a page table a root of two levels', async (_, leaf) => {
    const found = await kernelAbove(leaf);
    expect(found[0]).toMatchObject({ address: 0x1_0030_0000, mode: '4-level', verified: true });
    expect(found.filter(({ mode }) => mode === '32-bit')).toEqual([]);
  });
});

describe('pages of small numbers that name one table over and over', () => {
  it('are no verified roots of two levels, though the table is one, and they agree on it', async () => {
    const bytes = new Uint8Array(FRAMES * 4096);
    const words = new Uint32Array(bytes.buffer);
    for (let i = 0; i < 1024; i++) words[0x80 * 1024 + i] = (((i * 7) % 0x70) << 12) | 0x25;
    for (const page of [0x200, 0x210]) for (let i = 0; i < 900; i += 3) words[page * 1024 + 1021 - i] = 0x8_0205;
    const found = await search(bytes);
    expect(found.map(({ address }) => address)).toContain(0x20_0000);
    expect(found.filter(({ verified, mode }) => verified && mode === '32-bit')).toEqual([]);
  });
});

it('the interrupt vectors at address 0 are no page table that roots of two levels could share', async () => {
  const bytes = new Uint8Array(FRAMES * 4096);
  const words = new Uint32Array(bytes.buffer);
  // As a BIOS writes them, F000:FF53 and F000:E987, but moved to where this memory ends.
  for (let i = 0; i < 256; i++) words[i] = i % 8 === 7 ? 0x3f_e987 : 0x3f_ff53;
  for (const page of [0x200, 0x210, 0x220]) words.set([0x3f_0001, 0, 1], page * 1024 + 763);
  expect((await search(bytes)).filter(({ verified }) => verified)).toEqual([]);
});

describe('the last entries of a level-3 table that no root names', () => {
  it.each([
    ['read-write, the user’s', 0x67n],
    ['read-write', 0x63n],
    ['the user’s', 0x25n],
  ])('are no verified PAE root where they are %s: a processor refuses these bits in PDPTEs', async (_, tableFlags) => {
    const memory = new SparseMemory();
    const tables = new TableBuilder(memory, '4-level', { root: 0x3_0000, firstFrame: 0x40 });
    for (let frame = 0; frame < FRAMES; frame++)
      tables.map(0xffff_ffff_8000_0000n + BigInt(frame * 4096), BigInt(frame * 4096), { flags: 0x63n, tableFlags });
    // Enough page tables that nothing but the bits speaks against it.
    for (let table = 4n; table < 8n; table++) tables.map(0xffff_ffff_8000_0000n + table * 0x20_0000n, 0x10_0000n, { flags: 0x63n, tableFlags });
    memory.frames.delete(0x30);
    const bytes = new Uint8Array(FRAMES * 4096);
    for (const [frame, words] of memory.frames) bytes.set(words, frame * 4096);
    const found = await search(bytes);
    expect(found.map(({ address }) => address)).toContain(0x4_0fe0);
    expect(found.filter(({ verified }) => verified)).toEqual([]);
  });
});

describe('the map of 4 GB, address for address, that a kernel makes to boot', () => {
  // Linux, arch/x86/boot/compressed/head_64.S: 2 MB pages, its tables are read-write and the user's.
  const bootTables = () => {
    const memory = new SparseMemory();
    const tables = new TableBuilder(memory, '4-level', { root: 0x3_0000, firstFrame: 0x40 });
    for (let at = 0n; at < 1n << 32n; at += 0x20_0000n) tables.map(at, at, { flags: 0x183n, up: 1 });
    return memory;
  };

  it('is one root of 4 levels, and its level-3 table is not a guest’s under Xen besides', async () => {
    const bytes = new Uint8Array(FRAMES * 4096);
    for (const [frame, words] of bootTables().frames) bytes.set(words, frame * 4096);
    const verified = (await search(bytes)).filter((root) => root.verified);
    expect(verified).toEqual([expect.objectContaining({ address: 0x3_0000, mode: '4-level' })]);
  });
});

it('a page table that maps free memory, all zero, and a few tables of others is no root', async () => {
  const memory = new SparseMemory();
  const tables = new TableBuilder(memory, 'pae', { root: 0x18_0000, firstFrame: 0x1a0 });
  for (let frame = 0x180; frame < 0x380; frame++) tables.map(0xc000_0000n + BigInt(frame * 4096), BigInt(frame * 4096));
  for (let gib = 0n; gib < 3n; gib++) tables.map(gib * 0x4000_0000n, 0x10_0000n);
  memory.frame(0x100).fill(0xe9);
  const bytes = new Uint8Array(FRAMES * 4096);
  for (const [frame, content] of memory.frames) bytes.set(content, frame * 4096);
  const verified = (await search(bytes)).filter((root) => root.verified);
  expect(verified.map(({ address, mode }) => [address, mode])).toEqual([[0x18_0000, 'pae']]);
});

describe('hostile memory', () => {
  it.each([
    ['every entry names the next frame', (frame: number) => (frame + 1) % FRAMES],
    ['every entry names its own frame', (frame: number) => frame],
    ['every entry names frame 5', () => 5],
    ['entries name frames at random', (frame: number, slot: number) => (frame * 7919 + slot * 104_729) % FRAMES],
  ])('ends where %s', async (_, target) => {
    const words = new Uint32Array(FRAMES * 1024);
    for (let i = 0; i < words.length; i += 2) words[i] = target(Math.floor(i / 1024), i) * 4096 + 0x63;
    const found = await search(new Uint8Array(words.buffer));
    expect(found.length).toBeLessThanOrEqual(1000);
  });
});

describe('the search', () => {
  it('reports how far it is, and what it found', async () => {
    const seen: { done: number; total?: number; found?: number }[] = [];
    await findRoots(
      imageOf(planted('pae', 7, 0x30_0000)),
      { report: (progress) => void seen.push(progress), check: () => undefined },
      () => undefined,
    );
    expect(seen.at(-1)).toMatchObject({ done: FRAMES * 4096, total: FRAMES * 4096 });
  });

  it('stops when it is told to', async () => {
    const task = {
      report: () => undefined,
      check: () => {
        throw new Cancelled();
      },
    };
    await expect(findRoots(imageOf(noise(3, BYTES)), task, () => undefined)).rejects.toThrow(Cancelled);
  });
});
