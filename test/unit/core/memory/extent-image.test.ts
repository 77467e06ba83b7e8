import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { createExtentImage, type LineTable } from '#core/memory/extent-image.ts';
import type { Extent } from '#core/memory/extents.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { Presence } from '#core/memory/presence.ts';

const range = (start: number, length: number) => ({ start: machineAddress(start), length });
const sourceOf = (size: number) => bytesSource(Uint8Array.from({ length: size }, (_, index) => (index * 7 + 1) % 256));

/** What the image must say of one byte, found by looking at every extent in turn. */
function expectedByte(extents: readonly Extent[], size: number, address: number): { presence: Presence; fileOffset?: number } {
  for (const { start, length, fileOffset = 0, presence = 'held' } of extents) {
    if (presence === 'absent' || address < start || address >= start + length) continue;
    if (presence !== 'held') return { presence };
    const at = fileOffset + address - start;
    if (at < size) return { presence, fileOffset: at };
  }
  return { presence: 'absent' };
}

async function byteOf(image: MemoryImage, address: number): Promise<{ presence: Presence; fileOffset?: number; byte: number }> {
  const [piece] = await image.read([range(address, 1)]);
  const run = piece?.presence[0];
  if (piece === undefined || run === undefined) throw new Error('no piece');
  return { presence: run.presence, byte: piece.bytes[0] ?? -1, ...(run.fileOffset === undefined ? {} : { fileOffset: run.fileOffset }) };
}

const anExtent: fc.Arbitrary<Extent> = fc.record(
  {
    start: fc.nat(300),
    length: fc.integer({ min: 1, max: 120 }),
    fileOffset: fc.nat(250),
    presence: fc.constantFrom<Presence>('held', 'held', 'held', 'zero', 'assumed-zero', 'absent'),
  },
  { requiredKeys: ['start', 'length', 'fileOffset'] },
);

