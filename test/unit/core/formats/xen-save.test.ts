import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { machineAddress, virtualPage } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { openSession } from '#core/session/session.ts';
import { withinMemory } from '../../../support/answers.ts';
import { joinBytes, SparseMemory } from '../../../support/dump-builder.ts';
import { TableBuilder } from '../../../support/table-builder.ts';
import { startInfo } from '../../../support/xen-core-builder.ts';
import { record, type SaveShape, xenSave } from '../../../support/xen-save-builder.ts';

const ROOT = 0x142;
const PINNED_L3 = 0xb;
const L1 = 1;

/** A 32-bit PV guest as a saver leaves it: tables hold PFNs, PDPTEs keep the rights that a 64-bit Xen gave them. */
function guest(): SparseMemory {
  const memory = new SparseMemory();
  const tables = new TableBuilder(memory, 'pae', { root: ROOT * 4096, firstFrame: ROOT + 1 });
  for (let pfn = 0; pfn < 32; pfn++) tables.map(0xc0000000n + BigInt(pfn) * 4096n, BigInt(pfn) * 4096n, { flags: 0x63n });
  for (let pfn = 0; pfn < 32; pfn++) memory.word(pfn * 4096, 0x1000 + pfn, 4);
  for (const slot of [0, 1, 2, 3]) {
    const entry = memory.readWord(ROOT * 4096 + slot * 8);
    if (entry !== 0n) memory.word(ROOT * 4096 + slot * 8, entry | 0x67n);
  }
  return memory;
}

const typeOf = (pfn: number): number => (pfn === ROOT ? PINNED_L3 : pfn === ROOT + 2 ? L1 : 0);
const SHAPE: SaveShape = { cr3: [ROOT * 4096], typeOf };
const openBytes = (bytes: Uint8Array) => openDump(bytesSource(bytes), quietTask);
const opened = (shape: Partial<SaveShape> = {}) => openBytes(xenSave(guest(), { ...SHAPE, ...shape }));

async function wordAt(dump: Awaited<ReturnType<typeof opened>>['dump'], pfn: number): Promise<number | string | undefined> {
  const [piece] = await dump.image.read([{ start: machineAddress(pfn * 4096), length: 4 }]);
  const [run] = piece?.presence ?? [];
  return run?.presence === 'held' && piece ? new DataView(piece.bytes.buffer, piece.bytes.byteOffset).getUint32(0, true) : run?.reason;
}

test('pages far apart cost the memory of pages, not of all between', async () => {
  const bytes = new Uint8Array(4096);
  const far = [0x3ff_ffff, 0xfff_ffff, 0x7000].map((pfn) => ({ pfn, type: PINNED_L3, bytes }));
  const { dump } = await withinMemory(() => opened({ later: far }));
  const pinned = dump.roots.filter(({ origin }) => origin === 'pinned L3').map(({ address }) => address / 4096);
  expect(pinned).toEqual([0x7000, 0x3ff_ffff, 0xfff_ffff]);
  expect(dump.frameNote?.(0x3ff_ffff)).toContain('an L3 table, pinned');
  expect(dump.frameNote?.(0x3ff_fffe)).toBeUndefined();
}, 20_000);

