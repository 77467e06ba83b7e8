import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import type { MadeFacts } from '#core/formats/elf/made-note.ts';
import { openDump } from '#core/formats/index.ts';
import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import type { Extent } from '#core/memory/extents.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import type { RootChoice } from '#core/session/contract.ts';
import { type CapsuleWish, capsule, wholeElf, wholeRaw } from '#core/session/conversion.ts';
import { openSession, type Session } from '#core/session/session.ts';
import { elfFile } from '#core/write/elf-file.ts';
import { wholeContents } from '#core/write/spans.ts';
import { elfDump, SparseMemory } from '../support/dump-builder.ts';
import { writtenBytes } from '../support/planned.ts';
import { type RandomMachine, randomMachine } from '../support/random-tables.ts';
import { xenCore } from '../support/xen-core-builder.ts';

/** Around byte 0, and around 4 GiB. */
const extent = fc
  .record({
    base: fc.constantFrom(0, 2 ** 32 - 4096),
    start: fc.integer({ min: 0, max: 9000 }),
    length: fc.integer({ min: 1, max: 5000 }),
    fileOffset: fc.integer({ min: 0, max: 9000 }),
    presence: fc.constantFrom('held' as const, 'held' as const, 'zero' as const, 'assumed-zero' as const, 'absent' as const),
    reason: fc.constantFrom('not sent', 'naïve “reason” 😀'),
  })
  .map(
    ({ base, start, length, fileOffset, presence, reason }): Extent => ({
      start: base + start,
      length,
      presence,
      ...(presence === 'held' && { fileOffset }),
      ...(presence === 'absent' && { reason }),
    }),
  );

const FACTS: MadeFacts = {
  tool: 'a test',
  kind: 'elf',
  source: { name: 'x', bytes: 1, fingerprint: 'f', format: 'y' },
  frameWord: 'frame',
  contents: [],
  rest: '',
  roots: [],
  absences: [],
  reasons: [],
};

const factsFor = (image: MemoryImage): MadeFacts => {
  const { absences } = wholeContents(image);
  return { ...FACTS, absences: absences.map(({ start, end }, at) => [start, end - start, at]), reasons: absences.map(({ reason }) => reason) };
};

/** Bytes and presence around every edge of the memory, as text. */
async function seen(image: MemoryImage): Promise<unknown> {
  const windows = [0, 2 ** 32 - 4096].map((start) => ({ start: machineAddress(start), length: 16384 }));
  return (await image.read(windows)).map(({ bytes, presence }) => ({
    bytes: Buffer.from(bytes).toString('hex'),
    presence: presence.map(({ offset, length, presence: kind, reason }) => ({ offset, length, kind, reason })).reduce<unknown[]>(joined, []),
  }));
}

type Run = { offset: number; length: number; kind: string; reason: string | undefined };

/** Neighbours alike as one: where an image cuts its runs is its own affair. */
function joined(runs: unknown[], next: Run): unknown[] {
  const last = runs.at(-1) as Run | undefined;
  if (last?.kind !== next.kind || last.reason !== next.reason) return [...runs, next];
  return [...runs.slice(0, -1), { ...last, length: last.length + next.length }];
}

const opened = async (bytes: Uint8Array) => openDump(bytesSource(bytes), quietTask);