describe('an image of extents', () => {
  test('says of every byte what the first extent that holds it says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anExtent, { maxLength: 12 }), fc.nat(300), async (extents, size) => {
        const image = createExtentImage({ source: sourceOf(size), extents });
        const [piece] = await image.read([range(0, 460)]);
        const runs = piece?.presence ?? [];
        expect(runs.reduce((at, run) => (run.offset === at ? at + run.length : Number.NaN), 0)).toBe(460);
        for (let at = 0; at < 460; at++) {
          const run = runs.find(({ offset, length }) => at >= offset && at < offset + length);
          const { presence, fileOffset } = expectedByte(extents, size, at);
          const seenOffset = run?.fileOffset === undefined ? undefined : run.fileOffset + at - run.offset;
          expect([run?.presence, seenOffset, image.locate(machineAddress(at))?.fileOffset]).toEqual([presence, fileOffset, fileOffset]);
          expect(piece?.bytes[at]).toBe(fileOffset === undefined ? 0 : (fileOffset * 7 + 1) % 256);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('extents come out sorted, apart from each other, and within the source', () => {
    fc.assert(
      fc.property(fc.array(anExtent, { maxLength: 12 }), fc.nat(300), (extents, size) => {
        const { extents: columns, end } = createExtentImage({ source: sourceOf(size), extents });
        let last = 0;
        for (let row = 0; row < columns.count; row++) {
          expect(columns.start[row]).toBeGreaterThanOrEqual(last);
          last = (columns.start[row] ?? 0) + (columns.length[row] ?? 0);
          expect(columns.length[row]).toBeGreaterThan(0);
          if (columns.kind[row] === 0) expect((columns.fileOffset[row] ?? 0) + (columns.length[row] ?? 0)).toBeLessThanOrEqual(size);
        }
        expect(end).toBe(last);
      }),
    );
  });

  test('a byte of the file leads to a byte of memory that leads back', () => {
    fc.assert(
      fc.property(fc.array(anExtent, { maxLength: 12 }), fc.nat(300), fc.nat(320), (extents, size, fileOffset) => {
        const image = createExtentImage({ source: sourceOf(size), extents });
        const address = image.addressAt(fileOffset);
        if (address !== undefined) expect(image.locate(address)?.fileOffset).toBe(fileOffset);
        else for (let at = 0; at < 460; at++) expect(image.locate(machineAddress(at))?.fileOffset).not.toBe(fileOffset);
      }),
      { numRuns: 60 },
    );
  });

  test('many small reads of one place are one read of the source', async () => {
    const image = createExtentImage({ source: sourceOf(100_000), extents: [{ start: 0x1000, length: 100_000, fileOffset: 0 }] });
    for (let turn = 0; turn < 10; turn++) await image.read([range(0x1000 + turn * 8, 8), range(0x2000, 4096)]);
    expect(image.counters.reads).toBe(1);
  });

  test('says why a byte is absent', async () => {
    const extents: Extent[] = [
      { start: 0x1000, length: 0x1000, fileOffset: 0 },
      { start: 0x3000, length: 0x2000, fileOffset: 0x1000 },
      { start: 0x8000, length: 0x1000, presence: 'absent', reason: 'filtered' },
    ];
    const image = createExtentImage({ source: sourceOf(0x1800), extents });
    const why = (address: number) => image.whyAbsent(machineAddress(address));
    expect(why(0)).toBe('in a gap of the dump (0 to fff)');
    expect(why(0x2000)).toBe('in a gap of the dump (2000 to 2fff)');
    expect(why(0x3800)).toBe('past the end of the file (cut at 6,144 bytes)');
    expect(why(0x8fff)).toBe('filtered');
    expect(why(0x9000)).toBe('above the highest address in the dump (37ff)');
    expect(image.problems).toEqual([expect.objectContaining({ kind: 'extents-beyond-end', severity: 'loss', fileOffset: 0x1800 })]);
    expect(await byteOf(image, 0x8000)).toMatchObject({ presence: 'absent', byte: 0 });
    const [piece] = await image.read([range(0x3400, 0x5000)]);
    expect(piece?.presence.map(({ offset, length, reason }) => [offset, length, reason])).toEqual([
      [0, 0x400, undefined],
      [0x400, 0x1800, 'past the end of the file (cut at 6,144 bytes)'],
      [0x1c00, 0x3000, 'above the highest address in the dump (37ff)'],
      [0x4c00, 0x400, 'filtered'],
    ]);
  });

  test('tells of memory given twice with other bytes, and not of the same bytes', () => {
    const same: Extent[] = [
      { start: 0x1000, length: 0x1000, fileOffset: 0 },
      { start: 0x1800, length: 0x1000, fileOffset: 0x800 },
    ];
    const agreeing = createExtentImage({ source: sourceOf(0x4000), extents: same });
    expect(agreeing.problems).toEqual([]);
    expect(agreeing.extents.count).toBe(1);
    const rival = createExtentImage({ source: sourceOf(0x4000), extents: [...same, { start: 0x800, length: 0x900, fileOffset: 0x3000 }] });
    expect(rival.problems).toEqual([expect.objectContaining({ kind: 'extents-overlap', severity: 'note' })]);
    expect(rival.locate(machineAddress(0x1000))?.fileOffset).toBe(0);
    expect(rival.locate(machineAddress(0xfff))?.fileOffset).toBe(0x37ff);
  });

  test('runs are cut where the line of the text changes', async () => {
    const lines: LineTable = { starts: Float64Array.of(0x1000, 0x1010, 0x1020, 0x2000), lines: Uint32Array.of(5, 6, 0, 9) };
    const extents: Extent[] = [
      { start: 0x1000, length: 0x40, fileOffset: 0 },
      { start: 0x2000, length: 0x1000, presence: 'zero' },
    ];
    const image = createExtentImage({ source: sourceOf(0x40), extents, lines });
    const pieces = await image.read([range(0x1008, 0x20), range(0x2000, 0x1000)]);
    expect(pieces.map(({ presence }) => presence.map(({ offset, length, line }) => [offset, length, line]))).toEqual([
      [
        [0, 8, 5],
        [8, 16, 6],
        [24, 8, undefined],
      ],
      [[0, 0x1000, 9]],
    ]);
    expect(image.locate(machineAddress(0x1013))).toEqual({ fileOffset: 0x13, line: 6 });
  });

  test('a source that gives less than its size says makes bytes absent, not zero', async () => {
    const source = { ...sourceOf(0x1000), size: 0x2000 };
    const image = createExtentImage({ source, extents: [{ start: 0, length: 0x2000, fileOffset: 0 }] });
    const [piece] = await image.read([range(0xff0, 0x20)]);
    expect(piece?.presence.map(({ presence, length }) => [presence, length])).toEqual([
      ['held', 16],
      ['absent', 16],
    ]);
  });

  test('impossible extents are left out without harm', () => {
    const wild: Extent[] = [
      { start: -5, length: 10, fileOffset: 0 },
      { start: Number.NaN, length: 10, fileOffset: 0 },
      { start: 0, length: -1, fileOffset: 0 },
      { start: 2 ** 60, length: 10, fileOffset: 0 },
      { start: 0x1000, length: 2 ** 60, fileOffset: 2 ** 60 },
      { start: 0x1000, length: 2 ** 60, presence: 'zero' },
    ];
    const image = createExtentImage({ source: sourceOf(16), extents: wild });
    expect(image.extents.count).toBe(1);
    expect(image.end).toBe(2 ** 52);
  });
});
