import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { M2P_KINDS, type M2pKind, type RootChoice } from '#core/session/contract.ts';
import { openSession, type Session } from '#core/session/session.ts';
import { NO_FRAME } from '#core/xen/frame-numbers.ts';
import { elfDump, SparseMemory } from '../../../support/dump-builder.ts';
import { TableBuilder } from '../../../support/table-builder.ts';
import { startInfo } from '../../../support/xen-core-builder.ts';

const ROOT = 0x2000;
const M2P = 0x6000;
const LIST = 0x2100;
const WORDS_PER_PAGE = 1024;
/** The table has three pages here: the second is not in the dump, the third is not mapped. Then a fourth, all fills. */
const PAGES = 4;

/** A 32-bit Xen guest whose M2P's first page holds `words`, and whose P2M is `mfns`. */
async function guest(words: readonly number[], mfns: readonly number[]): Promise<{ session: Session; root: RootChoice }> {
  const memory = new SparseMemory();
  const tables = new TableBuilder(memory, 'pae', { root: ROOT * 4096, firstFrame: ROOT + 1 });
  for (const page of [0, 1, 3]) tables.map(0xf5800000n + BigInt(page) * 4096n, BigInt(M2P + page) * 4096n, { flags: 0x21n });
  tables.map(0xc0000000n, BigInt(LIST) * 4096n, { flags: 0x63n });
  tables.map(0xc0001000n, BigInt(LIST + 1) * 4096n, { flags: 0x63n });
  tables.map(0xc0002000n, BigInt(ROOT) * 4096n, { flags: 0x21n });
  for (let index = 0; index < WORDS_PER_PAGE; index++) {
    memory.word(M2P * 4096 + index * 4, words[index] ?? 0xffff_ffff, 4);
    memory.word((M2P + 3) * 4096 + index * 4, 0x5555_5555, 4);
  }
  mfns.forEach((mfn, pfn) => {
    memory.word(LIST * 4096 + pfn * 4, mfn, 4);
  });
  const info = { pages: Math.max(1, mfns.length), sharedInfo: 0x7fff, ptBase: 0xc0002000n, mfnList: 0xc0000000n };
  memory.write((LIST + 1) * 4096, startInfo(4, info));
  const session = await openSession(bytesSource(elfDump(memory, { cpus: [{ cr3: ROOT * 4096, cr4: 0x20 }] })), quietTask);
  const [root] = (await session.summary()).roots;
  if (!root) throw new Error('the dump names a root');
  await session.atlas(root, 'xen-pae');
  return { session, root };
}

/** What a word is, by the rules as written (reference 3.1), without any column. */
function slowKind(words: readonly number[], mfns: readonly number[], mfn: number): M2pKind {
  const page = Math.floor(mfn / WORDS_PER_PAGE);
  if (page === 1) return 'unknown';
  if (page === 2) return 'unmapped';
  const word = page === 3 ? 0x5555_5555 : (words[mfn] ?? 0xffff_ffff);
  if (word === 0xffff_fffe) return 'shared';
  if (word >= 2 ** 31) return 'invalid';
  if (word === 0x5555_5555) return 'debug-fill';
  if (word === 0x7777_7777) return 'chunk-fill';
  if (mfns[word] === mfn) return 'valid';
  return mfns[word] === NO_FRAME ? 'stale' : 'foreign';
}

const word = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constantFrom(0xffff_ffff, 0xffff_fffe, 0x5555_5555, 0x7777_7777, 0x8000_0000, 0xbadf));

