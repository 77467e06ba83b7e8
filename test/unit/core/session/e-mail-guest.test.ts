import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { virtualPage } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import type { RootChoice, Translation, Verdict } from '#core/session/contract.ts';
import { openSession, type Session } from '#core/session/session.ts';
import { eMailGuestDump, GUEST_L3, HARDWARE_PDPT, mfnOf } from '../../../support/e-mail-guest.ts';

const SAMPLE = 'public/samples/xen-mail-guest.elf.gz';
const MAIL = 'public/samples/xen-devel-pae-guest-address-maps.txt';

const at = (va: number) => ({ page: virtualPage(Math.floor(va / 4096)), offset: va % 4096 });

async function opened(bytes: Uint8Array): Promise<{ session: Session; root: RootChoice }> {
  const session = await openSession(bytesSource(bytes), quietTask);
  const [root] = (await session.summary()).roots;
  if (!root) throw new Error('no root');
  return { session, root };
}

let machine: { session: Session; root: RootChoice };
beforeAll(async () => {
  machine = await opened(eMailGuestDump());
});

/** The sample is what the builder makes; PAGEWALK_WRITE_SAMPLES=1 writes it anew. */
test('the sample that ships is this very image', async () => {
  const dump = eMailGuestDump();
  if (process.env['PAGEWALK_WRITE_SAMPLES']) await writeFile(SAMPLE, gzipSync(dump, { level: 9 }));
  const shipped = await readFile(SAMPLE);
  expect(shipped.length).toBeLessThan(100_000);
  expect(Buffer.compare(gunzipSync(shipped), Buffer.from(dump))).toBe(0);
});