describe('a saved PV guest', () => {
  test.each(['xl', 'libxl', 'libxc'] as const)('is read in the wrapping of %s, by PFN', async (wrapped) => {
    for (const version of [2, 3] as const) {
      const { dump, format } = await opened({ wrapped, version, batch: 7 });
      expect(format.id).toBe('xen-save');
      expect(dump.problems.filter(({ severity }) => severity !== 'note')).toEqual([]);
      expect(dump.problems.some(({ text }) => text.includes('PFN'))).toBe(true);
      expect(dump.roots).toMatchObject([
        { address: ROOT * 4096, mode: 'pae-under-xen64', origin: 'VCPU 0', reason: expect.stringContaining('PFN 142') },
      ]);
      expect(await wordAt(dump, 7)).toBe(0x1007);
      expect(await wordAt(dump, 0x500)).toContain('no page of the guest’s');
    }
  });

  test('is walked through its rewritten tables', async () => {
    const session = await openSession(bytesSource(xenSave(guest(), SHAPE)), quietTask);
    const [root] = (await session.summary()).roots;
    if (!root) throw new Error('no root');
    const { outcome } = await session.translate(root, { page: virtualPage(0xc0007), offset: 0x10 });
    expect(outcome).toMatchObject({ kind: 'mapped', frame: 7, machineAddress: 7 * 4096 + 0x10 });
    const [table] = await session.readPages(root, 'machine', ROOT + 2, 1);
    expect(table?.note).toBe('The stream calls this page an L1 table.');
  });

  test('numbers its frames as the guest does, and says so', async () => {
    expect((await opened()).dump.frameWord).toBe('PFN');
    expect((await openBytes(xenSave(guest(), { ...SHAPE, hvm: true }))).dump.frameWord).toBe('frame');
  });

  test('of a page sent again the last counts, and a page without bytes says why', async () => {
    const again = new Uint8Array(4096).fill(0x77);
    const { dump } = await opened({
      later: [
        { pfn: 7, bytes: again },
        { pfn: 0x300, type: 0xf },
        { pfn: 0x301, type: 0xd },
      ],
    });
    expect(await wordAt(dump, 7)).toBe(0x77777777);
    expect(await wordAt(dump, 8)).toBe(0x1008);
    expect(await wordAt(dump, 0x300)).toBe('sent without its bytes: no page: a hole');
    expect(await wordAt(dump, 0x301)).toContain('memory fault');
    expect(dump.problems.some(({ text }) => text.startsWith('1 pages were sent again'))).toBe(true);
  });

  test('a folded CR3 is unfolded, and pinned roots that no CPU has are roots too', async () => {
    const memory = guest();
    const high = 0x142_345;
    memory.write(high * 4096, memory.frame(ROOT));
    const folded = (((high << 12) >>> 0) | (high >>> 20)) >>> 0;
    const { dump } = await openBytes(xenSave(memory, { cr3: [folded], typeOf }));
    expect(dump.roots.map(({ address, origin }) => [address / 4096, origin])).toEqual([
      [high, 'VCPU 0'],
      [ROOT, 'pinned L3'],
    ]);
  });

  test('cut short it keeps what came, and offers the pinned root', async () => {
    const whole = xenSave(guest(), { ...SHAPE, wrapped: 'libxc' });
    const { dump } = await openBytes(whole.subarray(0, whole.length - 2800));
    expect(dump.roots).toMatchObject([{ address: ROOT * 4096, origin: 'pinned L3' }]);
    expect(dump.problems.some(({ severity }) => severity === 'loss')).toBe(true);
    expect(await wordAt(dump, 7)).toBe(0x1007);
  });

  test('an unknown record that must not be passed over stops it, one that may does not; absurd lengths and counts are refused', async () => {
    const stream = xenSave(guest(), { ...SHAPE, wrapped: 'libxc' });
    const spliced = (bytes: Uint8Array) => joinBytes([stream.subarray(0, 40), bytes, stream.subarray(40)]);
    expect((await openBytes(spliced(record(0x8000_0042, new Uint8Array(20))))).dump.roots).toHaveLength(1);
    for (const bad of [
      record(0x42, new Uint8Array(8)),
      Uint8Array.of(1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff),
      record(1, Uint8Array.of(0xff, 0xff, 0xff, 0x7f, 0, 0, 0, 0)),
    ]) {
      const { dump } = await openBytes(spliced(bad));
      expect(dump.problems.some(({ text }) => text.startsWith('The record at byte 40 cannot be used'))).toBe(true);
    }
  });
});

