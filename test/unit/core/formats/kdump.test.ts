import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { unlzo1x } from '#core/formats/kdump/lzo1x.ts';
import { unpackerOf } from '#core/formats/kdump/unpack-page.ts';
import { machineAddress } from '#core/memory/address.ts';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import { filesOf, together } from '#core/memory/companions.ts';
import { fingerprint } from '#core/memory/fingerprint.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { elfDump, joinBytes, qemuNotes, SparseMemory, zstd } from '../../../support/dump-builder.ts';
import { asIs, bySnappy, byZlib, flattened, type KdumpShape, kdumpDump, type StoredPage } from '../../../support/kdump-builder.ts';

const open = async (...[first, ...others]: readonly [Uint8Array, ...Uint8Array[]]) =>
  openDump(together([bytesSource(first, 'file 0'), ...others.map((bytes, at) => bytesSource(bytes, `file ${at + 1}`))]), quietTask);

/** Text, a table, zeros twice, noise: far apart. */
function someMemory(): SparseMemory {
  const memory = new SparseMemory();
  memory.write(0x1000, new TextEncoder().encode('kernel page of text, again and again; '.repeat(107)));
  for (let i = 0; i < 512; i++) memory.word(0x2000 + i * 8, 0x63 + i * 4096);
  memory.frame(0x40);
  memory.frame(0x41);
  memory.write(
    0x1_2345_6000,
    Uint8Array.from({ length: 4096 }, (_, i) => (i * i * 31 + i) % 256),
  );
  return memory;
}

async function frameOf(image: MemoryImage, frame: number) {
  const [piece] = await image.read([{ start: machineAddress(frame * 4096), length: 4096 }]);
  return { bytes: piece?.bytes, presence: piece?.presence.map((run) => run.presence), reason: piece?.presence[0]?.reason };
}

async function expectWhole(image: MemoryImage, memory: SparseMemory): Promise<void> {
  for (const [frame, bytes] of memory.frames) expect(await frameOf(image, frame)).toEqual({ bytes, presence: ['held'], reason: undefined });
}

const byZstd = (page: Uint8Array): StoredPage => ({ flags: 0x20, bytes: zstd(page) });
const inTurn = (page: Uint8Array, frame: number): StoredPage => ([asIs, byZlib, bySnappy, byZstd][frame % 4] ?? asIs)(page);

test.each<[string, KdumpShape]>([
  ['zlib', {}],
  ['snappy', { pack: bySnappy }],
  ['zstd', { pack: byZstd }],
  ['all ways in one file', { pack: inTurn }],
  ['fields of a 32-bit header', { narrow: true }],
  ['a diskdump, whose sub header holds registers', { disk: true, version: 1, narrow: true }],
  ['version 5, which has frames in the first header only', { version: 5 }],
])('every page is what it was: %s', async (_, shape) => {
  const memory = someMemory();
  const { dump, format } = await open(kdumpDump(memory, shape));
  expect(format.id).toBe('kdump');
  expect(dump.problems).toEqual([]);
  await expectWhole(dump.image, memory);
});

test('pages packed by LZO itself, by both of its packers, are what they were', () => {
  const fixture = new Uint8Array(readFileSync(new URL('../../../fixtures/pages.lzo', import.meta.url)));
  const pages = lzoPages();
  let at = 0;
  for (let i = 0; at < fixture.length; i++) {
    const length = new DataView(fixture.buffer).getUint32(at, true);
    const stored = fixture.slice(at + 4, at + 4 + length);
    expect(unlzo1x(stored, 4096)).toEqual(pages[Math.floor(i / 2)]);
    expect(unlzo1x(stored, 4095)).toBeUndefined();
    for (let cut = 0; cut < length; cut += 97) expect(unlzo1x(stored.subarray(0, cut), 4096)).toBeUndefined();
    at += 4 + length;
  }
});

