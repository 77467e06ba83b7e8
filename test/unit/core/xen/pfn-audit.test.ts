import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { usualFeatures } from '#core/paging/modes.ts';
import { fetchTables } from '#core/tables/fetch-tables.ts';
import { confirmTables } from '#core/xen/confirm-slips.ts';
import { invertP2m, NO_FRAME, type P2m } from '#core/xen/frame-numbers.ts';
import type { M2p } from '#core/xen/m2p.ts';
import { auditPfns, type PfnAudit, type PfnAuditInput } from '#core/xen/pfn-audit.ts';
import { SLIP_REASONS, type SlipRun } from '#core/xen/slip-runs.ts';
import { elfDump, SparseMemory } from '../../../support/dump-builder.ts';
import { type BuiltMode, TableBuilder } from '../../../support/table-builder.ts';

const PFNS = 0x400;
const FIRST_MFN = 0x21000;
/** PFN p is machine frame FIRST_MFN + this: scattered, so that no two neighbours are neighbours. */
const mfnOf = (pfn: number): number => FIRST_MFN + ((pfn * 7) % PFNS);
/** The tables' own PFNs, last of all. */
const TABLES = 0x21400;

const BASE = { '32-bit': 0xc0000000n, pae: 0xc0000000n, '4-level': 0xffffffff80000000n } as const;
const pagesOf = { '32-bit': 2 ** 20, pae: 2 ** 20, '4-level': 2 ** 36 } as const;
type Mode = keyof typeof BASE;

class Guest {
  readonly memory = new SparseMemory();
  readonly tables: TableBuilder;

  constructor(readonly mode: Mode) {
    this.tables = new TableBuilder(this.memory, mode as BuiltMode, { root: TABLES * 4096, firstFrame: TABLES + 1 });
    for (let pfn = 0; pfn < 64; pfn++) this.map(BASE[mode] + BigInt(pfn) * 4096n, mfnOf(pfn));
  }

  map(virtual: bigint, frame: number): this {
    this.tables.map(virtual, BigInt(frame) * 4096n, { flags: 0x63n });
    return this;
  }

  p2m(): P2m {
    const tables = [...this.memory.frames.keys()].filter((mfn) => mfn >= TABLES).sort((a, b) => a - b);
    const mfns = Uint32Array.from([...Array.from({ length: PFNS }, (_, pfn) => mfnOf(pfn)), ...tables]);
    return { mfns, count: mfns.length, source: 'made' };
  }

  async audit(more: Partial<PfnAuditInput> = {}): Promise<PfnAudit> {
    const { dump } = await openDump(bytesSource(elfDump(this.memory)), quietTask);
    const forest = await fetchTables(dump.image, { address: this.tables.root, mode: this.mode }, usualFeatures, quietTask);
    const p2m = more.p2m ?? this.p2m();
    const input: PfnAuditInput = {
      forest,
      p2m,
      pfns: invertP2m(p2m),
      guestPages: [{ firstPage: 0, pageCount: pagesOf[this.mode] }],
      bases: [Number(BigInt.asUintN(48, BASE[this.mode]) / 4096n)],
      lent: new Set(),
      ...more,
    };
    const audit = auditPfns(input);
    await confirmTables(dump.image, input, audit);
    return audit;
  }
}

const rowsOf = ({ runs }: PfnAudit): SlipRun[] => Array.from({ length: runs.count }, (_, row) => runs.at(row));
const pageOf = (virtual: bigint): number => Number(BigInt.asUintN(48, virtual) / 4096n);

describe.each(['32-bit', 'pae', '4-level'] as const)('entries of a %s guest', (mode) => {
  const at = (pfn: number): bigint => BASE[mode] + BigInt(pfn) * 4096n;

  test('that all hold MFNs are no slips', async () => {
    const audit = await new Guest(mode).audit();
    expect(audit.runs.count).toBe(0);
    expect(audit.checked).toBe(64 + { '32-bit': 1, pae: 2, '4-level': 3 }[mode]);
  });

  test('at the builder’s address with the builder’s PFN are found for certain, neighbours as one run', async () => {
    const audit = await new Guest(mode).map(at(5), 5).map(at(20), 20).map(at(21), 21).map(at(22), 22).audit();
    expect(rowsOf(audit)).toMatchObject([
      { firstPage: pageOf(at(5)), pfn: 5, entries: 1, reason: 'place', namesTable: false },
      { firstPage: pageOf(at(20)), pfn: 20, entries: 3, reason: 'place' },
    ]);
    expect(audit.runs.entriesFor('place')).toBe(4);
  });

  test('between entries that lead to the PFNs beside are found', async () => {
    const guest = new Guest(mode);
    for (let i = 0; i < 8; i++) guest.map(0x8048000n + BigInt(i) * 4096n, i === 3 ? 0x103 : mfnOf(0x100 + i));
    expect(rowsOf(await guest.audit())).toMatchObject([{ firstPage: 0x804b, pfn: 0x103, reason: 'neighbour', entries: 1 }]);
  });

  test('that are numbers and no more are told apart, and frames beyond the guest’s numbers are none', async () => {
    const guest = new Guest(mode).map(0x8048000n, 0x333).map(0x8050000n, 0x30000).map(0x8051000n, 0xb8);
    expect(rowsOf(await guest.audit())).toMatchObject([{ pfn: 0x333, reason: 'number' }]);
  });
});

