import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Presence } from '#core/memory/presence.ts';
import type { BytePage } from '#core/session/contract.ts';
import { ABSENT, ASSUMED_ZERO, HELD, type Line, linesOf, presenceCodes, type RowShape, ZERO } from '#ui/views/hex/hex-rows.ts';
import { bytePage, tablePage } from '../support/byte-pages.ts';

const shapes: readonly RowShape[] = [
  { wordBytes: 1, wordsPerRow: 16, digits: 2, text: true },
  { wordBytes: 2, wordsPerRow: 4, digits: 4, text: false },
  { wordBytes: 4, wordsPerRow: 8, digits: 8, text: false },
  { wordBytes: 8, wordsPerRow: 4, digits: 16, text: false },
  { wordBytes: 8, wordsPerRow: 1, digits: 10, text: false },
];

/** Runs of all presences, of lengths that fit no row; bytes with long stretches of zeros and of one value, 0 wherever not held. */
const pages: fc.Arbitrary<BytePage> = fc
  .record({
    cuts: fc.array(fc.integer({ min: 1, max: 4095 }), { maxLength: 6 }),
    kinds: fc.array(fc.constantFrom<Presence>('held', 'zero', 'assumed-zero', 'absent'), { minLength: 7, maxLength: 7 }),
    islands: fc.array(fc.record({ at: fc.nat(4095), length: fc.integer({ min: 1, max: 900 }), value: fc.constantFrom(0, 0xff, 0x55, 1) }), {
      maxLength: 8,
    }),
    inTable: fc.boolean(),
  })
  .map(({ cuts, kinds, islands, inTable }) => {
    const ends = [...new Set([...cuts, 4096])].sort((a, b) => a - b);
    const runs = ends.map((end, i) => [end - (ends[i - 1] ?? 0), kinds[i] ?? 'held', `reason ${i % 2}`] as const);
    const bytes = new Uint8Array(4096);
    for (const { at, length, value } of islands) bytes.fill(value, at, at + length);
    const page = inTable ? tablePage({}, { bytes, runs }) : bytePage({ bytes, runs });
    const codes = presenceCodes(page);
    for (let i = 0; i < 4096; i++) if (codes[i] !== HELD) bytes[i] = 0;
    return page;
  });

const options = fc.record({
  shape: fc.constantFrom(...shapes),
  keep: fc.array(fc.nat(4095), { maxLength: 3 }),
  opened: fc.array(fc.nat(4095), { maxLength: 2 }).map((bytes) => new Set(bytes)),
});

const codesIn = (page: BytePage, { offset, length }: Line): readonly number[] => [...new Set(presenceCodes(page).subarray(offset, offset + length))];

const isZero = (page: BytePage, { offset, length }: Line): boolean => page.bytes.subarray(offset, offset + length).every((byte) => byte === 0);

function checkPresence(page: BytePage, line: Line): void {
  const codes = codesIn(page, line);
  const what = line.kind === 'fold' ? line.what : line.kind;
  const only: Readonly<Record<string, number>> = { bar: ABSENT, elided: ASSUMED_ZERO, 'not-stored': ZERO };
  if (only[what] !== undefined) expect(codes).toEqual([only[what]]);
  if (what === 'row') expect(codes).not.toEqual([ABSENT]);
  if (what === 'zero') expect(codes.every((code) => code <= ZERO) && isZero(page, line)).toBe(true);
}

describe('the lines of a page', () => {
  it('hold every byte exactly once, in order', () => {
    fc.assert(
      fc.property(pages, options, (page, given) => {
        let next = 0;
        for (const line of linesOf(page, given)) {
          expect(line.offset).toBe(next);
          next += line.length;
        }
        expect(next).toBe(4096);
      }),
    );
  });

  it('never mix kinds of nothing, and never hide a byte that says something', () => {
    fc.assert(
      fc.property(pages, options, (page, given) => {
        for (const line of linesOf(page, given)) checkPresence(page, line);
      }),
    );
  });

  it('folds as the same only what repeats the row above', () => {
    fc.assert(
      fc.property(pages, options, (page, given) => {
        const rowBytes = given.shape.wordBytes * given.shape.wordsPerRow;
        for (const line of linesOf(page, given)) {
          if (line.kind !== 'fold' || line.what !== 'same') continue;
          for (let i = line.offset; i < line.offset + line.length; i++) expect(page.bytes[i]).toBe(page.bytes[i - rowBytes]);
        }
      }),
    );
  });

  it('leaves what must be seen, and what was opened, out of every fold', () => {
    fc.assert(
      fc.property(pages, options, (page, given) => {
        const folds = linesOf(page, given).filter((line) => line.kind === 'fold');
        const holds = (line: Line, byte: number) => byte >= line.offset && byte < line.offset + line.length;
        for (const byte of given.keep) expect(folds.some((fold) => holds(fold, byte))).toBe(false);
        const openable = folds.filter((fold) => fold.what !== 'elided');
        for (const byte of given.opened) expect(openable.some((fold) => holds(fold, byte))).toBe(false);
      }),
    );
  });

  it('gives one bar for each reason', () => {
    fc.assert(
      fc.property(pages, options, (page, given) => {
        for (const line of linesOf(page, given)) {
          if (line.kind !== 'bar') continue;
          const within = page.presence.filter((run) => run.offset < line.offset + line.length && run.offset + run.length > line.offset);
          expect(new Set(within.map((run) => run.reason))).toEqual(new Set([line.reason]));
        }
      }),
    );
  });
});