/** What the fixture was made of, in order. */
function lzoPages(): Uint8Array[] {
  const noise = new Uint8Array(4096);
  for (let i = 0, x = 1; i < 1024; i++) {
    x = Number((BigInt(x) * 1103515245n + 12345n) & 0x7fff_ffffn);
    noise[i] = (x >> 16) & 255;
  }
  const table = new Uint8Array(4096);
  for (let i = 0; i < 512; i++) new DataView(table.buffer).setUint32(i * 8, 0x63 + i * 4096, true);
  const text = new TextEncoder().encode('kernel page of text, again and again; '.repeat(200)).slice(0, 4096);
  return [Uint8Array.from({ length: 4096 }, (_, i) => ((i * i) >> 3) & 255), text, new Uint8Array(4096), noise, table];
}

describe('one page as the real tools pack it: makedumpfile (zlib, LZO), liblzo2 at its best, libsnappy, zstd', () => {
  const packed: Readonly<Record<string, string>> = JSON.parse(readFileSync(new URL('../../../fixtures/packed-page.json', import.meta.url), 'utf8'));
  const flags: Readonly<Record<string, number>> = { zlib: 1, lzo: 2, lzo999: 2, snappy: 4, zstd: 0x20 };
  const stored = (name: string) => new Uint8Array(Buffer.from(packed[name] ?? '', 'base64'));

  test.each(Object.keys(flags))('%s', async (name) => {
    expect((await unpackerOf(flags[name] ?? 0))(stored(name), 4096)).toEqual(toolsPage());
  });

  test.each(Object.keys(flags))('%s, cut or damaged anywhere, gives a page or a reason', async (name) => {
    const unpack = await unpackerOf(flags[name] ?? 0);
    const whole = stored(name);
    for (let length = 0; length < whole.length; length += 13) expect(unpack(whole.subarray(0, length), 4096)).toBeTypeOf('string');
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, to) => {
        const page = unpack(whole.with(at, to), 4096);
        expect(typeof page === 'string' || page.length === 4096).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

/** 300 entries of a page table, text, noise and zeros: what the tools were given. */
function toolsPage(): Uint8Array {
  const page = new Uint8Array(4096);
  const view = new DataView(page.buffer);
  for (let slot = 0; slot < 300; slot++) view.setUint32(slot * 8, (0x1234_5000 + slot * 4096) | 0x63, true);
  const text = 'the quick brown fox jumps over the lazy dog; ';
  for (let at = 2400; at < 3600; at++) page[at] = text.charCodeAt(at % text.length);
  let noise = 12_345n;
  for (let at = 3600; at < 3900; at++) {
    noise = (noise * 1_103_515_245n + 12_345n) & 0x7fff_ffffn;
    page[at] = Number((noise >> 16n) & 255n);
  }
  return page;
}

test('a zlib page whose checksum is another is none', async () => {
  const { bytes } = byZlib(new Uint8Array(4096).fill(7));
  const unpack = await unpackerOf(1);
  expect(unpack(bytes, 4096)).toEqual(new Uint8Array(4096).fill(7));
  expect(unpack(bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1), 4096)).toBe('the packed bytes of this page do not give a page');
});

test('damaged LZO never throws, hangs or writes too much', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 0, max: 5000 }),
      (bytes, length) => (unlzo1x(bytes, length)?.length ?? length) === length,
    ),
    {
      numRuns: 3000,
    },
  );
});

test('what was left out, what is no memory, and what is above are three answers', async () => {
  const memory = new SparseMemory();
  memory.write(0x5000, Uint8Array.of(1));
  const { dump } = await open(kdumpDump(memory, { leftOut: [9], dumpLevel: 31 }));
  expect((await frameOf(dump.image, 9)).reason).toBe('left out when the dump was made (dump level 31)');
  expect((await frameOf(dump.image, 7)).reason).toBe('no memory of the machine, by the dump’s first bitmap');
  expect((await frameOf(dump.image, 10)).reason).toBe('above the highest frame that the dump speaks of (9)');
  expect(dump.problems.map(({ text }) => text)).toEqual([
    '1 of 2 pages were left out (dump level 31: zero pages, cache, private cache, user pages, free pages).',
  ]);
});