describe('the hole for devices below 1 MB', () => {
  const at = (pfn: number): bigint => BASE.pae + BigInt(pfn) * 4096n;
  const hole = Array.from({ length: 0x60 }, (_, i) => 0xa0 + i);

  test('mapped where it lies is no slip', async () => {
    const guest = new Guest('pae').map(at(0x9f), mfnOf(0x9f)).map(at(0x100), mfnOf(0x100));
    for (const frame of hole) guest.map(at(frame), frame);
    expect((await guest.audit()).runs.count).toBe(0);
  });

  test('is one where what is around it is held alike', async () => {
    const guest = new Guest('pae').map(at(0x9f), 0x9f);
    for (const frame of hole) guest.map(at(frame), frame);
    expect(rowsOf(await guest.audit())).toMatchObject([{ pfn: 0x9f, entries: 0x61, reason: 'place' }]);
  });
});

describe('entries that name tables', () => {
  /** A PAE guest one of whose PDEs holds the PFN of its page table. */
  function slipped(fill: (guest: Guest) => void = () => undefined): { guest: Guest; pfn: number } {
    const guest = new Guest('pae');
    for (let i = 0; i < 4; i++) guest.map(0x8000000n + BigInt(i) * 4096n, mfnOf(0x200 + i));
    const table = guest.tables.entryAddress(0x8000000n, 2);
    const pfn = guest.p2m().mfns.indexOf(Math.floor(table / 4096));
    fill(guest);
    guest.tables.setEntry(0x8000000n, 1, BigInt(pfn) * 4096n + 0x67n);
    return { guest, pfn };
  }

  test('by PFN are found by what lies at that PFN, and not gone through', async () => {
    const { guest, pfn } = slipped();
    guest.memory.word(pfn * 4096, 0x333 * 4096 + 0x63);
    const audit = await guest.audit();
    expect(rowsOf(audit)).toMatchObject([{ firstPage: 0x8000, level: 1, firstSlot: 64, pfn, namesTable: true, reason: 'table' }]);
    expect(SLIP_REASONS.map((reason) => audit.runs.entriesFor(reason))).toEqual([0, 0, 1, 0]);
  });

  test('are but numbers where nothing like a table lies there', async () => {
    const { guest } = slipped((made) => {
      const frame = Math.floor(made.tables.entryAddress(0x8000000n, 2) / 4096);
      made.memory.write(frame * 4096, new TextEncoder().encode('Hello, this is a page of text and not a page table. '.repeat(70)));
    });
    expect(rowsOf(await guest.audit())).toMatchObject([{ reason: 'number', namesTable: true }]);
  });

  test('beside others that name the tables before and after are found', async () => {
    const guest = new Guest('pae');
    for (const slot of [0n, 1n, 2n]) guest.map(0x8000000n + slot * 0x200000n, mfnOf(0x200 + Number(slot)));
    const middle = Math.floor(guest.tables.entryAddress(0x8200000n, 2) / 4096);
    const pfn = guest.p2m().mfns.indexOf(middle);
    guest.memory.frame(middle).fill(0x41);
    guest.tables.setEntry(0x8200000n, 1, BigInt(pfn) * 4096n + 0x67n);
    expect(rowsOf(await guest.audit())).toMatchObject([{ firstPage: 0x8200, reason: 'neighbour', namesTable: true, pfn }]);
  });

  test('of themselves, and in circles, end', async () => {
    const guest = new Guest('pae');
    const directory = Math.floor(guest.tables.entryAddress(BASE.pae, 1) / 4096);
    guest.tables.setEntry(0xffe00000n, 1, BigInt(directory) * 4096n + 0x63n);
    expect((await guest.audit()).runs.count).toBe(0);
  });
});

