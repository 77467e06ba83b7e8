import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { mfnOf } from '#core/xen/frame-numbers.ts';
import { SparseMemory } from '../../../support/dump-builder.ts';
import { startInfo, type XenCoreShape, xenCore } from '../../../support/xen-core-builder.ts';

/** Frames of a guest, each with its own number in its first bytes. */
function memoryOf(frames: readonly number[]): SparseMemory {
  const memory = new SparseMemory();
  for (const frame of frames) memory.word(frame * 4096, frame);
  return memory;
}
const frames = [0x21c00, 0x21c01, 0x21d44, 0x21d45, 0x20a00];
const open = (bytes: Uint8Array) => openDump(bytesSource(bytes), quietTask);
const core = (shape: XenCoreShape = {}) => open(xenCore(memoryOf(frames), { cr3: [0x21d44000], ...shape }));
const firstWord = async (image: Awaited<ReturnType<typeof core>>['dump']['image'], frame: number) => {
  const [piece] = await image.read([{ start: machineAddress(frame * 4096), length: 8 }]);
  return piece?.presence[0]?.presence === 'held' ? new DataView(piece.bytes.slice().buffer).getUint32(0, true) : undefined;
};
const kinds = ({ dump }: Awaited<ReturnType<typeof core>>) => dump.problems.map(({ kind }) => kind);

describe('a PV guest', () => {
  test('is recognised, its pages lie at their machine frames, PFN 0 among them', async () => {
    const { dump, format } = await core();
    expect(format.id).toBe('xen-core');
    expect(dump.frameWord).toBe('MFN');
    for (const frame of frames) expect(await firstWord(dump.image, frame)).toBe(frame);
    expect(dump.frameNumbers && mfnOf(dump.frameNumbers, 0)).toBe(0x20a00);
    expect(dump.problems).toEqual([]);
    expect(dump.image.whyAbsent(machineAddress(0x27bbf000))).toContain('27bbf');
  });

  test('of 32 bits on a 64-bit Xen has one root per VCPU, whatever the ELF header says', async () => {
    for (const machine of [3, 62]) {
      const { dump } = await core({ machine, cr3: [0x21d44000, 0x21d45000] });
      expect(dump.roots.map(({ address, mode, origin }) => [address, mode, origin])).toEqual([
        [0x21d44000, 'pae-under-xen64', 'VCPU 0'],
        [0x21d45000, 'pae-under-xen64', 'VCPU 1'],
      ]);
    }
  });

  test('whose root lies above 4 GiB has its CR3 unfolded', async () => {
    // MFN 297ed42 in CR3: low 20 bits shifted up, the rest in bits 11:0.
    const { dump } = await open(xenCore(memoryOf([0x297ed42]), { cr3: [0x7ed42029] }));
    expect(dump.roots[0]).toMatchObject({ address: 0x297ed42000, mode: 'pae-under-xen64' });
    expect(await firstWord(dump.image, 0x297ed42)).toBe(0x297ed42);
  });

  test('of a 32-bit Xen is PAE without rights in its PDPTEs, or has two levels', async () => {
    expect((await core({ capabilities: 'xen-3.0-x86_32p hvm-3.0-x86_32p' })).dump.roots[0]?.mode).toBe('pae');
    expect((await core({ capabilities: 'xen-3.0-x86_32' })).dump.roots[0]).toMatchObject({ mode: '32-bit', address: 0x21d44000 });
  });

  test('of 64 bits has a kernel root and a user root', async () => {
    const { dump } = await core({ wordBytes: 8, cr1: 0x21d45000, machine: 3, flags: 0 });
    expect(dump.roots.map(({ address, mode, origin, cpu }) => [address, mode, origin, cpu?.inUserMode])).toEqual([
      [0x21d44000, '4-level', 'VCPU 0', true],
      [0x21d45000, '4-level', 'VCPU 0 user', true],
    ]);
  });

  test('without a version note is told by its code segment, and says so', async () => {
    const narrow = await core({ noVersion: true });
    expect(narrow.dump.roots[0]?.mode).toBe('pae-under-xen64');
    expect(kinds(narrow)).toContain('xen-core-width-guessed');
    expect((await core({ noVersion: true, wordBytes: 8 })).dump.roots[0]?.mode).toBe('4-level');
    // In user mode the selectors are the guest's own: then the folded CR3 that names a frame decides.
    expect((await core({ noVersion: true, cs: 0x73 })).dump.roots[0]?.mode).toBe('pae-under-xen64');
    expect((await core({ noVersion: true, wordBytes: 8, cs: 0x33 })).dump.roots[0]?.mode).toBe('4-level');
  });

  test('padding rows are skipped; of a frame given twice the first page counts', async () => {
    const answer = await core({ pairs: [[0, 0x20a00], null, [1, 0x21c00], [2, 0x20a00]] });
    expect(answer.dump.image.extents.count).toBe(2);
    expect(kinds(answer)).toEqual(['xen-core-frame-twice', 'xen-core-padding']);
    expect([...(answer.dump.frameNumbers?.mfns ?? [])]).toEqual([0x20a00, 0x21c00, 0x20a00]);
  });

  test('shared_info is held at the frame that start_info names', async () => {
    const memory = memoryOf(frames);
    memory.write(0x21d43 * 4096, startInfo(4, { pages: 6, sharedInfo: 0x27bbf, ptBase: 0xc0144000n, mfnList: 0xc013d000n }));
    const sharedInfo = new Uint8Array(4096).fill(0xab);
    const { dump } = await open(xenCore(memory, { cr3: [0x21d44000], sharedInfo }));
    expect(await firstWord(dump.image, 0x27bbf)).toBe(0xabababab);
    expect(dump.frameNumbers?.mfns.includes(0x27bbf)).toBe(false);
  });
});