test('a saved HVM guest has the CPU’s mode, with NX from EFER', async () => {
  const memory = new SparseMemory();
  new TableBuilder(memory, '4-level', { root: 0x2000, firstFrame: 3 }).map(0xffffffff81000000n, 0x9000n);
  const { dump } = await openBytes(xenSave(memory, { hvm: true, cr3: [0x2000] }));
  expect(dump.roots).toMatchObject([{ address: 0x2000, mode: '4-level', features: { nxe: true, known: true }, cpu: { cr3: 0x2000, cr4: 0x6f0 } }]);
});

test('a stream of old is refused with the tool that converts it', async () => {
  const { dump } = await opened({ legacy: true });
  expect(dump.problems[0]).toMatchObject({ severity: 'stop', text: expect.stringContaining('convert-legacy-stream') });
});

describe('what Xen and a saved guest share', () => {
  const START = 0x1c;
  const sharedInfo = Uint8Array.from({ length: 4096 }, () => 0);
  new DataView(sharedInfo.buffer).setUint32(2316, 0x4000, true);
  const withStart = (
    page = startInfo(4, { pages: 0x4000, sharedInfo: 0x7_7777, ptBase: 0xc0014000n, mfnList: 0xc0018000n, store: 0x1d, console: 0x1e }),
  ) => {
    const memory = guest();
    memory.write(START * 4096, page);
    return xenSave(memory, { ...SHAPE, startInfo: START, sharedInfo });
  };
  const facts = async (bytes: Uint8Array) => {
    const session = await openSession(bytesSource(bytes), quietTask);
    const [root] = (await session.summary()).roots;
    if (!root) throw new Error('no root');
    return { session, root, xen: await session.xen(root) };
  };

  test('is found: start_info by VCPU 0’s EDX, shared_info in its record', async () => {
    const bytes = withStart();
    const { session, root, xen } = await facts(bytes);
    expect(xen).toMatchObject({ isSaved: true, p2ms: [], startInfo: { frame: START, seenAt: { page: 0xc001c, offset: 0 }, wordBytes: 4 } });
    const fields = Object.fromEntries(xen?.startInfo?.fields.map((field) => [field.name, field]) ?? []);
    expect(fields['nr_pages']).toMatchObject({ value: 0x4000 });
    expect(fields['store_mfn']).toMatchObject({ value: 0x1d, meaning: 'PFN of the xenstore ring' });
    expect(fields['shared_info']?.meaning).toContain('on the host that it was saved on');
    expect(xen?.sharedInfo?.frame).toBeUndefined();
    expect(xen?.sharedInfo?.fields.find(({ name }) => name === 'arch.max_pfn')).toMatchObject({ value: 0x4000 });
    const at = xen?.sharedInfo?.fileOffset ?? 0;
    expect(bytes.subarray(at, at + 4096)).toEqual(sharedInfo);
    const [page] = await session.readPages(root, 'virtual', 0xc001c, 1);
    expect(page?.struct?.name).toBe('start_info');
  });

  test('gives no frame a second number', async () => {
    const { session, root } = await facts(withStart());
    const walk = await session.translate(root, { page: virtualPage(0xc0007), offset: 0 });
    expect(walk.outcome).toMatchObject({ kind: 'mapped', frame: 7 });
    expect(walk.outcome).not.toHaveProperty('guestFrame');
    expect(walk.outcome).not.toHaveProperty('expectedGuestFrame');
    expect(await session.passport(root, 7)).not.toHaveProperty('m2p');
    expect(await session.m2pWord(root, 7)).toBeUndefined();
  });

  test('is told as missing where the register leads to another page, or to none', async () => {
    for (const bytes of [withStart(new Uint8Array(4096)), xenSave(guest(), { ...SHAPE, startInfo: 0xffff_fff0 }), xenSave(guest(), SHAPE)]) {
      const { xen } = await facts(bytes);
      expect(xen).toMatchObject({ isSaved: true });
      expect(xen).not.toHaveProperty('startInfo');
    }
    expect((await facts(xenSave(guest(), SHAPE))).xen).not.toHaveProperty('sharedInfo');
  });
});
