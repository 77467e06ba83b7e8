import { describe, expect, it } from 'vitest';
import { foldText } from '#ui/views/hex/HexLine.tsx';
import { type Line, linesOf, type RowShape } from '#ui/views/hex/hex-rows.ts';
import { bytePage, tablePage } from '../../../../support/byte-pages.ts';

const entries: RowShape = { wordBytes: 8, wordsPerRow: 4, digits: 16, text: false };
const bytes: RowShape = { wordBytes: 1, wordsPerRow: 16, digits: 2, text: true };
const plain = { keep: [], opened: new Set<number>() };
const shown = (lines: readonly Line[]) =>
  lines.map((line) => `${line.kind === 'fold' ? line.what : line.kind} ${line.offset.toString(16)} ${line.length}`);

describe('the e-mail’s page directory', () => {
  const page = tablePage(
    { 0: 0xfb14e067n, 428: 0xfbc000e1n },
    {
      runs: [
        [32, 'held'],
        [3392, 'assumed-zero'],
        [32, 'held'],
        [640, 'assumed-zero'],
      ],
    },
  );
  const lines = linesOf(page, { shape: entries, ...plain });

  it('folds what the text elided, between the rows it has', () => {
    expect(shown(lines)).toEqual(['edge 0 0', 'row 0 32', 'elided 20 3392', 'row d60 32', 'elided d80 640']);
  });

  it('says how much is elided and which slots', () => {
    const fold = lines[2];
    expect(fold?.kind === 'fold' && foldText(page, fold)).toBe('3,392 bytes elided, slots 4–427');
  });

  it('takes a selected slot out of the elided ones', () => {
    const kept = linesOf(page, { shape: entries, keep: [128 * 8], opened: new Set() });
    expect(shown(kept).slice(2, 5)).toEqual(['elided 20 992', 'row 400 32', 'elided 420 2368']);
  });
});

describe('plain bytes', () => {
  const stamp = Uint8Array.from({ length: 4096 }, (_, i) => (i < 12 ? 0x41 + i : 0));

  it('leaves two rows of zeros standing and folds the rest', () => {
    const page = bytePage({ bytes: stamp });
    const lines = linesOf(page, { shape: bytes, ...plain });
    expect(shown(lines)).toEqual(['edge 0 0', 'row 0 16', 'row 10 16', 'row 20 16', 'zero 30 4048']);
    const fold = lines[4];
    expect(fold?.kind === 'fold' && foldText(page, fold)).toBe('4,048 more bytes, held and all zero');
  });

  it('opens a fold by any of its bytes', () => {
    const lines = linesOf(bytePage({ bytes: stamp }), { shape: bytes, keep: [], opened: new Set([0x800]) });
    expect(lines.filter((line) => line.kind === 'row')).toHaveLength(256);
  });

  it('draws absent bytes as one bar with the reason', () => {
    const page = bytePage({
      runs: [
        [256, 'held'],
        [3840, 'absent', 'not printed in the text'],
      ],
      bytes: new Uint8Array(4096).fill(0xff, 0, 256),
    });
    const lines = linesOf(page, { shape: { wordBytes: 4, wordsPerRow: 8, digits: 8, text: false }, ...plain });
    expect(shown(lines)).toEqual([
      ...Array.from({ length: 9 }, (_, i) => (i === 0 ? 'edge 0 0' : `row ${((i - 1) * 32).toString(16)} 32`)),
      'bar 100 3840',
    ]);
    expect(lines.at(-1)).toMatchObject({ reason: 'not printed in the text' });
  });

  it('keeps a row of which only a part is known', () => {
    const page = bytePage({
      runs: [
        [4090, 'absent'],
        [6, 'held'],
      ],
    });
    expect(shown(linesOf(page, { shape: bytes, ...plain }))).toEqual(['edge 0 0', 'bar 0 4080', 'row ff0 16']);
  });

  it('folds many rows alike after the second', () => {
    const page = bytePage({ bytes: new Uint8Array(4096).fill(0x55) });
    expect(shown(linesOf(page, { shape: bytes, ...plain }))).toEqual(['edge 0 0', 'row 0 16', 'row 10 16', 'same 20 4064']);
  });
});