describe('the e-mail’s text and the machine behind it', () => {
  test('agree on every entry that the text holds', async () => {
    const text = await opened(new Uint8Array(await readFile(MAIL)));
    const entriesOf = ({ steps }: Translation) => steps.map(({ low, high, presence }) => ({ low, high, presence }));
    let compared = 0;
    for (let va = 0; va < 2 ** 32; va += 2 ** 21) {
      const printed = entriesOf(await text.session.translate(text.root, at(va)));
      const real = entriesOf(await machine.session.translate(machine.root, at(va)));
      for (const [level, entry] of printed.entries()) {
        if (entry.presence !== 'held') continue;
        expect({ va: va.toString(16), level, low: real[level]?.low, high: real[level]?.high }).toEqual({
          va: va.toString(16),
          level,
          low: entry.low,
          high: entry.high,
        });
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(500);
  });

  test('agree on every PFN that the text only lets expect, and on frames that are no guest’s', async () => {
    const text = await opened(new Uint8Array(await readFile(MAIL)));
    const views = await Promise.all([[], [3]].map((path) => text.session.table(text.root, path)));
    const numbered = views.flatMap((view) => (view ? [view, ...view.rows] : []));
    const expected = numbered.filter(({ expectedGuestFrame }) => expectedGuestFrame !== undefined);
    for (const { frame = 0, expectedGuestFrame } of expected)
      expect(await machine.session.passport(machine.root, frame)).toMatchObject({ guestFrame: expectedGuestFrame });
    const none = numbered.filter(({ noGuestFrame }) => noGuestFrame !== undefined);
    for (const { frame = 0 } of none) expect((await machine.session.passport(machine.root, frame)).guestFrame).toBeUndefined();
    // fb153, and each PD twice or more: as an entry of the L3 and of the linear page table.
    expect(new Set(expected.map(({ frame }) => frame)).size).toBe(5);
    expect(none.length).toBeGreaterThan(4);
  });

  test('a word that reaches past the segment limit is refused whole; one over a page’s end meets both pages', async () => {
    const rowsOf = async (va: number, bytes: number) => (await machine.session.explain(machine.root, at(va), bytes)).verdicts;
    const kernel = async (va: number, bytes: number) => (await rowsOf(va, bytes)).find(({ who }) => who.startsWith('ring 1'));
    expect((await kernel(0xf67ffffc, 4))?.read.fault).toBe('#PF 0');
    expect((await kernel(0xf67ffffd, 4))?.read.fault).toBe('#GP');
    expect((await kernel(0xf67ffffd, 3))?.read.fault).toBe('#PF 0');
    // The last mapped page of the M2P, and nothing behind it.
    expect((await kernel(0xf5bffffe, 2))?.read.allowed).toBe(true);
    expect(await kernel(0xf5bffffe, 4)).toMatchObject({
      read: { fault: '#PF 0' },
      write: { fault: '#PF 3' },
      decidedBy: expect.stringContaining('in the next page: P 0'),
    });
  });

  test('the CPU’s PDPT is a copy of the guest’s L3', async () => {
    expect(machine.root.address).toBe(HARDWARE_PDPT);
    const guest = await machine.session.considerRoot(GUEST_L3 * 4096, 'pae');
    for (const va of [0xc0000000, 0xf5800000, 0xfde00000, 0xfffff000])
      expect((await machine.session.translate(guest, at(va))).outcome).toEqual((await machine.session.translate(machine.root, at(va))).outcome);
  });
});

/** What the guest's kernel got on the real machine, at the first byte of each: read, write. */
const PROBES: readonly (readonly [va: number, read: string, write: string])[] = [
  [0xc0000000, 'yes', 'yes'],
  [0xc03ae000, 'yes', '#PF 3'],
  [0xf57ffffc, '#PF 0', '#PF 2'],
  [0xf5800000, 'yes', '#PF 3'],
  [0xf5bffffc, 'yes', '#PF 3'],
  [0xf5c00000, '#PF 0', '#PF 2'],
  [0xf67ffffc, '#PF 0', '#PF 2'],
  [0xf6800000, '#GP', '#GP'],
  [0xfc800000, '#GP', '#GP'],
  [0xfde00000, '#GP', '#GP'],
  [0xfe000000, '#GP', '#GP'],
  [0xff000000, '#GP', '#GP'],
  [0xfffff000, '#GP', '#GP'],
];

const answer = (verdict: Verdict | undefined): string | undefined => (verdict?.allowed === true ? 'yes' : verdict?.fault);

describe('what is true of the real guest', () => {
  test.each(PROBES)('ring 1 at %x may read: %s, write: %s', async (va, read, write) => {
    const { verdicts } = await machine.session.explain(machine.root, at(va));
    const ring1 = verdicts.find(({ who }) => who.startsWith('ring 1'));
    expect([answer(ring1?.read), answer(ring1?.write)]).toEqual([read, write]);
  });

  test.each([
    [0xfb153, 0x3ae, 0xf5bec54c, 0xfbbec54c],
    [0xfb14f, 0x3b2, 0xf5bec53c, 0xfbbec53c],
    [0xd1620, 0, 0xf5b45880, 0xfbb45880],
    [0x22e, 0xffffffff, 0xf58008b8, 0xfbc008b8],
    [0x1800, 0x55555555, 0xf5806000, 0xfbc06000],
  ])('M2P[%x] is %x', async (mfn, value, va, machineAddress) => {
    expect(await machine.session.m2pWord(machine.root, mfn)).toMatchObject({ value, seenAt: at(va), machineAddress });
  });

  test('P2M and M2P are inverse, both P2Ms agree, and nothing holds a PFN for an MFN', async () => {
    const facts = await machine.session.xen(machine.root);
    expect(facts?.p2ms.map(({ count }) => count)).toEqual([0x2000, 0x2000]);
    expect(facts?.p2mDifferences).toEqual([]);
    expect(facts?.check?.p2m).toEqual({ agree: 0x2000, disagree: 0, unknown: 0, noFrame: 0 });
    expect(facts?.check?.m2p).toMatchObject({ ours: 0x2000, foreign: 0x1000, invalid: 1294, unknown: 0, unmapped: 0 });
    expect(facts?.startInfo).toMatchObject({ frame: 0xfb156, guestFrame: 0x3ab, seenAt: at(0xc03ab000) });
    expect(await machine.session.p2mWord(machine.root, 0x3ae)).toMatchObject({ value: 0xfb153 });
    expect(mfnOf(0x3ae)).toBe(0xfb153);
  });

  test('the linear page table finds every entry: PTE at FD800000 + (va >> 12) × 8', async () => {
    for (const [va, seen, value] of [
      [0xc0000000, 0xfde00000, 0xd1620063],
      [0xc0100000, 0xfde00800, 0xfb401023],
      [0xfde00000, 0xfdfef000, 0xfb14e067],
      [0xfdfef000, 0xfdfeff78, 0xfb14f063],
      [0xff000000, 0xfdff8000, 0x63],
    ] as const) {
      const { outcome } = await machine.session.translate(machine.root, at(seen));
      const [page] = outcome.kind === 'mapped' ? await machine.session.readPages(machine.root, 'machine', outcome.frame, 1) : [];
      expect(page && new DataView(page.bytes.buffer, page.bytes.byteOffset).getUint32(seen % 4096, true)).toBe(value);
      const { sentences, more = [] } = await machine.session.explain(machine.root, at(va));
      const text = [...sentences, ...more].flatMap(({ parts }) => parts.map((part) => (typeof part === 'string' ? part : part.text))).join('');
      expect(text).toContain(seen.toString(16).toUpperCase());
    }
  });
});