test('a page that cannot be unpacked is absent with the reason, and its neighbours are whole', async () => {
  const memory = new SparseMemory();
  for (let frame = 0; frame < 8; frame++) memory.write(frame * 4096, Uint8Array.of(frame + 1));
  const bad = (page: Uint8Array, frame: number): StoredPage =>
    frame === 3 ? { flags: 1, bytes: Uint8Array.of(0x78, 0x9c, 0xff, 0xff) } : byZlib(page);
  const { dump } = await open(kdumpDump(memory, { pack: bad }));
  const [piece] = await dump.image.read([{ start: machineAddress(0), length: 8 * 4096 }]);
  expect(piece?.presence.map(({ presence, offset, length }) => [presence, offset, length])).toEqual([
    ['held', 0, 3 * 4096],
    ['absent', 3 * 4096, 4096],
    ['held', 4 * 4096, 4 * 4096],
  ]);
  expect(dump.image.whyAbsent(machineAddress(3 * 4096))).toMatch(/^the packed bytes of this page /);
  expect(dump.image.locate(machineAddress(3 * 4096))).toBeUndefined();
  expect(piece?.bytes[4 * 4096]).toBe(5);
});

test('a file cut among its pages keeps those before the cut', async () => {
  const memory = someMemory();
  const whole = kdumpDump(memory, { pack: asIs });
  const { dump } = await open(whole.subarray(0, whole.length - 100));
  expect((await frameOf(dump.image, 1)).presence).toEqual(['held']);
  expect((await frameOf(dump.image, 0x1_2345_6)).reason).toMatch(/past the end of the file, which was cut at [\d,]+ bytes/);
  expect(dump.problems).toEqual([expect.objectContaining({ kind: 'kdump-cut', severity: 'loss', fileOffset: whole.length - 100 })]);
});

test('a file cut among its descriptors has no frame from there on, and says so', async () => {
  const memory = someMemory();
  const descriptorsAt = (2 + 2 * Math.ceil(0x12_3457 / 8 / 4096)) * 4096;
  const { dump } = await open(kdumpDump(memory).subarray(0, descriptorsAt + 4 * 24 + 8));
  expect(dump.problems.map(({ text }) => text)).toEqual([expect.stringContaining('no frame from 123456 up can be found')]);
  expect((await frameOf(dump.image, 0x12_3456)).reason).toMatch(/past the end of the file \(cut at [\d,]+ bytes\), or left out/);
  expect(dump.image.end).toBe(0x42 * 4096);
});

test('a count of frames beyond the bitmaps does not move the pages', async () => {
  const memory = someMemory();
  const { dump } = await open(kdumpDump(memory, { toldFrames: 2 ** 40 }));
  expect((await frameOf(dump.image, 2)).bytes).toEqual(memory.frame(2));
  expect((await frameOf(dump.image, 0x12_3456)).bytes).toEqual(memory.frame(0x12_3456));
});

test('a packed page that gives fewer bytes than a page is absent, not zero behind them', async () => {
  const memory = new SparseMemory();
  memory.write(0, Uint8Array.of(1));
  const short = (page: Uint8Array): StoredPage => ({ flags: 0x20, bytes: zstd(page.subarray(0, 100)) });
  const { dump } = await open(kdumpDump(memory, { pack: short }));
  expect(await frameOf(dump.image, 0)).toMatchObject({ presence: ['absent'], reason: 'the packed bytes of this page do not give a page' });
});

test('a page whose descriptor was not written is lost, not zero', async () => {
  const memory = new SparseMemory();
  memory.write(0, Uint8Array.of(1));
  const bytes = kdumpDump(memory, { status: 9 });
  const descriptor = 4096 * 4;
  bytes.fill(0, descriptor, descriptor + 24);
  const { dump } = await open(bytes);
  expect(await frameOf(dump.image, 0)).toMatchObject({ presence: ['absent'], reason: 'the dump is incomplete, this page was not written' });
  expect(dump.problems[0]?.text).toMatch(/marked this dump as incomplete/);
});

