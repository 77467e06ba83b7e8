import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { machineAddress } from '#core/memory/address.ts';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import { fingerprint } from '#core/memory/fingerprint.ts';
import { openSession } from '#core/session/session.ts';
import { gzip, SparseMemory } from '../../../support/dump-builder.ts';
import { type VmwareShape, vmwareFiles } from '../../../support/vmware-builder.ts';

const memory = new SparseMemory();
for (const [index, frame] of [0, 1, 2, 8, 9, 0x10_0000, 0x10_0001].entries()) memory.frame(frame).fill(index + 1);
const CPUS = [
  { cr3: 0x2020, cr4: 0x20 },
  { cr3: 0x8000, cr4: 0x20 },
];

const together = (first: Uint8Array, second: Uint8Array): ByteSource => ({
  ...bytesSource(first, 'first'),
  companion: bytesSource(second, 'second'),
});
const openPair = async (shape: VmwareShape = {}) => {
  const { vmem, vmss } = vmwareFiles(memory, { cpus: CPUS, ...shape });
  return openDump(together(vmem, vmss), quietTask);
};

describe.each<[string, VmwareShape]>([
  ['registers one by one', {}],
  ['registers as blocks', { crBlocks: true }],
  ['sizes of 4 bytes', { magic: 0xbed0bed0, crBlocks: true }],
  ['a partial state', { magic: 0xbed3bed3 }],
])('%s', (_, shape) => {
  test('memory lies where the regions say, and every CPU has its root', async () => {
    const { dump, format, source } = await openPair(shape);
    expect(format.id).toBe('vmware-state');
    expect(dump.problems).toEqual([]);
    expect([...dump.image.extents.start]).toEqual([0, 0x8000, 0x1_0000_0000]);
    expect([...dump.image.extents.fileOffset]).toEqual([0, 0x3000, 0x5000]);
    expect(source.size).toBe(7 * 4096);
    const [piece] = await dump.image.read([{ start: machineAddress(0x1_0000_1000), length: 4096 }]);
    expect(piece?.bytes[4095]).toBe(7);
    expect(dump.roots.map(({ address, mode, origin }) => [address, mode, origin])).toEqual([
      [0x2020, 'pae', 'CPU 0'],
      [0x8000, 'pae', 'CPU 1'],
    ]);
    expect(dump.image.whyAbsent(machineAddress(0x5000))).toMatch(/no region/);
  });

  test('the state file alone holds the memory where it was written into it', async () => {
    const { vmss } = vmwareFiles(memory, { cpus: CPUS, ...shape, embedded: true });
    const { dump } = await openDump(bytesSource(vmss), quietTask);
    expect(dump.problems).toEqual([]);
    expect([...dump.image.extents.start]).toEqual([0, 0x8000, 0x1_0000_0000]);
    const [piece] = await dump.image.read([{ start: machineAddress(0x9000), length: 4096 }]);
    expect(piece?.bytes[0]).toBe(5);
    expect(dump.roots).toHaveLength(2);
  });
});

test('either order of the two files is the same image', async () => {
  const { vmem, vmss } = vmwareFiles(memory, { cpus: CPUS });
  const summaries = await Promise.all(
    [together(vmem, vmss), { ...bytesSource(vmss, 'second'), companion: bytesSource(vmem, 'first') }].map(async (source) =>
      (await openSession(source, quietTask)).summary(),
    ),
  );
  expect(summaries[0]).toEqual(summaries[1]);
  expect(summaries[0]?.name).toBe('first + second');
  expect(summaries[0]?.fingerprint).not.toBe(await fingerprint(bytesSource(vmem)));
});

test('long mode is told by a register above 4 GiB, EFER, and LA57', async () => {
  const modes = async (cpu: NonNullable<VmwareShape['cpus']>[number]) => (await openPair({ cpus: [cpu] })).dump.roots.map(({ mode }) => mode);
  expect(await modes({ cr3: 0x2000, cr4: 0x20, rip: 0xffff_8000_0000_1000n })).toEqual(['4-level']);
  expect(await modes({ cr3: 0x2000, cr4: 0x20, efer: 0x500 })).toEqual(['4-level']);
  expect(await modes({ cr3: 0x2000, cr4: 0x1020, efer: 0x500 })).toEqual(['5-level']);
  expect(await modes({ cr3: 0x2000, cr4: 0x20, efer: 0x800 })).toEqual(['pae']);
  expect(await modes({ cr3: 0x2000, cr4: 0x10 })).toEqual(['32-bit']);
  expect(await modes({ cr3: 0x2000, cr0: 0x11 })).toEqual([]);
});

