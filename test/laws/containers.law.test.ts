import fc from 'fast-check';
import { unzlibSync } from 'fflate';
import { uncompress } from 'snappyjs';
import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import type { Opened } from '#core/formats/index.ts';
import { machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { filePlace } from '#core/memory/file-place.ts';
import type { MemoryPiece } from '#core/memory/memory-image.ts';
import { openSession, type Session } from '#core/session/session.ts';
import { checkAnswer, openWritten, withinMemory } from '../support/answers.ts';
import { type DumpWriter, dumpWriters, type Written, type WrittenGuest, writersOf } from '../support/dump-writers.ts';
import { randomGuest } from '../support/random-guest.ts';
import type { BuiltMode } from '../support/table-builder.ts';

/** Past the last frame of a random guest. */
const FRAMES = 0x90;

const sessionOf = ({ file, beside }: Written): Promise<Session> =>
  openSession(beside ? { ...bytesSource(file), companion: bytesSource(beside) } : bytesSource(file), quietTask);

const allFrames = (opened: Opened): Promise<readonly MemoryPiece[]> =>
  opened.dump.image.read(Array.from({ length: FRAMES }, (_, frame) => ({ start: machineAddress(frame * 4096), length: 4096 })));

/** Every byte that is told is the guest's; returns the frames of which some byte is not. */
async function framesLost(opened: Opened, { memory }: WrittenGuest, { fillsHoles = false }: DumpWriter): Promise<number[]> {
  const pieces = await allFrames(opened);
  for (const [frame, piece] of pieces.entries()) {
    const told = piece.presence.filter((run) => run.presence !== 'absent');
    if (!memory.frames.has(frame) && !fillsHoles && told.length > 0) throw new Error(`frame ${frame} is ${told[0]?.presence}`);
    const own = memory.frames.get(frame) ?? new Uint8Array(4096);
    for (const { offset, length } of told)
      if (Buffer.compare(piece.bytes.subarray(offset, offset + length), own.subarray(offset, offset + length)) !== 0)
        throw new Error(`frame ${frame} has other bytes from ${offset} on`);
  }
  return [...memory.frames.keys()].filter((frame) => pieces[frame]?.presence.some((run) => run.presence === 'absent'));
}

/** Runs, table by table, and what each rests on: all that maps and passports are made of. */
async function atlasOf(session: Session, { mode, cr3 }: WrittenGuest, namesRoot: boolean) {
  const { roots } = await session.summary();
  if (namesRoot) expect(roots.map(({ address, mode: id }) => [address, id])).toEqual([[cr3, mode]]);
  const root = { ...(await session.considerRoot(cr3, mode)), mode };
  const { runs } = (await session.openRoot(root)).atlas;
  const { counts, leaves, distinctLeaves, regions, layout } = await session.atlas(root);
  const column = (of: ArrayLike<number>): readonly number[] => Array.from(of).slice(0, runs.count);
  return {
    pages: column(runs.firstPage),
    frames: column(runs.firstFrame),
    attrs: column(runs.attrs),
    counts,
    leaves,
    distinctLeaves,
    regions,
    layout,
  };
}

/** Tables that hold nothing may be absent or, in raw memory, zero: only a guest whose tables are all held is one and the same everywhere. */
const whole = async (session: Session, { mode, cr3 }: WrittenGuest): Promise<boolean> =>
  (await session.atlas({ ...(await session.considerRoot(cr3, mode)), mode })).absentTables === 0;

const referenceOf = (guest: WrittenGuest): Written => (dumpWriters.find(({ name }) => name === 'ELF, 64-bit') as DumpWriter).write(guest);

describe.each<BuiltMode>(['32-bit', 'pae', '4-level', '5-level'])('a guest of %s', (mode) => {
  test.each(writersOf(mode).map((writer) => [writer.name, writer] as const))('has the same bytes and the same atlas as %s', async (_, writer) => {
    await fc.assert(
      fc.asyncProperty(randomGuest(mode), async (guest) => {
        const written = writer.write(guest);
        expect(await framesLost(await openWritten(written), guest, writer)).toEqual([]);
        const reference = await sessionOf(referenceOf(guest));
        if (writer.fillsHoles && !(await whole(reference, guest))) return;
        expect(await atlasOf(await sessionOf(written), guest, writer.namesRoot ?? false)).toEqual(await atlasOf(reference, guest, true));
      }),
      { numRuns: 6 },
    );
  });
});

/** What a packed piece may be: a page by zlib or snappy, or a chunk of AVML's, packed or stored, behind its header and checksum. */
const UNPACKERS: readonly ((piece: Uint8Array) => Uint8Array)[] = [
  unzlibSync,
  (piece) => uncompress(piece),
  (piece) => uncompress(piece.subarray(8)),
  (piece) => piece.subarray(8),
];

function unpackedAlike(piece: Uint8Array, within: number, own: Uint8Array): boolean {
  return UNPACKERS.some((unpack) => {
    try {
      return Buffer.compare(unpack(piece).subarray(within, within + own.length), own) === 0;
    } catch {
      return false;
    }
  });
}

/** Somewhere in a page. */
const [WITHIN, BYTES] = [1237, 16];

/** At the place told of a byte of a frame, or in the piece told when it is unpacked, are the frame's own bytes. */
async function checkPlace(opened: Opened, { file }: Written, guest: WrittenGuest, frame: number): Promise<boolean> {
  const held = opened.dump.image.locate(machineAddress(frame * 4096 + WITHIN));
  if (!held) throw new Error(`frame ${frame} is not held`);
  const { fileOffset, packed } = await filePlace(opened.source, held.fileOffset);
  if (fileOffset === undefined) return false;
  const [piece] = packed;
  const own = guest.memory.frame(frame).subarray(WITHIN, WITHIN + BYTES);
  const bytes = file.subarray(fileOffset, fileOffset + (piece?.bytes ?? BYTES));
  // What is flattened may be cut within a piece.
  const isThere = piece ? opened.format.wrappers.includes('flattened') || unpackedAlike(bytes, piece.within, own) : Buffer.compare(bytes, own) === 0;
  if (!isThere) throw new Error(`frame ${frame} is not at ${fileOffset}`);
  return true;
}

/** Deflated whole; a zip of fflate's is, too. */
const UNTOLD = ['ELF in gzip', 'ELF in zip', 'ELF in zstd'];

test.each(dumpWriters.map((writer) => [writer.name, writer] as const))(
  'the place told of a byte in %s is its place in the file',
  async (_, writer) => {
    const [mode = 'pae'] = writer.modes ?? ['pae' as const];
    await fc.assert(
      fc.asyncProperty(randomGuest(mode), async (guest) => {
        const written = writer.write(guest);
        const opened = await openWritten(written);
        for (const frame of guest.memory.frames.keys()) {
          expect(await checkPlace(opened, written, guest, frame)).toBe(!UNTOLD.includes(writer.name));
        }
      }),
      { numRuns: 5 },
    );
  },
);

/** Of a mode that the writer can tell; always the same. */
const sampleOf = ({ modes = ['pae'] }: DumpWriter): WrittenGuest =>
  fc
    .sample(randomGuest(modes.includes('pae') ? 'pae' : (modes[0] ?? 'pae')), { seed: 4, numRuns: 8 })
    .reduce((a, b) => (b.memory.frames.size > a.memory.frames.size ? b : a));

/** One of two files, the other as it is. */
const withFile = (written: Written, which: 'file' | 'beside', bytes: Uint8Array): Written => ({ ...written, [which]: bytes });

describe.each(dumpWriters.map((writer) => [writer.name, writer] as const))('%s', (_, writer) => {
  const guest = sampleOf(writer);
  const written = writer.write(guest);
  const file = fc.constantFrom<'file' | 'beside'>(...(written.beside ? (['file', 'beside'] as const) : (['file'] as const)));
  const bytesOf = (which: 'file' | 'beside'): Uint8Array => written[which] ?? written.file;

  test('cut at any byte, gives no byte that is not the guest’s, and says so', async () => {
    await withinMemory(() =>
      fc.assert(
        fc.asyncProperty(file, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(16), async (which, part, less) => {
          const bytes = bytesOf(which);
          const cut = withFile(written, which, bytes.slice(0, Math.max(0, Math.floor(bytes.length * part) - less)));
          const opened = await checkAnswer(cut);
          // Cut before its marks it is another thing: raw memory from byte 0.
          if (opened.format.id === 'raw' && !writer.fillsHoles) return;
          const lost = await framesLost(opened, guest, writer);
          if (lost.length > 0 && which === 'file' && !endsAtWhole(writer))
            expect(opened.dump.problems.some(({ severity }) => severity !== 'note')).toBe(true);
        }),
        { numRuns: 150 },
      ),
    );
  });

  test('with its header’s fields changed, is answered within bounds', async () => {
    const change = fc.record({
      at: fc.oneof(fc.nat(200), fc.nat(1200), fc.nat(9000), fc.nat(400_000)),
      width: fc.constantFrom(1, 2, 4, 8),
      value: fc.oneof(
        fc.constantFrom(0n, 1n, 2n, 0x7fn, 0xffn, 0xffffn, 0x7fff_ffffn, 0x8000_0000n, 0xffff_fffen, 0xffff_ffffn),
        fc.constantFrom(1n << 32n, 1n << 40n, (1n << 52n) - 1n, 1n << 53n, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n),
        fc.bigInt({ min: 0n, max: 0xffffn }),
      ),
    });
    await withinMemory(() =>
      fc.assert(
        fc.asyncProperty(file, fc.array(change, { minLength: 1, maxLength: 4 }), async (which, changes) => {
          const bytes = bytesOf(which).slice();
          const view = new DataView(bytes.buffer);
          for (const { at, width, value } of changes) {
            const place = (Math.floor(at / width) * width) % Math.max(width, bytes.length - (bytes.length % width));
            for (let byte = 0; byte < width && place + byte < bytes.length; byte++)
              view.setUint8(place + byte, Number((value >> BigInt(byte * 8)) & 0xffn));
          }
          await checkAnswer(withFile(written, which, bytes));
        }),
        { numRuns: writer.isPacked ? 100 : 200 },
      ),
    );
  });
});

/** Nothing in these says how long they are: what is cut off at a frame or a record was never there. */
const endsAtWhole = ({ name }: DumpWriter): boolean => name === 'raw' || name === 'LiME';
