import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { SparseMemory } from '../../../support/dump-builder.ts';
import { type OldCoreShape, oldXenCore } from '../../../support/xen-core-builder.ts';

const frames = [0x21c00, 0x21c01, 0x21d44, 0x20a00];
function memoryOf(list: readonly number[]): SparseMemory {
  const memory = new SparseMemory();
  for (const frame of list) memory.word(frame * 4096, frame);
  return memory;
}
const open = async (bytes: Uint8Array) => openDump(bytesSource(bytes), quietTask);
const core = (shape: OldCoreShape = {}, list: readonly number[] = frames) => open(oldXenCore(memoryOf(list), { cr3: [0x21d44000], ...shape }));
async function firstWord(dump: Awaited<ReturnType<typeof open>>['dump'], frame: number): Promise<number | undefined> {
  const [piece] = await dump.image.read([{ start: machineAddress(frame * 4096), length: 8 }]);
  return piece?.presence[0]?.presence === 'held' ? new DataView(piece.bytes.slice().buffer).getUint32(0, true) : undefined;
}

describe('an old core', () => {
  test.each([
    [4, 4, 'pae'],
    [4, 8, 'pae'],
    [8, 8, '4-level'],
  ] as const)('of a guest with words of %i, made by a tool stack with words of %i', async (wordBytes, indexBytes, mode) => {
    const { dump, format } = await core({ wordBytes, indexBytes });
    expect(format.id).toBe('xen-core-old');
    expect(dump.problems).toEqual([]);
    expect(dump.roots).toEqual([expect.objectContaining({ address: 0x21d44000, mode })]);
    for (const frame of frames) expect(await firstWord(dump, frame)).toBe(frame);
  });

  test('CR3 is unfolded where that names a frame of the guest, else taken as it is', async () => {
    const folded = await core({ cr3: [0x7ed42029] }, [0x297ed42]);
    expect(folded.dump.roots[0]?.address).toBe(0x297ed42000);
    // Xen 3.0.2 kept the plain address of a PDPT, 32-byte aligned.
    const plain = await core({ cr3: [0x21d440a0] });
    expect(plain.dump.roots[0]).toMatchObject({ address: 0x21d440a0, mode: 'pae' });
    expect(plain.dump.roots[0]?.reason).toContain('3.0.2');
  });

  test('without CR4.PAE a 32-bit guest has two levels; an HVM guest counts its own frames', async () => {
    expect((await core({ cr4: 0x10 })).dump.roots[0]?.mode).toBe('32-bit');
    expect((await core({ hvm: true, wordBytes: 8 })).dump.frameWord).toBe('frame');
  });

  test('cut, everything before the cut is there', async () => {
    const whole = oldXenCore(memoryOf(frames), { cr3: [0x21d44000] });
    const { dump } = await open(whole.subarray(0, whole.length - 4096));
    expect(dump.problems.map(({ kind }) => kind)).toEqual(['xen-old-cut']);
    expect(await firstWord(dump, 0x21d44)).toBe(0x21d44);
    expect(await firstWord(dump, 0x20a00)).toBeUndefined();
  });

  test('absurd counts stop it, or are told', async () => {
    expect((await core({ pages: 0xffff_ffff })).dump.problems[0]?.kind).toBe('xen-old-header');
    expect((await core({ vcpus: 0xffff })).dump.problems.map(({ kind }) => kind)).toContain('xen-old-vcpus-lost');
  });
});