test('without regions the memory begins at 0', async () => {
  const { dump } = await openPair({ flat: true });
  expect([...dump.image.extents.start, ...dump.image.extents.length]).toEqual([0, 7 * 4096]);
});

test('the memory file may be wrapped', async () => {
  const { vmem, vmss } = vmwareFiles(memory, { cpus: CPUS });
  const { dump, format } = await openDump(together(gzip(vmem), vmss), quietTask);
  expect(format).toMatchObject({ id: 'vmware-state', wrappers: ['gzip'] });
  expect(dump.image.extents.count).toBe(3);
});

test('a state file alone without memory is refused with advice, and so is a compressed one', async () => {
  const alone = async (shape: VmwareShape) => (await openDump(bytesSource(vmwareFiles(memory, shape).vmss), quietTask)).dump.problems;
  expect(await alone({})).toEqual([
    expect.objectContaining({ kind: 'vmware-no-memory', severity: 'stop', text: expect.stringMatching(/\.vmem.*both at once/) }),
  ]);
  expect(await alone({ embedded: true, compressed: true })).toEqual([expect.objectContaining({ kind: 'vmware-compressed', severity: 'stop' })]);
});

test('two files that are no pair: the first is opened, and it is said', async () => {
  const { dump, format, file } = await openDump(together(new Uint8Array(8192), new Uint8Array(4096)), quietTask);
  expect([format.id, file.companion]).toEqual(['raw', undefined]);
  expect(dump.problems).toEqual([expect.objectContaining({ kind: 'companion-unused', severity: 'note' })]);
});

test('a state file cut before its regions places no byte: without them the memory is not one piece from 0', async () => {
  const { vmem, vmss } = vmwareFiles(memory, { cpus: CPUS });
  const regions = Buffer.from(vmss).indexOf('regionsCount');
  for (const length of [4, 6, 12, 100, 252, regions - 2, regions + 3]) {
    const { dump } = await openDump(together(vmem, vmss.subarray(0, length)), quietTask);
    expect(dump.image.extents.count).toBe(0);
    expect(dump.problems.map(({ kind }) => kind)).toContain('vmware-regions');
  }
  const inRegion = Buffer.from(vmss).indexOf('regionPPN');
  const { dump } = await openDump(together(vmem, vmss.subarray(0, inRegion - 2)), quietTask);
  expect(dump.image.extents.count).toBe(0);
});

test('a state file of another guest is told by the lengths', async () => {
  const { vmss } = vmwareFiles(memory);
  const longer = (await openDump(together(new Uint8Array(9 * 4096), vmss), quietTask)).dump;
  expect(longer.problems.map(({ kind }) => kind)).toContain('vmware-memory-longer');
  const shorter = (await openDump(together(new Uint8Array(6 * 4096), vmss), quietTask)).dump;
  expect(shorter.problems.map(({ kind }) => kind)).toContain('extents-beyond-end');
});

describe('a damaged state file', () => {
  const { vmem, vmss } = vmwareFiles(memory, { cpus: CPUS });
  const survives = async (bytes: Uint8Array): Promise<void> => {
    const { dump } = await openDump(together(vmem, bytes), quietTask);
    if (dump.image.extents.count === 0) expect(dump.problems.length).toBeGreaterThan(0);
    for (const { text } of dump.problems) expect(text).toMatch(/^[A-Z0-9f].+[.?]$/s);
    await dump.image.read([{ start: machineAddress(0), length: 8192 }]);
  };

  test('cut anywhere', async () => {
    for (let length = 0; length < vmss.length; length++) await survives(vmss.subarray(0, length));
  });

  test('with bytes flipped', async () => {
    const flip = fc.record({ at: fc.nat(vmss.length - 1), to: fc.constantFrom(0, 1, 0x3e, 0x3f, 0x7f, 0x80, 0xff) });
    await fc.assert(
      fc.asyncProperty(fc.array(flip, { minLength: 1, maxLength: 8 }), async (flips) => {
        const bytes = new Uint8Array(vmss);
        for (const { at, to } of flips) bytes[at] = to;
        await survives(bytes);
      }),
      { numRuns: 500 },
    );
  });
});
