import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { type BuiltSegment, type ElfShape, elfDump, joinBytes, SparseMemory } from '../../../support/dump-builder.ts';

const PAE = 0x20;
const PSE = 0x10;
const LA57 = 0x1000;
const PCIDE = 0x20000;
const SMEP_SMAP = 0x300000;
const PAGING_ON = 0x80010033;

const memory = new SparseMemory().word(0x200020, 0x201001).word(0x300000, 0x1234).word(0x1_2345_6000, 0xfeed);
const open = (shape: ElfShape) => openDump(bytesSource(elfDump(memory, shape)), quietTask);
const kinds = (problems: readonly { kind: string }[]) => problems.map(({ kind }) => kind);

describe('an ELF dump as QEMU writes it', () => {
  test.each([
    { wordBytes: 4, machine: 3 },
    { wordBytes: 8, machine: 3 },
    { wordBytes: 4, machine: 62 },
    { wordBytes: 8, machine: 62 },
    { wordBytes: 8, machine: 3, countInSection: true },
    { wordBytes: 4, machine: 3, countInSection: true },
  ] as const)('opens: %o', async (shape) => {
    const small = new SparseMemory().word(0x200020, 0x201001).word(0x300ff8, 0x1234);
    const { dump, format } = await openDump(
      bytesSource(elfDump(small, { ...shape, cpus: [{ cr0: PAGING_ON, cr3: 0x200020, cr4: PAE }] })),
      quietTask,
    );
    expect(format).toMatchObject({ id: 'elf-qemu', wrappers: [] });
    expect(dump.problems).toEqual([]);
    expect([...dump.image.extents.start]).toEqual([0x200000, 0x300000]);
    const [piece] = await dump.image.read([{ start: machineAddress(0x300ff8), length: 8 }]);
    expect(piece?.bytes.slice(0, 2)).toEqual(Uint8Array.of(0x34, 0x12));
    expect(dump.roots).toHaveLength(1);
  });

  test('CR0, CR3 and CR4 of each CPU give its root and mode', async () => {
    const mode = async (machine: number, cr4: number, cr3: number) => {
      const [root] = (await open({ machine, cpus: [{ cr0: PAGING_ON, cr3, cr4 }] })).dump.roots;
      return root === undefined ? undefined : [root.mode, root.address];
    };
    expect(await mode(3, PSE, 0x200fff)).toEqual(['32-bit', 0x200000]);
    expect(await mode(3, PAE, 0x20003f)).toEqual(['pae', 0x200020]);
    expect(await mode(62, PAE, 0x1_2345_6fff)).toEqual(['4-level', 0x1_2345_6000]);
    expect(await mode(62, PAE | LA57, 0x1_2345_6000)).toEqual(['5-level', 0x1_2345_6000]);
    expect(await mode(3, PAE | LA57, 0x200020)).toEqual(['pae', 0x200020]);
    expect(await mode(62, 0, 0x200000)).toEqual(['32-bit', 0x200000]);
    expect(await mode(3, PAE, 0x1_2345_6000)).toEqual(['4-level', 0x1_2345_6000]);
  });

  test('a CPU that runs above 4 GiB is in long mode, whatever CPU 0 was in', async () => {
    const cpus = [
      { cr0: PAGING_ON, cr3: 0x200020, cr4: PAE },
      { cr0: PAGING_ON, cr3: 0x200000, cr4: PAE, rip: 0xffff_ffff_8100_0000n },
    ];
    expect((await open({ machine: 3, cpus })).dump.roots.map(({ mode }) => mode)).toEqual(['pae', '4-level']);
  });

  test('a CPU that runs 64-bit code below 4 GiB is in long mode too', async () => {
    const cpus = [
      { cr0: PAGING_ON, cr3: 0x200020, cr4: PAE },
      { cr0: PAGING_ON, cr3: 0x200000, cr4: PAE, rip: 0x10_0000n, runs64: true },
      { cr0: PAGING_ON, cr3: 0x200000, cr4: PAE | LA57, rip: 0x10_0000n, runs64: true },
    ];
    expect((await open({ machine: 3, cpus })).dump.roots.map(({ mode }) => mode)).toEqual(['pae', '4-level', '5-level']);
  });

  test('beside a CPU 0 in long mode, a CR3 that begins within a frame is a PAE root, but a PCID is none', async () => {
    const cpus = [
      { cr0: PAGING_ON, cr3: 0x200000, cr4: PAE, runs64: true },
      { cr0: PAGING_ON, cr3: 0x200020, cr4: PAE },
      { cr0: PAGING_ON, cr3: 0x200123, cr4: PAE | PCIDE },
      { cr0: PAGING_ON, cr3: 0x200018, cr4: PAE },
    ];
    const { roots } = (await open({ machine: 62, cpus })).dump;
    expect(roots.map(({ mode, address }) => [mode, address])).toEqual([
      ['4-level', 0x200000],
      ['pae', 0x200020],
      ['4-level', 0x200000],
      ['4-level', 0x200000],
    ]);
    expect(roots[1]?.reason).toContain('CR3 begins within a frame, so PAE');
  });

  test('ring 3 is the kernel of a 64-bit Xen guest by its selector and an address of the upper half, and else a process', async () => {
    const kernel = { cr0: PAGING_ON, cr3: 0x17c946000, cr4: PAE, cs: 0xe033, rip: 0xffff_ffff_8010_396fn, runs64: true };
    const cpus = [kernel, { ...kernel, rip: 0x40_17a8n }, { ...kernel, cs: 0x33 }];
    const { roots } = (await open({ cpus })).dump;
    expect(roots.map(({ address, mode, cpu }) => [address, mode, cpu?.inUserMode])).toEqual([
      [0x17c946000, '4-level', false],
      [0x17c946000, '4-level', true],
      [0x17c946000, '4-level', true],
    ]);
    expect(roots[0]?.reason).toContain('in ring 3, in the kernel of a 64-bit Xen guest');
    expect(roots[1]?.reason).toContain('in user mode');
  });

  test('features and ring come from the registers', async () => {
    const cpus = [
      { cr0: PAGING_ON, cr3: 0x200020, cr4: PAE | PSE | SMEP_SMAP, cs: 0x60 },
      { cr0: 0x80000033, cr3: 0x200020, cr4: PAE, cs: 0x73 },
      { cr0: 0x80000033, cr3: 0x200000, cr4: 0, cs: 0x19 },
    ];
    const { roots } = (await open({ cpus })).dump;
    expect(
      roots.map(({ origin, cpu, features }) => [origin, cpu?.inUserMode, features.wp, features.smep, features.smap, features.pse, features.nxe]),
    ).toEqual([
      ['CPU 0', false, true, true, true, true, true],
      ['CPU 1', true, false, false, false, false, true],
      ['CPU 2', false, false, false, false, false, false],
    ]);
    expect(roots[1]?.reason).toContain('The same tables as CPU 0.');
    expect(roots[2]?.reason).toContain('in ring 1');
    expect(roots.every(({ features }) => features.known)).toBe(true);
  });

  test('a CPU with paging off has no root, and that is said', async () => {
    const { dump } = await open({
      cpus: [
        { cr0: 0x11, cr3: 0 },
        { cr0: PAGING_ON, cr3: 0x200020, cr4: PAE },
      ],
    });
    expect(dump.roots.map(({ origin }) => origin)).toEqual(['CPU 1']);
    expect(dump.problems).toEqual([expect.objectContaining({ kind: 'cpu-paging-off', severity: 'note' })]);
  });

  test('EI_VERSION 0, as VirtualBox writes it, is no fault', async () => {
    const bytes = elfDump(memory, {});
    bytes[6] = 0;
    const { dump, format } = await openDump(bytesSource(bytes), quietTask);
    expect([format.id, dump.problems.length]).toEqual(['elf-qemu', 0]);
  });

  test('a note that is too short for its registers is named', async () => {
    const bytes = elfDump(memory, { cpus: [{ cr3: 0x200020 }] });
    const at = Buffer.from(bytes).indexOf('QEMU') + 8;
    new DataView(bytes.buffer).setUint32(at + 4, 100, true);
    const { dump } = await openDump(bytesSource(bytes), quietTask);
    expect(dump.roots).toEqual([]);
    expect(dump.problems).toEqual([expect.objectContaining({ kind: 'qemu-note-short', severity: 'loss', fileOffset: at })]);
  });
});