describe('what is not the guest’s', () => {
  test('is left out: the hypervisor’s span, its shared_info, and another domain’s frame with a number of its own', async () => {
    const guest = new Guest('pae').map(0xff000000n, 0x123).map(0x8048000n, 0x222);
    expect((await guest.audit()).runs.count).toBe(2);
    const guestPages = [{ firstPage: 0, pageCount: 0xf5800 }];
    expect(rowsOf(await guest.audit({ guestPages }))).toMatchObject([{ pfn: 0x222 }]);
    expect((await guest.audit({ guestPages, lent: new Set([0x222]) })).runs.count).toBe(0);
  });

  test('a large page that reaches into the guest’s span is looked at', async () => {
    const guest = new Guest('pae');
    guest.tables.map(0xf5800000n, 0x200n * 4096n, { flags: 0x81n, up: 1 });
    expect((await guest.audit({ guestPages: [{ firstPage: 0, pageCount: 0xf5801 }] })).runs.count).toBe(1);
    expect((await guest.audit({ guestPages: [{ firstPage: 0, pageCount: 0xf5800 }] })).runs.count).toBe(0);
    expect((await guest.audit({ guestPages: [{ firstPage: 0xf5a00, pageCount: 0x10 }] })).runs.count).toBe(0);
  });

  test('a frame that the M2P gives a PFN of which the P2M is not in the dump may be the guest’s', async () => {
    const guest = new Guest('pae').map(0x8048000n, 0x222);
    const mfns = guest.p2m().mfns;
    mfns[0x301] = NO_FRAME;
    const words = new Uint32Array(1024).fill(NO_FRAME);
    words[0x222] = 0x301;
    const m2p: M2p = { words, held: Uint8Array.of(1), wordsPerPage: 1024, source: 'made' };
    const p2m: P2m = { mfns, count: mfns.length - 1, source: 'made' };
    expect((await guest.audit({ p2m, m2p })).runs.count).toBe(0);
    words[0x222] = NO_FRAME;
    expect((await guest.audit({ p2m, m2p })).runs.count).toBe(1);
  });
});

test('a table full of slips that do not go up is a run an entry, all counted', async () => {
  const guest = new Guest('pae');
  for (let i = 0; i < 512; i++) guest.map(0x8000000n + BigInt(i) * 4096n, 0x100 + ((i * 5) % 512));
  const audit = await guest.audit();
  expect(audit.runs.entriesFor('number')).toBe(512);
  expect(audit.runs.count).toBe(512);
});

test('every entry is judged as the rule says, whatever it holds', async () => {
  const at = (pfn: number): bigint => BASE.pae + BigInt(pfn) * 4096n;
  const held = fc.oneof(
    fc.integer({ min: 0, max: PFNS - 1 }).map(mfnOf),
    fc.integer({ min: 0, max: PFNS + 200 }),
    fc.constant('builder' as const),
    fc.constant('nothing' as const),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(held, { maxLength: 200 }),
      fc.uniqueArray(fc.integer({ min: 0, max: PFNS - 1 }), { maxLength: 8 }),
      async (holds, given) => {
        const guest = new Guest('pae');
        const frames = holds.map((one, pfn) => (one === 'builder' ? pfn : one));
        frames.forEach((frame, pfn) => {
          if (frame === 'nothing') guest.tables.setEntry(at(pfn), 2, 0n);
          else guest.map(at(pfn), frame);
        });
        const { mfns } = guest.p2m();
        for (const pfn of given) mfns[pfn] = NO_FRAME;
        const p2m: P2m = { mfns, count: mfns.length - given.length, source: 'made' };
        const own = new Set(mfns);
        const audit = await guest.audit({ p2m });
        const found = rowsOf(audit).flatMap(({ firstPage, entries, pfn, reason }) =>
          Array.from({ length: entries }, (_, i) => ({ page: firstPage + i, pfn: pfn + i, reason })),
        );
        expect(found.length).toBe(SLIP_REASONS.reduce((sum, reason) => sum + audit.runs.entriesFor(reason), 0));
        const reasonOf = new Map(
          found.filter(({ page }) => page < 0xc0000 + holds.length).map(({ page, pfn, reason }) => [`${page} ${pfn}`, reason]),
        );
        const suspects = frames.flatMap((frame, pfn) =>
          frame !== 'nothing' && !own.has(frame) && frame < mfns.length && mfns[frame] !== NO_FRAME ? [{ frame, pfn }] : [],
        );
        for (const { frame, pfn } of suspects) {
          const reason = reasonOf.get(`${0xc0000 + pfn} ${frame}`);
          const isOfHole = frame >= 0xa0 && frame < 0x100;
          if (!isOfHole) expect(reason === 'place').toBe(frame === pfn);
          if (!isOfHole) expect(reason).toBeDefined();
          reasonOf.delete(`${0xc0000 + pfn} ${frame}`);
        }
        expect([...reasonOf]).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});