describe('a split dump', () => {
  const memory = someMemory();
  const low = kdumpDump(memory, { split: { firstFrame: 0, endFrame: 0x41 } });
  const high = kdumpDump(memory, { split: { firstFrame: 0x41, endFrame: 0x12_3457 } });

  test('of which one file is opened tells what the other has', async () => {
    const { dump } = await open(high);
    expect((await frameOf(dump.image, 0x41)).presence).toEqual(['held']);
    expect((await frameOf(dump.image, 0x12_3456)).bytes).toEqual(memory.frame(0x12_3456));
    expect((await frameOf(dump.image, 1)).reason).toBe('in another file of this split dump');
    expect(dump.problems[0]?.text).toContain('frames 41 to 123456 are here');
  });

  test.each([
    ['in order', low, high],
    ['the other way round', high, low],
  ])('is whole with both files: %s', async (_, one, other) => {
    const { dump } = await open(one, other);
    expect(dump.problems).toEqual([]);
    await expectWhole(dump.image, memory);
  });

  const bounds = [0, 0x21, 0x41, 0x41, 0x42, 0x12_3457];
  const five = bounds.slice(1).map((endFrame, at) => kdumpDump(memory, { split: { firstFrame: bounds[at] ?? 0, endFrame } }));
  const inOrder = (...order: number[]) => open(...(order.map((at) => five[at]) as [Uint8Array, ...Uint8Array[]]));

  test.each([[[0, 1, 2, 3, 4]], [[4, 3, 2, 1, 0]], [[2, 4, 1, 0, 3]]])('in five files is whole in whatever order: %j', async (order) => {
    const { dump, format, file } = await inOrder(...order);
    expect(dump.problems).toEqual([]);
    expect(format.how).toContain('all 5 begin KDUMP');
    await expectWhole(dump.image, memory);
    expect(await fingerprint(file)).toBe(await fingerprint((await inOrder(0, 1, 2, 3, 4)).file));
  });

  test('of which files are missing tells which frames, and gives the others', async () => {
    const { dump } = await inOrder(3, 1);
    expect(dump.problems).toMatchObject([{ kind: 'kdump-split', severity: 'loss' }]);
    expect(dump.problems[0]?.text).toContain('frames 21 to 40, 41 to 41 are here, frames 0 to 20, 42 to 123456 are not.');
    expect((await frameOf(dump.image, 0x41)).bytes).toEqual(memory.frame(0x41));
    expect((await frameOf(dump.image, 1)).reason).toBe('in another file of this split dump');
    expect((await frameOf(dump.image, 0x12_3456)).reason).toBe('in another file of this split dump');
  });

  test('leaves out what is given twice, of another dump, or no dump at all, and names it', async () => {
    const [a, b, c, d, e] = five as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const others = kdumpDump(memory, { split: { firstFrame: 0x41, endFrame: 0x12_3457 } });
    others[12] = 0x42;
    const { dump, file } = await open(a, others, b, c, a, new Uint8Array(9000), d, e);
    expect(dump.problems).toMatchObject([{ kind: 'companion-unused', severity: 'note' }]);
    expect(dump.problems[0]?.text).toContain('not opened: file 1, file 4, file 5.');
    await expectWhole(dump.image, memory);
    expect(filesOf(file).map(({ name }) => name)).toEqual(['file 0', 'file 2', 'file 3', 'file 6', 'file 7']);
  });

  test('is whole with a file that has no page', async () => {
    const all = kdumpDump(memory, { split: { firstFrame: 0, endFrame: 0x12_3457 } });
    const none = kdumpDump(memory, { split: { firstFrame: 0x12_3457, endFrame: 0x12_3457 } });
    const { dump } = await open(all, none);
    expect(dump.problems).toEqual([]);
    await expectWhole(dump.image, memory);
    expect((await open(none)).dump.problems.map(({ text }) => text)).toContainEqual(expect.stringContaining('no frames are here'));
  });
});