describe('an HVM guest', () => {
  test('has its pages at guest-physical frames, and a mode told by its registers and tables', async () => {
    const hvm = (shape: XenCoreShape, memory = memoryOf([0x100, 0x101])) => open(xenCore(memory, { hvm: true, cr3: [0x100000], ...shape }));
    const long = await hvm({ cr4: 0x6f0, ip: 2 ** 40 });
    expect(long.dump.roots[0]).toMatchObject({ address: 0x100000, mode: '4-level' });
    expect(long.dump.frameWord).toBe('frame');
    expect(await firstWord(long.dump.image, 0x101)).toBe(0x101);
    expect((await hvm({ cr4: 0x10 })).dump.roots[0]?.mode).toBe('32-bit');
    expect((await hvm({ cr4: 0x20 }, new SparseMemory().word(0x100000, 0x101001))).dump.roots[0]?.mode).toBe('pae');
    expect((await hvm({ cr4: 0x20 }, new SparseMemory().word(0x100000, 0x101067))).dump.roots[0]?.mode).toBe('4-level');
  });
});

describe('damage', () => {
  test('without the names, which come last, sections are told by their shape', async () => {
    const whole = xenCore(memoryOf(frames), { cr3: [0x21d44000] });
    const { dump } = await open(whole.subarray(0, whole.length - 60));
    expect(dump.problems.map(({ kind }) => kind)).toEqual(['xen-core-names-lost']);
    expect(await firstWord(dump.image, 0x21d45)).toBe(0x21d45);
    expect(dump.roots[0]?.address).toBe(0x21d44000);
  });

  test('a cut index leaves the pages that it still names; a lost one stops with the place', async () => {
    const whole = xenCore(memoryOf(frames), { cr3: [0x21d44000] });
    const namesAndTwoRows = 66 + 32;
    const cut = await open(whole.subarray(0, whole.length - namesAndTwoRows));
    expect(kinds(cut)).toContain('xen-core-index-cut');
    expect(await firstWord(cut.dump.image, 0x20a00)).toBe(0x20a00);
    const lost = await open(whole.subarray(0, whole.length - 66 - 80));
    expect(lost.dump.problems).toEqual([expect.objectContaining({ kind: 'xen-core-no-index', severity: 'stop' })]);
  });

  test.each([
    ['VCPUs', { vcpus: 2n ** 40n }, 'xen-core-vcpus-lost'],
    ['pages', { pages: 2n ** 50n }, undefined],
    ['index', { indexBytes: 2n ** 60n }, 'xen-core-index-cut'],
    ['page size', { pageBytes: 2n ** 20n }, 'xen-core-page-size'],
    [
      'PFN',
      {
        pairs: [
          [0, 0x20a00],
          [0xffff_0000, 0x21d44],
        ],
      },
      'xen-core-pfn-wild',
    ],
  ] as const)('an absurd number of %s is answered', async (_, shape, kind) => {
    const answer = await core(shape);
    expect(answer.format.id).toBe('xen-core');
    if (kind && kind !== 'xen-core-index-cut') expect(kinds(answer)).toContain(kind);
    if (kind !== 'xen-core-page-size') expect(await firstWord(answer.dump.image, 0x21d44)).toBe(0x21d44);
  });

  test('cut anywhere it answers with problems', async () => {
    const whole = xenCore(memoryOf(frames), { cr3: [0x21d44000] });
    for (let length = 64; length < whole.length; length += 97) {
      const { dump } = await open(whole.subarray(0, length));
      expect(dump.problems.length).toBeGreaterThan(0);
    }
  });
});