describe('what a dump lacks is said', () => {
  const page = new Uint8Array(4096).fill(1);

  test('memory that a segment names and does not store is absent', async () => {
    const segments: BuiltSegment[] = [
      { start: 0x1000, bytes: page, memoryBytes: 0x3000 },
      { start: 0x10000, bytes: new Uint8Array(0), memoryBytes: 0x1000, fileOffset: 0xffff_ffff_ffff_ffffn },
    ];
    const { dump } = await open({ segments });
    expect(dump.image.extents.count).toBe(1);
    expect(dump.image.whyAbsent(machineAddress(0x2000))).toBe('its segment at 1000 stores 4,096 of 12,288 bytes');
    expect(dump.image.whyAbsent(machineAddress(0x10000))).toContain('left out when the dump was made');
    expect(dump.problems).toEqual([]);
  });

  test('a p_offset of -1 in class 32 is left out too', async () => {
    const segments: BuiltSegment[] = [
      { start: 0x1000, bytes: page },
      { start: 0x10000, bytes: new Uint8Array(0), memoryBytes: 0x1000, fileOffset: 0xffff_ffffn },
    ];
    const { dump } = await open({ wordBytes: 4, segments });
    expect(dump.image.whyAbsent(machineAddress(0x10000))).toContain('left out when the dump was made');
  });

  test('a dump made with -p whose root is in no segment comes with advice', async () => {
    const segments: BuiltSegment[] = [
      { start: 0, virtual: 0xc0000000, bytes: page, memoryBytes: 0x400000 },
      { start: 0, virtual: 0xe0000000, bytes: page },
    ];
    const lost = (await open({ segments, cpus: [{ cr0: PAGING_ON, cr3: 0x200020, cr4: PAE }] })).dump;
    expect(lost.problems).toContainEqual(
      expect.objectContaining({ kind: 'elf-root-not-held', severity: 'loss', text: expect.stringContaining('without -p') }),
    );
    const held = (await open({ segments, cpus: [{ cr0: PAGING_ON, cr3: 0x20, cr4: PAE }] })).dump;
    expect(kinds(held.problems)).toContain('elf-by-mapping');
  });

  test('a file cut short keeps what it has', async () => {
    const whole = elfDump(new SparseMemory().write(0x1000, page).write(0x2000, page), { cpus: [{ cr0: PAGING_ON, cr3: 0x1000, cr4: PAE }] });
    const { dump } = await openDump(bytesSource(whole.subarray(0, whole.length - 5000)), quietTask);
    expect(dump.problems).toEqual([expect.objectContaining({ kind: 'extents-beyond-end', severity: 'loss' })]);
    expect(dump.roots).toHaveLength(1);
    expect(dump.image.whyAbsent(machineAddress(0x2000))).toContain('past the end of the file');
  });

  test('the core of a process is no memory dump', async () => {
    const segments: BuiltSegment[] = [
      { start: 0, virtual: 0x400000, bytes: page },
      { start: 0, virtual: 0x7fff0000, bytes: page },
    ];
    const { dump } = await open({ segments });
    expect(dump.problems).toContainEqual(expect.objectContaining({ kind: 'elf-process-core', severity: 'stop' }));
  });

  test('segments above 52 bits of address are left out and counted', async () => {
    const { dump } = await open({
      segments: [
        { start: 0x1000, bytes: page },
        { start: 2 ** 52, bytes: page },
      ],
    });
    expect(dump.problems).toEqual([expect.objectContaining({ kind: 'elf-segment-wild', severity: 'loss' })]);
    expect(dump.image.extents.count).toBe(1);
  });

  test('a dump marked incomplete says so', async () => {
    expect(kinds((await open({ flags: 1 })).dump.problems)).toEqual(['elf-incomplete']);
  });

  test('a header that promises more segments than the file has', async () => {
    const bytes = joinBytes([elfDump(memory, {}).subarray(0, 300)]);
    new DataView(bytes.buffer).setUint16(56, 60000, true);
    const { dump } = await openDump(bytesSource(bytes), quietTask);
    expect(kinds(dump.problems)).toContain('elf-segments-cut');
  });
});

describe('other ELF files', () => {
  test.each([
    [{ type: 2 }, 'elf-program'],
    [{ machine: 183 }, 'elf-other-machine'],
  ] as const)('%o is told apart as %s', async (shape, id) => {
    const { dump, format } = await open(shape);
    expect(format.id).toBe(id);
    expect(dump.problems).toEqual([expect.objectContaining({ severity: 'stop' })]);
  });

  test('big endian, without segments, and cut', async () => {
    const id = async (change: (bytes: Uint8Array) => Uint8Array) => (await openDump(bytesSource(change(elfDump(memory, {}))), quietTask)).format.id;
    expect(await id((bytes) => bytes.fill(2, 5, 6))).toBe('elf-big-endian');
    expect(await id((bytes) => bytes.fill(0, 56, 58))).toBe('elf-no-segments');
    expect(await id((bytes) => bytes.subarray(0, 40))).toBe('elf-cut');
  });
});