describe('any memory written as an ELF core', () => {
  test('opens with the same bytes, presence and reasons', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(extent, { minLength: 1, maxLength: 10 }), async (extents) => {
        const source = bytesSource(Uint8Array.from({ length: 8000 }, (_, at) => (at * 31) % 255));
        const image = createExtentImage({ source, extents });
        fc.pre(image.extents.count > 0);
        const { dump, format } = await opened(await writtenBytes(elfFile(image, { facts: factsFor(image), contents: wholeContents(image) })));
        expect(format.id).toBe('elf-qemu');
        expect(dump.problems.filter(({ severity }) => severity !== 'note')).toEqual([]);
        const [before, after] = [await seen(image), await seen(dump.image)];
        // Above the last byte that is held each says so in its own words.
        expect(JSON.stringify(after).replace(/above the highest address[^"]*/g, '')).toBe(
          JSON.stringify(before).replace(/above the highest address[^"]*/g, ''),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('has its segments counted in section 0 where they are over 65,534', async () => {
    const count = 70_000;
    const extents = Array.from({ length: count }, (_, at): Extent => ({ start: at * 8192, length: 4, fileOffset: at * 4 }));
    const image = createExtentImage({ source: bytesSource(Uint8Array.from({ length: count * 4 }, (_, at) => at % 251)), extents });
    const bytes = await writtenBytes(elfFile(image, { facts: FACTS, contents: wholeContents(image) }));
    expect(new DataView(bytes.buffer).getUint16(56, true)).toBe(0xffff);
    const { dump } = await opened(bytes);
    expect(dump.image.extents.count).toBe(count);
    const at = machineAddress((count - 1) * 8192);
    expect((await dump.image.read([{ start: at, length: 4 }]))[0]?.bytes).toEqual((await image.read([{ start: at, length: 4 }]))[0]?.bytes);
  });
});

const CR4: Readonly<Record<string, number>> = { '32-bit': 0x10, pae: 0x20, '4-level': 0x20, '5-level': 0x1020 };

async function sessionOf({ mode, root, frames }: RandomMachine): Promise<Session> {
  const memory = new SparseMemory();
  for (const [frame, bytes] of frames) memory.write(frame * 4096, bytes);
  const long = mode === '4-level' || mode === '5-level';
  return openSession(bytesSource(elfDump(memory, { machine: long ? 62 : 3, cpus: [{ cr3: root, cr4: CR4[mode] ?? 0, runs64: long }] })), quietTask);
}

const reopened = async (plan: Awaited<ReturnType<typeof wholeElf>>): Promise<Session> =>
  openSession(bytesSource(await writtenBytes(plan)), quietTask);

/** All that an atlas says but for what reading it cost, and words that name the dump's own edges. */
async function atlasOf(session: Session, root: RootChoice): Promise<unknown> {
  const { cost: _, ...rest } = await session.atlas(root);
  return { ...rest, ...(await runsOf(session, root)) };
}

async function runsOf(session: Session, root: RootChoice) {
  const { runs } = (await session.openRoot(root)).atlas;
  const column = (of: ArrayLike<number>): readonly number[] => Array.from(of).slice(0, runs.count);
  return { pages: column(runs.firstPage), frames: column(runs.firstFrame), attrs: column(runs.attrs) };
}

const firstRoot = async (session: Session): Promise<RootChoice> => {
  const [root] = (await session.summary()).roots;
  if (!root) throw new Error('no root');
  return root;
};

describe.each<PagingModeId>(['32-bit', 'pae', '4-level', '5-level'])('a root of %s', (mode) => {
  test('has the same atlas from an ELF core, a capsule, and raw memory where all tables are held', async () => {
    await fc.assert(
      fc.asyncProperty(randomMachine(mode), async (machine) => {
        const session = await sessionOf(machine);
        const root = await firstRoot(session);
        const atlas = await atlasOf(session, root);
        for (const plan of [await wholeElf(session), await capsule(session, { roots: [root] })]) {
          const other = await reopened(plan);
          expect(await atlasOf(other, await firstRoot(other))).toEqual(atlas);
        }
        const { absentTables } = await session.atlas(root);
        const raw = wholeRaw(session);
        if (absentTables > 0 || raw.size > 2 ** 26) return;
        // Raw memory names no root, so its features are those assumed: only the runs are compared.
        expect(await runsOf(await reopened(raw), root)).toEqual(await runsOf(session, root));
      }),
      { numRuns: 40 },
    );
  });
});

test('an ELF core keeps the registers and the VMCOREINFO that the dump has, for other tools', async () => {
  const cpus = [{ cr3: 0x2000, cr4: 0x10, rip: 0xc0123456n }];
  const session = await openSession(bytesSource(elfDump(new SparseMemory().word(0x2000, 0n), { cpus })), quietTask);
  const notesOf = ({ opened: { dump } }: Session) => dump.notes?.map(({ name, type, body }) => [name, type, Buffer.from(body).toString('hex')]);
  expect(notesOf(session)?.map(([name]) => name)).toEqual(['CORE', 'QEMU']);
  expect(notesOf(await reopened(await wholeElf(session)))).toEqual(notesOf(session));
});

describe('a capsule', () => {
  const small = (): SparseMemory => {
    const memory = new SparseMemory();
    // PDE 0 to a table at 3000, whose PTEs map 5000 and 9000; PDE 1 to a table that is not there.
    memory.word(0x2000, 0x3003, 4).word(0x2004, 0x70003, 4);
    memory.word(0x3000, 0x5003, 4).word(0x3004, 0x9003, 4);
    for (const frame of [5, 6, 7]) memory.write(frame * 4096, new Uint8Array(4096).fill(frame));
    return memory;
  };
  const open = (): Promise<Session> => openSession(bytesSource(elfDump(small(), { cpus: [{ cr3: 0x2000, cr4: 0x10 }] }), 'the dump.elf'), quietTask);
  const make = async (wish: Partial<CapsuleWish> = {}): Promise<Session> => {
    const session = await open();
    return reopened(await capsule(session, { roots: [await firstRoot(session)], ...wish }));
  };
  const presenceAt = async (session: Session, address: number) =>
    (await session.opened.dump.image.read([{ start: machineAddress(address), length: 4096 }]))[0]?.presence[0];

  test('holds the tables, and says of all else that it was left out, or why the dump itself lacked it', async () => {
    const session = await make();
    expect(await presenceAt(session, 0x2000)).toMatchObject({ presence: 'held', length: 4096 });
    expect(await presenceAt(session, 0x3000)).toMatchObject({ presence: 'held', length: 4096 });
    expect(await presenceAt(session, 0x5000)).toMatchObject({ presence: 'absent', reason: 'left out by the capsule, which holds only page tables' });
    expect(await presenceAt(session, 0x70000)).toMatchObject({ presence: 'absent', reason: 'above the highest address in the dump (7fff)' });
    const { problems, roots } = await session.summary();
    expect(problems.map(({ text }) => text).join()).toMatch(/capsule.*made by pagewalk .*the dump\.elf.*root 2000.*left out/);
    expect(roots).toMatchObject([{ address: 0x2000, mode: '32-bit', origin: 'CPU 0', held: true }]);
  });

  test('holds chosen frames, and frames behind chosen pages', async () => {
    const byNumber = await make({ frames: [{ first: 6, count: 2 }] });
    expect(await Promise.all([0x5000, 0x6000, 0x7000].map(async (at) => (await presenceAt(byNumber, at))?.presence))).toEqual([
      'absent',
      'held',
      'held',
    ]);
    const byPage = await make({ pages: [{ first: 0, count: 2 }] });
    expect(await Promise.all([0x5000, 0x6000].map(async (at) => (await presenceAt(byPage, at))?.presence))).toEqual(['held', 'absent']);
    expect((await presenceAt(byPage, 0x9000))?.reason).toMatch(/above the highest address in the dump/);
  });

  test('keeps the mode that a root was read by, whatever its tables look like', async () => {
    const memory = new SparseMemory();
    // All PDPTEs with RW and US: of a dump, the root would be taken for a guest's under a 64-bit Xen.
    for (let slot = 0; slot < 4; slot++) memory.word(0x2000 + slot * 8, 0x3007 + slot * 4096).frame(3 + slot);
    const session = await openSession(bytesSource(elfDump(memory, { cpus: [{ cr3: 0x2000, cr4: 0x20 }] })), quietTask);
    expect((await firstRoot(session)).mode).toBe('pae-under-xen64');
    const root = await session.considerRoot(0x2000, 'pae');
    expect((await firstRoot(await reopened(await capsule(session, { roots: [root] })))).mode).toBe('pae');
  });

  test('keeps MFNs and, where wished, the guest’s P2M', async () => {
    const memory = small();
    const session = await openSession(bytesSource(xenCore(memory, { cr3: [0x2000], cr4: 0x10 })), quietTask);
    const root = await session.considerRoot(0x2000, '32-bit');
    const [bare, full] = [
      await reopened(await capsule(session, { roots: [root] })),
      await reopened(await capsule(session, { roots: [root], p2m: true })),
    ];
    expect((await bare.summary()).frameWord).toBe('MFN');
    expect(bare.opened.dump.frameNumbers).toBeUndefined();
    expect(full.opened.dump.frameNumbers?.mfns).toEqual(session.opened.dump.frameNumbers?.mfns);
  });

  test('names the version that package.json does', async () => {
    const { default: own } = await import('../../package.json', { with: { type: 'json' } });
    expect((await make().then((session) => session.summary())).problems[0]?.text).toContain(`pagewalk ${own.version} `);
  });
});
