import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { usualFeatures } from '#core/paging/modes.ts';
import { fetchTables } from '#core/tables/fetch-tables.ts';
import { NO_FRAME } from '#core/xen/frame-numbers.ts';
import { type M2p, m2pWord } from '#core/xen/m2p.ts';
import { KIND_OF_CODE, m2pCodes } from '#core/xen/m2p-kinds.ts';
import { m2pWordPlace, mfnOfWordAt } from '#core/xen/m2p-place.ts';
import { findM2pWindow, type M2pWindow, m2pBase, readM2p } from '#core/xen/m2p-window.ts';
import { elfDump, SparseMemory } from '../../../support/dump-builder.ts';
import { TableBuilder } from '../../../support/table-builder.ts';

const WIDTHS = {
  4: { mode: 'pae', start: 0xf5800000n, page: 0xf5800 },
  8: { mode: '4-level', start: 0xffff800000000000n, page: 0x800000000 },
} as const;
const M2P = 0x6000;

/** Page 0 of the table is held, 1 mapped and not in the dump, 2 not mapped, of 3 the first half is in the dump. */
async function read(bytesPerWord: 4 | 8): Promise<{ window: M2pWindow; m2p: M2p }> {
  const { mode, start, page } = WIDTHS[bytesPerWord];
  const memory = new SparseMemory();
  const tables = new TableBuilder(memory, mode, { root: 0x2000 * 4096, firstFrame: 0x2001 });
  for (const at of [0, 1, 3]) tables.map(start + BigInt(at) * 4096n, BigInt(M2P + at) * 4096n, { flags: 0x21n });
  const words = 4096 / bytesPerWord;
  for (let word = 0; word < words; word++) memory.word(M2P * 4096 + word * bytesPerWord, BigInt(word), bytesPerWord);
  const all = bytesPerWord === 4 ? 0xffff_ffffn : 0xffff_ffff_ffff_ffffn;
  memory.word(M2P * 4096 + 5 * bytesPerWord, all, bytesPerWord);
  memory.word(M2P * 4096 + 6 * bytesPerWord, all - 1n, bytesPerWord);
  memory.word(M2P * 4096 + 7 * bytesPerWord, (all / 0xffn) * 0x55n, bytesPerWord);
  memory.word(M2P * 4096 + 8 * bytesPerWord, (all / 0xffn) * 0x77n, bytesPerWord);
  if (bytesPerWord === 8) memory.word(M2P * 4096 + 9 * 8, 0x1_0000_0009n);
  const half = new Uint8Array(2048).fill(0xff);
  const segments = [...memory.stretches(), { start: (M2P + 3) * 4096, bytes: half }];
  const { dump } = await openDump(bytesSource(elfDump(memory, { segments })), quietTask);
  const forest = await fetchTables(dump.image, { address: 0x2000 * 4096, mode }, usualFeatures, quietTask);
  const window = findM2pWindow(forest, [{ firstPage: page, pageCount: 4096, bytesPerWord, startsWithSpan: true }]);
  if (!window) throw new Error('the table is mapped');
  return { window, m2p: await readM2p(dump.image, forest, window, quietTask) };
}

describe.each([4, 8] as const)('an M2P of words of %i bytes', (bytesPerWord) => {
  const words = 4096 / bytesPerWord;

  test('is read as far as the dump holds it: whole pages, half of one, and why not the others', async () => {
    const { window, m2p } = await read(bytesPerWord);
    expect(window.entries).toBe(4 * words);
    const kinds = Array.from(m2pCodes(m2p), (code) => KIND_OF_CODE[code]);
    expect(kinds.slice(0, 9)).toEqual([...Array(5).fill('valid'), 'invalid', 'shared', 'debug-fill', 'chunk-fill']);
    expect(new Set(kinds.slice(words, 2 * words))).toEqual(new Set(['unknown']));
    expect(new Set(kinds.slice(2 * words, 3 * words))).toEqual(new Set(['unmapped']));
    expect(new Set(kinds.slice(3 * words, 3.5 * words))).toEqual(new Set(['invalid']));
    expect(new Set(kinds.slice(3.5 * words))).toEqual(new Set(['unknown']));
    expect([0, 4, words - 1, words, 2 * words, 3 * words].map((mfn) => m2pWord(m2p, mfn))).toEqual([0, 4, words - 1, undefined, undefined, NO_FRAME]);
  });

  test('has each word at a place that leads back to its frame', async () => {
    const { window } = await read(bytesPerWord);
    for (const mfn of [0, 1, words - 1, words, 0xfb153]) {
      const place = m2pWordPlace(window, mfn);
      expect(place.page).toBe(WIDTHS[bytesPerWord].page + Math.floor(mfn / words));
      expect(mfnOfWordAt(window, place)).toBe(mfn);
      expect(mfnOfWordAt(window, { page: place.page, offset: place.offset + bytesPerWord - 1 })).toBe(mfn);
    }
  });
});

test('a word of 64 bits that is no PFN of 32 and no fill is nobody’s', async () => {
  const { m2p } = await read(8);
  expect(KIND_OF_CODE[m2pCodes(m2p)[9] ?? 0]).toBe('invalid');
});

test('begins with its span, or with what is mapped where the span says no more than that', () => {
  const span = { firstPage: 0xf5800, pageCount: 0xa600, bytesPerWord: 4 } as const;
  expect(m2pBase({ ...span, startsWithSpan: true }, 0xf5a00).firstPage).toBe(0xf5800);
  expect(m2pBase({ ...span, startsWithSpan: false }, 0xffc00).firstPage).toBe(0xffc00);
});