describe('flattened', () => {
  test.each([[24], [5000], [1_000_000]])('pieces of %i bytes, out of order and written twice, are put in place', async (pieceBytes) => {
    const memory = someMemory();
    const { dump, format } = await open(flattened(kdumpDump(memory), pieceBytes));
    expect(format).toMatchObject({ id: 'kdump', wrappers: ['flattened'] });
    expect(dump.problems).toEqual([]);
    await expectWhole(dump.image, memory);
  });

  test('an ELF dump may be within', async () => {
    const memory = someMemory();
    const { dump, format } = await open(flattened(elfDump(memory)));
    expect(format.id).toBe('elf-qemu');
    await expectWhole(dump.image, memory);
  });

  test('a piece far beyond all bytes makes no file of any size', async () => {
    const whole = flattened(elfDump(someMemory()));
    const far = new Uint8Array(16);
    new DataView(far.buffer).setBigInt64(0, 2n ** 51n);
    new DataView(far.buffer).setBigInt64(8, 4096n);
    const { dump, source } = await open(joinBytes([whole.subarray(0, -16), far, new Uint8Array(4096), whole.subarray(-16)]));
    expect(dump.problems.map(({ text }) => text)).toEqual([expect.stringContaining('it has a piece that cannot be')]);
    expect(source.size).toBeLessThan(2 ** 31);
    await expectWhole(dump.image, someMemory());
  });

  test('a cut one says where, and gives what is there', async () => {
    const whole = flattened(kdumpDump(someMemory(), { pack: asIs }), 4096);
    const { dump } = await open(whole.subarray(0, whole.length - 16));
    expect(dump.problems.map(({ text }) => text).join()).toMatch(/flattened stream cannot be read to its end: it ends without its last mark at byte/);
    await expectWhole(dump.image, someMemory());
  });
});

test('CPUs of QEMU’s notes are roots, in the mode that they ran', async () => {
  const cpus = [
    { cr3: 0x2000, cr4: 0x20, runs64: true },
    { cr3: 0x1_2345_6000, cr4: 0x20 },
  ];
  const long = await open(kdumpDump(someMemory(), { notes: qemuNotes(cpus) }));
  expect(long.dump.roots.map(({ address, mode }) => [address, mode])).toEqual([
    [0x2000, '4-level'],
    [0x1_2345_6000, '4-level'],
  ]);
  const narrow = await open(kdumpDump(someMemory(), { notes: qemuNotes([{ cr3: 0x2020, cr4: 0x20 }]) }));
  expect(narrow.dump.roots.map(({ address, mode }) => [address, mode])).toEqual([[0x2020, 'pae']]);
});

test('64 GiB open with few reads, and a page far up, whose bytes lie above 8 GiB of the file, is exact', async () => {
  const frames = 2 ** 24;
  const page = byZlib(Uint8Array.from({ length: 4096 }, (_, i) => i % 7)).bytes;
  const source = hugeKdump(frames, page);
  const { dump } = await openDump(source, quietTask);
  const before = source.reads;
  expect((await frameOf(dump.image, frames - 1)).bytes?.[6]).toBe(6);
  expect(source.reads - before).toBeLessThan(4);
  expect(source.most).toBeLessThanOrEqual(4 * 2 ** 20);
});

/** All frames stored, and all alike; made as it is read. */
function hugeKdump(frames: number, page: Uint8Array): ByteSource & { reads: number; most: number } {
  const memory = new SparseMemory();
  memory.write(0, Uint8Array.of(1));
  const start = kdumpDump(memory, { frames }).slice(0, 2 * 4096);
  const bitmapsAt = 2 * 4096;
  const descriptorsAt = bitmapsAt + frames / 4;
  const pageAt = descriptorsAt + frames * 24 + 2 ** 33;
  const descriptor = new DataView(new ArrayBuffer(24));
  descriptor.setBigUint64(0, BigInt(pageAt), true);
  descriptor.setUint32(8, page.length, true);
  descriptor.setUint32(12, 1, true);
  const byteAt = (at: number): number => {
    if (at < bitmapsAt) return start[at] ?? 0;
    if (at < descriptorsAt) return 0xff;
    if (at < descriptorsAt + frames * 24) return descriptor.getUint8((at - descriptorsAt) % 24);
    return at < pageAt ? 0 : (page[at - pageAt] ?? 0);
  };
  const source = {
    ...{ name: 'huge', size: pageAt + page.length, reads: 0, most: 0 },
    read: async (offset: number, length: number) => {
      source.reads++;
      source.most = Math.max(source.most, length);
      return Uint8Array.from({ length: Math.max(0, Math.min(length, source.size - offset)) }, (_, i) => byteAt(offset + i));
    },
  };
  return source;
}
