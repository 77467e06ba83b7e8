import { beforeAll, describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { virtualPage } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import type { RootChoice } from '#core/session/contract.ts';
import { openSession, type Session } from '#core/session/session.ts';
import { elfDump, SparseMemory } from '../../../support/dump-builder.ts';
import { TableBuilder } from '../../../support/table-builder.ts';
import { startInfo, xenCore } from '../../../support/xen-core-builder.ts';

const PAGES = 40;
const ROOT = 0x21d44;
/** 2 MB aligned, as Xen allocates it. */
const M2P = 0x30000;
const SHARED = 0x27bbf;
/** The guest's frames run down, as Xen 3.0 gives them out; its page tables lie elsewhere. */
const mfnOf = (pfn: number): number => 0x21c40 - pfn;
const LIST = 20;
const START = 22;
const HYPERCALL = 3;
/** Mapped by the guest and owned by none. */
const FOREIGN = 0x21e00;
const LYING = 9;
const GONE = 10;

/** Guest of 40 pages and its tables, P2M, start_info, shared_info; with an M2P of which two pages are there. */
function guest(): { memory: SparseMemory; pairs: [number, number][] } {
  const memory = new SparseMemory();
  const tables = new TableBuilder(memory, 'pae', { root: ROOT * 4096, firstFrame: ROOT + 1 });
  for (let pfn = 0; pfn < PAGES; pfn++) if (pfn !== GONE) tables.map(0xc0000000n + BigInt(pfn) * 4096n, BigInt(mfnOf(pfn)) * 4096n, { flags: 0x63n });
  tables.map(0xc0000000n + BigInt(PAGES) * 4096n, BigInt(ROOT) * 4096n, { flags: 0x21n });
  tables.map(0xc0030000n, BigInt(SHARED) * 4096n, { flags: 0x63n });
  tables.map(0xc0032000n, BigInt(FOREIGN) * 4096n, { flags: 0x63n });
  tables.map(0xf5800000n, BigInt(M2P) * 4096n, { flags: 0x81n, up: 1 });
  // A 64-bit Xen gives the PDPTEs rights.
  for (const slot of [0n, 1n, 2n, 3n]) {
    const at = ROOT * 4096 + Number(slot) * 8;
    const entry = memory.readWord(at);
    if (entry !== 0n) memory.word(at, entry | 0x67n);
  }
  const pairs: [number, number][] = [];
  for (let pfn = 0; pfn < PAGES; pfn++) if (pfn !== GONE) pairs.push([pfn, mfnOf(pfn)]);
  const built = [...memory.frames.keys()].sort((a, b) => a - b);
  built.forEach((mfn, at) => {
    pairs.push([PAGES + at, mfn]);
  });
  structures(memory, pairs, PAGES + built.length);
  return { memory, pairs };
}

function structures(memory: SparseMemory, pairs: readonly [number, number][], total: number): void {
  for (let pfn = 0; pfn < 1024; pfn++) memory.word(mfnOf(LIST) * 4096 + pfn * 4, 0xffffffff, 4);
  for (const [pfn, mfn] of pairs) memory.word(mfnOf(LIST) * 4096 + pfn * 4, mfn, 4);
  const info = { pages: total, sharedInfo: SHARED, ptBase: 0xc0000000n + BigInt(PAGES) * 4096n, mfnList: 0xc0000000n + BigInt(LIST) * 4096n };
  memory.write(mfnOf(START) * 4096, startInfo(4, info));
  for (let stub = 0; stub < 128; stub++) memory.write(mfnOf(HYPERCALL) * 4096 + stub * 32, Uint8Array.of(0xb8, stub, 0, 0, 0, 0xcd, 0x82, 0xc3));
  for (let pfn = 0; pfn < PAGES; pfn++) memory.frame(mfnOf(pfn));
}

/** The same guest in a machine's memory, with the pages of the M2P that speak of its frames. */
function machine(): Uint8Array {
  const { memory, pairs } = guest();
  for (const page of [0x21c00, 0x21d44].map((mfn) => M2P * 4096 + mfn * 4)) {
    const from = page - (page % 4096);
    for (let at = from; at < from + 4096; at += 4) memory.word(at, 0xffffffff, 4);
  }
  for (const [pfn, mfn] of pairs) memory.word(M2P * 4096 + mfn * 4, pfn === LYING ? 0xbadf : pfn, 4);
  const sharedAt = SHARED * 4096;
  memory.word(sharedAt + 2316, 0, 4);
  return elfDump(memory, { cpus: [{ cr3: ROOT * 4096, cr4: 0x20, cs: 0xe019 }] });
}

async function opened(bytes: Uint8Array): Promise<{ session: Session; root: RootChoice }> {
  const session = await openSession(bytesSource(bytes), quietTask);
  const [root] = (await session.summary()).roots;
  if (!root) throw new Error('the dump names a root');
  return { session, root };
}

describe('a core of a PV guest', () => {
  let session: Session;
  let root: RootChoice;
  beforeAll(async () => {
    const { memory, pairs } = guest();
    const shared = new Uint8Array(4096);
    ({ session, root } = await opened(xenCore(memory, { pairs, cr3: [ROOT * 4096], sharedInfo: shared })));
  });

  test('gives each frame its second number: in rows, walks and passports', async () => {
    const table = await session.table(root, [3, 0], undefined, true);
    expect(table?.rows.find(({ firstSlot }) => firstSlot === 5)).toMatchObject({ frame: mfnOf(5), guestFrame: 5 });
    const walk = await session.translate(root, { page: virtualPage(0xc0007), offset: 0x123 });
    expect(walk.outcome).toMatchObject({ kind: 'mapped', frame: mfnOf(7), guestFrame: 7 });
    expect(walk.steps.every(({ tableNumber }) => (tableNumber?.guestFrame ?? -1) >= PAGES)).toBe(true);
    const passport = await session.passport(root, mfnOf(7));
    expect(passport).toMatchObject({ guestFrame: 7, p2m: { value: mfnOf(7) }, m2p: { index: mfnOf(7) } });
    expect(passport.m2p?.value).toBeUndefined();
    expect(passport.m2p?.reason).toContain('30087');
  });

  test('tells P2M words with their place in the file, and numbers without a frame', async () => {
    expect(await session.p2mWord(root, 7)).toMatchObject({ value: mfnOf(7), fileOffset: expect.any(Number) });
    expect((await session.p2mWord(root, GONE))?.value).toBeUndefined();
    expect((await session.p2mWord(root, 0xfffff))?.meaning).toContain('beyond');
  });

  test('its initial memory is named on the map', async () => {
    const { regions } = await session.atlas(root);
    expect(regions.map(({ name }) => name)).toEqual(expect.arrayContaining(['P2M list', 'start_info']));
    expect(regions.find(({ name }) => name === 'P2M list')).toMatchObject({ firstPage: 0xc0000 + LIST, pageCount: 1 });
  });

  test('its own list agrees with the dump’s index', async () => {
    const facts = await session.xen(root);
    expect(facts?.p2ms.map(({ count }) => count)).toEqual([facts?.p2ms[0]?.count, facts?.p2ms[0]?.count]);
    expect(facts?.p2mDifferences).toEqual([]);
    expect(facts?.startInfo).toMatchObject({ frame: mfnOf(START), guestFrame: START, seenAt: { page: 0xc0000 + START } });
    expect(facts?.sharedInfo).toMatchObject({ frame: SHARED });
    expect(facts?.sharedInfo?.guestFrame).toBeUndefined();
    expect(facts?.hypercallPage).toMatchObject({ frame: mfnOf(HYPERCALL), guestFrame: HYPERCALL });
    expect(facts?.m2p).toBeUndefined();
  });
});

describe('the same guest in its machine’s memory', () => {
  let session: Session;
  let root: RootChoice;
  beforeAll(async () => {
    ({ session, root } = await opened(machine()));
  });

  test('is walked as a 64-bit Xen walks it, and frames are MFNs', async () => {
    expect(root.mode).toBe('pae-under-xen64');
    expect((await session.summary()).frameWord).toBe('MFN');
  });

  test('M2P words come with all their places', async () => {
    const word = await session.m2pWord(root, mfnOf(7));
    const at = mfnOf(7) * 4;
    expect(word).toMatchObject({ value: 7, machineAddress: M2P * 4096 + at, seenAt: { page: 0xf5800 + Math.floor(at / 4096), offset: at % 4096 } });
    expect(word?.meaning).toContain('leads back');
    expect((await session.m2pWord(root, mfnOf(LYING)))?.meaning).toContain('has no frame');
    expect(await session.m2pWord(root, 5)).toMatchObject({ reason: expect.any(String), meaning: 'this word is not in the dump' });
    expect((await session.m2pWord(root, 0x80000))?.reason).toContain('7ffff');
  });

  test('a frame without a number is told from one that the dump says nothing of', async () => {
    const rows = (await session.table(root, [3, 0], undefined, true))?.rows ?? [];
    const numberOf = (mfn: number) => rows.find(({ frame }) => frame === mfn);
    expect(numberOf(FOREIGN)?.noGuestFrame).toContain('INVALID_M2P_ENTRY');
    expect(numberOf(FOREIGN)?.guestFrame).toBeUndefined();
    expect(numberOf(SHARED)).toBeDefined();
    expect(numberOf(SHARED)?.noGuestFrame).toBeUndefined();
    const walk = await session.translate(root, { page: virtualPage(0xc0032), offset: 0 });
    expect(walk.outcome).toMatchObject({ kind: 'mapped', noGuestFrame: expect.stringContaining('INVALID') });
  });

  test('the lie is found by the check over the whole image, and nothing else', async () => {
    const { check } = (await session.xen(root)) ?? {};
    expect(check?.disagreements).toEqual([{ pfn: LYING, mfn: mfnOf(LYING), m2p: 0xbadf, kind: 'valid' }]);
    expect(check?.p2m).toMatchObject({ disagree: 1, unknown: 0, noFrame: 1 });
    expect(check?.m2p).toMatchObject({ foreign: 1, stale: 0, ours: check?.p2m.agree });
  });
});

test('in 64 bits the guest’s kernel lies above Xen, and its hypercall page is found there', async () => {
  const memory = new SparseMemory();
  const tables = new TableBuilder(memory, '4-level', { root: ROOT * 4096, firstFrame: ROOT + 1 });
  for (let pfn = 0; pfn < PAGES; pfn++) tables.map(0xffffffff80000000n + BigInt(pfn) * 4096n, BigInt(mfnOf(pfn)) * 4096n, { flags: 0x67n });
  tables.map(0xffff800000000000n, BigInt(M2P) * 4096n, { flags: 0x81n, up: 1 });
  memory.word(ROOT * 4096 + 258 * 8, ROOT * 4096 + 0x63);
  for (let at = 0; at < 4096; at += 8) memory.write(M2P * 4096 + at, new Uint8Array(8).fill(0xff));
  for (let stub = 0; stub < 128; stub++)
    memory.write(mfnOf(HYPERCALL) * 4096 + stub * 32, Uint8Array.of(0x51, 0x41, 0x53, 0xb8, stub, 0, 0, 0, 0x0f, 0x05, 0x41, 0x5b, 0x59, 0xc3));
  const { session, root } = await opened(elfDump(memory, { machine: 62, cpus: [{ cr3: ROOT * 4096, cr4: 0x20 }] }));
  expect((await session.xen(root))?.hypercallPage).toMatchObject({ frame: mfnOf(HYPERCALL), seenAt: { page: 0xffff80003 } });
});

test('a dump that is not Xen’s has one number for a frame', async () => {
  const memory = new SparseMemory();
  new TableBuilder(memory, 'pae', { root: 0x100000, firstFrame: 0x101 }).map(0xc0000000n, 0x110000n);
  const { session, root } = await opened(elfDump(memory, { cpus: [{ cr3: 0x100000, cr4: 0x20 }] }));
  expect((await session.summary()).frameWord).toBe('frame');
  expect(await session.xen(root)).toBeUndefined();
  expect(await session.m2pWord(root, 1)).toBeUndefined();
  expect((await session.table(root, [3, 0]))?.rows.every(({ guestFrame }) => guestFrame === undefined)).toBe(true);
});

test('a 32-bit Xen is known by its linear page table or its M2P twice, a 64-bit one by slot 258: then frames are MFNs', async () => {
  const word = async (memory: SparseMemory, cr3: number, machine = 3) =>
    (await (await opened(elfDump(memory, { machine, cpus: [{ cr3, cr4: 0x20 }] }))).session.summary()).frameWord;
  const pae = (): SparseMemory => {
    const memory = new SparseMemory();
    new TableBuilder(memory, 'pae', { root: 0x100000, firstFrame: 0x101 }).map(0xc0000000n, 0x110000n);
    return memory;
  };
  expect(await word(pae().word(0x101000 + 495 * 8, 0x101063), 0x100000)).toBe('MFN');
  expect(
    await word(
      pae()
        .word(0x101000 + 428 * 8, 0x6000e1)
        .word(0x101000 + 484 * 8, 0x6001e3),
      0x100000,
    ),
  ).toBe('MFN');
  expect(
    await word(
      pae()
        .word(0x101000 + 428 * 8, 0x6000e1)
        .word(0x101000 + 484 * 8, 0x8001e3),
      0x100000,
    ),
  ).toBe('frame');
  const long = (entry: number): SparseMemory => new SparseMemory().word(0x100000 + 258 * 8, entry).word(0x100000, 0x101067);
  expect(await word(long(0x100063), 0x100000, 62)).toBe('MFN');
  expect(await word(long(0x101063), 0x100000, 62)).toBe('frame');
});