describe('the M2P of a root', () => {
  test('is drawn, listed and counted as each word says, whatever the words', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(word, { maxLength: 40 }),
        fc.array(fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(NO_FRAME)), { maxLength: 12 }).map((mfns) => [39, ...mfns]),
        fc.integer({ min: 0, max: 1100 }),
        fc.constantFrom(1, 3, 16, 1024),
        async (words, mfns, firstMfn, wordsPerCell) => {
          const { session, root } = await guest(words, mfns);
          const kinds = Array.from({ length: PAGES * WORDS_PER_PAGE }, (_, mfn) => slowKind(words, mfns, mfn));
          const summary = await session.m2p(root);
          expect(summary).toMatchObject({ words: kinds.length, beyond: 0, bytesPerWord: 4, firstPage: 0xf5800 });
          for (const kind of M2P_KINDS) expect(summary?.counts[kind]).toBe(kinds.filter((one) => one === kind).length);
          const cells = await session.m2pCells(root, firstMfn, wordsPerCell, 8);
          for (let cell = 0; cell < 8; cell++) {
            const from = firstMfn + cell * wordsPerCell;
            const here = kinds.slice(from, from + wordsPerCell);
            const told = M2P_KINDS.map((_, column) => cells?.counts[cell * M2P_KINDS.length + column]);
            expect(told).toEqual(M2P_KINDS.map((kind) => here.filter((one) => one === kind).length));
          }
          const rows = await session.m2pRuns(root, 0, 500);
          expect(rows).toHaveLength(summary?.runs ?? -1);
          let next = 0;
          for (const row of rows) {
            expect(row.firstMfn).toBe(next);
            const here = kinds.slice(row.firstMfn, row.lastMfn + 1);
            expect(row.foreign).toBe(here.filter((kind) => kind === 'foreign').length);
            expect(row.stale).toBe(here.filter((kind) => kind === 'stale').length);
            expect(new Set(here.map((kind) => (kind === 'foreign' || kind === 'stale' ? 'valid' : kind)))).toEqual(new Set([row.kind]));
            next = row.lastMfn + 1;
          }
          expect(next).toBe(kinds.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('names the root’s tables with their words, and the frames that do not lead back', async () => {
    const { session, root } = await guest([0, 1, 0xbadf, 3], [0, 1, 2, 3]);
    const summary = await session.m2p(root);
    expect(summary?.disagreements).toEqual([{ pfn: 2, mfn: 2, word: 0xbadf }]);
    expect(summary?.disagreementCount).toBe(1);
    expect(summary?.p2m).toMatchObject({ frames: 4, highestPfn: 3, unknown: 0 });
    expect(summary?.tables[0]).toMatchObject({ mfn: ROOT, name: 'PDPT' });
    expect(await session.m2pRow(root, 2)).toBe(1);
    expect((await session.m2pRuns(root, 1, 1))[0]).toMatchObject({ firstMfn: 2, lastMfn: 2, value: 0xbadf, foreign: 1, stale: 0 });
  });

  test('says of each byte pane’s word which kind it is, by any address of the page', async () => {
    const { session, root } = await guest([0, 0xbadf, 0xffff_fffe], [0, 1]);
    const kindsOf = async (space: 'virtual' | 'machine', page: number) => {
      const [bytes] = await session.readPages(root, space, page, 1);
      return { ...bytes?.m2p, kinds: [...(bytes?.m2p?.kinds ?? [])].slice(0, 4).map((kind) => M2P_KINDS[kind]) };
    };
    const expected = { firstMfn: 0, bytesPerWord: 4, kinds: ['valid', 'foreign', 'shared', 'invalid'] };
    expect(await kindsOf('virtual', 0xf5800)).toEqual(expected);
    expect(await kindsOf('machine', M2P)).toEqual(expected);
    expect((await kindsOf('virtual', 0xf5803)).firstMfn).toBe(3 * WORDS_PER_PAGE);
    expect((await session.readPages(root, 'virtual', 0xc0000, 1))[0]?.m2p).toBeUndefined();
  });

  test('names the fields of start_info where its bytes are', async () => {
    const { session, root } = await guest([0], [0]);
    const [page] = await session.readPages(root, 'virtual', 0xc0001, 1);
    expect(page?.struct?.name).toBe('start_info');
    expect(page?.struct?.fields.find(({ name }) => name === 'nr_pages')).toMatchObject({ offset: 32, size: 4, value: 1 });
  });

  test('frames whose words the dump lacks are not counted as agreeing', async () => {
    const { session, root } = await guest([0], [0, WORDS_PER_PAGE + 1, 2 * WORDS_PER_PAGE + 2, 9 * WORDS_PER_PAGE]);
    expect(await session.m2p(root)).toMatchObject({ p2m: { frames: 4, unknown: 3 }, disagreementCount: 0 });
  });

  test('finds the next word of a kind, past those that follow at once, and begins anew after the last', async () => {
    const { session, root } = await guest([0, 0xbadf, 0xbadf, 3, 0xbadf, 1], [0, NO_FRAME, 7, 3]);
    const from = async (mfn: number, kind: M2pKind) => session.m2pNext(root, mfn, kind);
    expect(await Promise.all([0, 1, 2, 3, 4, 5].map((mfn) => from(mfn, 'foreign')))).toEqual([1, 4, 4, 4, 1, 1]);
    expect(await from(0, 'stale')).toBe(5);
    expect(await from(0, 'shared')).toBeUndefined();
    expect(await from(2 ** 40, 'valid')).toBe(0);
    expect(await from(0, 'unmapped')).toBe(2 * WORDS_PER_PAGE);
  });

  test('bounds what it is asked', async () => {
    const { session, root } = await guest([0], [0]);
    expect((await session.m2pCells(root, 0, 1, 2 ** 40))?.counts.length).toBe(4096 * M2P_KINDS.length);
    expect((await session.m2pCells(root, 2 ** 40, 1, 4))?.counts.every((count) => count === 0)).toBe(true);
    expect((await session.m2pRuns(root, -5, 2 ** 40)).length).toBe((await session.m2p(root))?.runs);
    expect(await session.m2pRuns(root, 2 ** 40, 4)).toEqual([]);
  });
});

test('a root without an M2P has none', async () => {
  const memory = new SparseMemory();
  new TableBuilder(memory, 'pae', { root: 0x100000, firstFrame: 0x101 }).map(0xc0000000n, 0x110000n);
  const session = await openSession(bytesSource(elfDump(memory, { cpus: [{ cr3: 0x100000, cr4: 0x20 }] })), quietTask);
  const [root] = (await session.summary()).roots;
  if (!root) throw new Error('the dump names a root');
  expect(await session.m2p(root)).toBeUndefined();
  expect(await session.m2pCells(root, 0, 1, 4)).toBeUndefined();
  expect(await session.m2pRuns(root, 0, 4)).toEqual([]);
});
