import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crossCheck } from '#core/xen/cross-check.ts';
import { gatherP2m, invertP2m, mfnOf, NO_FRAME, type P2m, pfnOf } from '#core/xen/frame-numbers.ts';
import { isHypercallPage } from '#core/xen/hypercall-page.ts';
import { kindOfM2pWord, type M2p, m2pWord, narrowM2pWord, PAGE_ABSENT, PAGE_HELD, PAGE_PARTLY, PAGE_UNMAPPED } from '#core/xen/m2p.ts';
import { countCodes, KIND_OF_CODE, m2pCodes, WORD_CODES, type WordCode } from '#core/xen/m2p-kinds.ts';
import { m2pRuns, runFrom, runStarts } from '#core/xen/m2p-runs.ts';
import { parseSharedInfo } from '#core/xen/shared-info.ts';
import { parseStartInfo } from '#core/xen/start-info.ts';
import { startInfo } from '../../../support/xen-core-builder.ts';

const p2mOf = (mfns: readonly number[]): P2m => ({
  mfns: Uint32Array.from(mfns),
  count: mfns.filter((mfn) => mfn !== NO_FRAME).length,
  source: 'made',
});
const m2pOf = (words: readonly number[], held?: readonly number[]): M2p => ({
  words: Uint32Array.from(words),
  held: Uint8Array.from(held ?? Array.from({ length: Math.ceil(words.length / 4) }, () => 1)),
  wordsPerPage: 4,
  source: 'made',
});

/** What a word is, by the rule as it is written down. */
function slowCode(m2p: M2p, mfns: readonly number[], mfn: number): WordCode {
  if (m2p.held[Math.floor(mfn / m2p.wordsPerPage)] === PAGE_UNMAPPED) return 'unmapped';
  const word = m2pWord(m2p, mfn);
  const kind = kindOfM2pWord(word);
  if (kind !== 'valid' || word === undefined) return kind === 'valid' ? 'foreign' : kind;
  if (mfns[word] === mfn) return 'ours';
  return mfns[word] === NO_FRAME ? 'stale' : 'foreign';
}

describe('P2M', () => {
  test('of pairs and back is what the pairs say, the first of each number', () => {
    const numbers = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(fc.array(fc.tuple(numbers, numbers), { maxLength: 60 }), (pairs) => {
        const gathered = gatherP2m(
          Uint32Array.from(pairs, ([pfn]) => pfn),
          Uint32Array.from(pairs, ([, mfn]) => mfn),
        );
        const p2m: P2m = { ...gathered, source: 'made' };
        const told = new Map([...pairs].reverse());
        for (let pfn = 0; pfn <= 41; pfn++) expect(mfnOf(p2m, pfn)).toBe(told.get(pfn));
        expect(p2m.count).toBe(told.size);
        const back = invertP2m(p2m);
        for (let mfn = 0; mfn <= 41; mfn++) {
          const pfns = [...told].filter(([, of]) => of === mfn).map(([pfn]) => pfn);
          expect(pfnOf(back, mfn)).toBe(pfns.length === 0 ? undefined : Math.min(...pfns));
        }
      }),
    );
  });

  test('of frames far apart is found the other way round too', () => {
    const back = invertP2m(p2mOf([0xf000_0000, 5, NO_FRAME, 5]));
    expect([0xf000_0000, 5, 6, 0xf000_0001].map((mfn) => pfnOf(back, mfn))).toEqual([0, 1, undefined, undefined]);
  });

  test('leaves out numbers far above the guest’s size, and makes no column for them', () => {
    const gathered = gatherP2m(Uint32Array.of(0, 0xf000_0000, 2), Uint32Array.of(7, 8, NO_FRAME));
    expect(gathered).toMatchObject({ wild: 1, count: 1 });
    expect([...gathered.mfns]).toEqual([7, NO_FRAME, NO_FRAME]);
  });
});

describe('M2P', () => {
  test('words are told apart', () => {
    expect([0, 0x3ae, NO_FRAME, 0x5555_5555, 0x7777_7777, 0xffff_fffe, 0x8000_0000, undefined].map(kindOfM2pWord)).toEqual([
      'valid',
      'valid',
      'invalid',
      'debug-fill',
      'chunk-fill',
      'shared',
      'invalid',
      'unknown',
    ]);
  });

  test('64-bit words keep their PFN and their fills', () => {
    expect(narrowM2pWord(0x3ae, 0)).toBe(0x3ae);
    expect(narrowM2pWord(0x5555_5555, 0x5555_5555)).toBe(0x5555_5555);
    expect(narrowM2pWord(0xffff_fffe, 0xffff_ffff)).toBe(0xffff_fffe);
    expect(narrowM2pWord(0x3ae, 1)).toBe(NO_FRAME);
  });

  test('runs cover every word once and give its value', () => {
    const word = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(NO_FRAME, 0x5555_5555));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 10, maxLength: 10 }), (words, held) => {
        const m2p = m2pOf(words, held.slice(0, Math.ceil(words.length / 4)));
        let next = 0;
        for (const run of m2pRuns(m2p)) {
          expect(run.firstMfn).toBe(next);
          for (let mfn = run.firstMfn; mfn <= run.lastMfn; mfn++)
            expect(m2pWord(m2p, mfn)).toBe(run.kind === 'unknown' ? undefined : run.value + (mfn - run.firstMfn) * run.step);
          next = run.lastMfn + 1;
        }
        expect(next).toBe(words.length);
      }),
    );
  });

  test('every word has one code, by the slow rule and by the fast one, and its runs begin where codes or steps change', () => {
    const word = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(NO_FRAME, 0x5555_5555, 0x7777_7777, 0xffff_fffe, 0x9000_0000));
    const mfn = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.constant(NO_FRAME));
    const pages = fc.array(fc.constantFrom(PAGE_ABSENT, PAGE_HELD, PAGE_UNMAPPED), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), fc.array(mfn, { maxLength: 8 }), pages, (words, mfns, held) => {
        const m2p = m2pOf(words, held.slice(0, Math.ceil(words.length / 4)));
        const codes = m2pCodes(m2p, Uint32Array.from(mfns));
        const slow = words.map((_, at) => slowCode(m2p, mfns, at));
        expect(Array.from(codes, (code) => WORD_CODES[code])).toEqual(slow);
        const { p2m, disagreements } = crossCheck(p2mOf(mfns), m2p);
        const wordOf = (pfn: number): number | undefined => (mfns[pfn] === NO_FRAME ? undefined : m2pWord(m2p, mfns[pfn] ?? 0));
        const framed = mfns.map((_, pfn) => pfn).filter((pfn) => mfns[pfn] !== NO_FRAME);
        expect(disagreements.map(({ pfn }) => pfn)).toEqual(framed.filter((pfn) => wordOf(pfn) !== undefined && wordOf(pfn) !== pfn));
        expect(p2m).toEqual({
          agree: framed.filter((pfn) => wordOf(pfn) === pfn).length,
          unknown: framed.filter((pfn) => wordOf(pfn) === undefined).length,
          disagree: disagreements.length,
          noFrame: mfns.length - framed.length,
        });
        expect([...countCodes(codes)]).toEqual(WORD_CODES.map((code) => slow.filter((one) => one === code).length));
        const runs = [...m2pRuns(m2p)];
        expect([...runStarts(m2p.words, codes)]).toEqual(runs.map(({ firstMfn }) => firstMfn));
        for (const run of runs) expect(runFrom(m2p.words, codes, run.firstMfn)).toEqual(run);
      }),
    );
  });

  test('fills are runs of their own, numbers going up or down are joined', () => {
    const words = [NO_FRAME, NO_FRAME, 0x5555_5555, 0x5555_5555, 7, 8, 9, 3, 2, 1, 0x3ae, 0x9000];
    expect([...m2pRuns(m2pOf(words))].map(({ firstMfn, lastMfn, step, kind }) => [firstMfn, lastMfn, step, kind])).toEqual([
      [0, 1, 0, 'invalid'],
      [2, 3, 0, 'debug-fill'],
      [4, 6, 1, 'valid'],
      [7, 9, -1, 'valid'],
      [10, 10, 0, 'valid'],
      [11, 11, 0, 'valid'],
    ]);
  });

  test('a hole of the table, a page not in the dump and a page of which some words are: three different answers', () => {
    const words = [7, 8, 9, 10, 0, 0, 0, 0, 0, 0, 0, 0, NO_FRAME, 1, 2, 3];
    const held = [PAGE_HELD, PAGE_UNMAPPED, PAGE_ABSENT, PAGE_PARTLY];
    const m2p: M2p = { ...m2pOf(words, held), parts: new Map([[3, Uint8Array.of(1, 0, 1, 1)]]) };
    const kinds = Array.from(m2pCodes(m2p), (code) => KIND_OF_CODE[code]);
    expect(kinds.slice(4, 12)).toEqual([...Array(4).fill('unmapped'), ...Array(4).fill('unknown')]);
    expect(kinds.slice(12)).toEqual(['invalid', 'unknown', 'valid', 'valid']);
    expect(m2pWord(m2p, 13)).toBeUndefined();
    expect([...m2pRuns(m2p)].map(({ firstMfn, lastMfn, kind }) => [firstMfn, lastMfn, kind])).toEqual([
      [0, 3, 'valid'],
      [4, 7, 'unmapped'],
      [8, 11, 'unknown'],
      [12, 12, 'invalid'],
      [13, 13, 'unknown'],
      [14, 15, 'valid'],
    ]);
    const { m2p: counts } = crossCheck(p2mOf([0xa, 0xb, 14, 15, NO_FRAME, NO_FRAME, NO_FRAME, 0, 1]), m2p);
    expect(counts).toMatchObject({ ours: 4, foreign: 2, invalid: 1, unknown: 5, unmapped: 4 });
  });

  test('is checked against the P2M both ways', () => {
    // MFN 0, 1: fills; 2 is PFN 0; 3 is PFN 1 but lies; 4 was PFN 2, given back; 5 is another domain's PFN 0; page 2 is not held.
    const m2p = m2pOf([NO_FRAME, 0x5555_5555, 0, 0xbadf, 2, 0, 0xffff_fffe, 0x7777_7777, 3, 0, 0, 0], [1, 1, 0]);
    const { m2p: words, p2m, disagreements } = crossCheck(p2mOf([2, 3, NO_FRAME, 8]), m2p);
    expect(words).toEqual({ ours: 1, foreign: 2, stale: 1, invalid: 1, debugFill: 1, chunkFill: 1, shared: 1, unknown: 4, unmapped: 0 });
    expect(p2m).toEqual({ agree: 1, disagree: 1, unknown: 1, noFrame: 1 });
    expect(disagreements).toEqual([{ pfn: 1, mfn: 3, m2p: 0xbadf, kind: 'valid' }]);
  });

  test('of 4 Mi words is counted whole', () => {
    const size = 4 * 2 ** 20;
    const mfns = Uint32Array.from({ length: size }, (_, pfn) => size - 1 - pfn);
    const m2p: M2p = { words: mfns.slice(), held: new Uint8Array(size / 1024).fill(1), wordsPerPage: 1024, source: 'made' };
    expect(crossCheck({ mfns, count: size, source: 'made' }, m2p)).toMatchObject({ m2p: { ours: size }, p2m: { agree: size }, disagreements: [] });
  });
});

describe('structures', () => {
  test.each([4, 8] as const)('start_info of a guest with words of %i bytes', (wordBytes) => {
    const of = { pages: 0x1000, sharedInfo: 0x27bbf, ptBase: 0xc0144000n, mfnList: 0xc013d000n, store: 0x21d42, console: 0x21d43 };
    const found = parseStartInfo(0x21d41, startInfo(wordBytes, of));
    expect(found).toMatchObject({
      frame: 0x21d41,
      wordBytes,
      nrPages: 0x1000,
      sharedInfoFrame: 0x27bbf,
      ptBase: { low: 0xc0144000 },
      mfnList: { low: 0xc013d000 },
    });
    const values = Object.fromEntries(found?.fields.map(({ name, value }) => [name, value]) ?? []);
    expect(values).toMatchObject({ nr_pages: 0x1000, store_mfn: 0x21d42, 'console.domU.mfn': 0x21d43, pt_base: 0xc0144000 });
  });

  test.each([
    ['xen-3.0-x86_64p', 8, 8],
    ['xen-3.0-x86_64', 8, 8],
    ['xen-3.0-x86_32p', 4, 4],
    ['xen-3.0-x86_32', 4, 4],
    ['xen-3.0-x86_64q', 8, undefined],
  ] as const)('start_info begins %s', (magic, built, wordBytes) => {
    const page = startInfo(built, { pages: 0x20000, sharedInfo: 0xbfda7, ptBase: 0xc0144000n, mfnList: 0xc013d000n });
    page.fill(0, 0, 32).set(new TextEncoder().encode(magic));
    expect(parseStartInfo(1, page)?.wordBytes).toBe(wordBytes);
  });

  test('the console of the initial domain is VGA’s', () => {
    const page = startInfo(8, { pages: 0x2000, sharedInfo: 0x27bbf, ptBase: 0xffffffff8014e000n, mfnList: 0xffffffff8013d000n });
    const view = new DataView(page.buffer);
    view.setUint32(48, 0x303, true);
    view.setUint32(72, 0x490, true);
    view.setUint32(76, 0x28, true);
    const values = Object.fromEntries(parseStartInfo(1, page)?.fields.map(({ name, value }) => [name, value]) ?? []);
    expect(values).toMatchObject({ 'console.dom0.info_off': 0x490, 'console.dom0.info_size': 0x28 });
    expect(values).not.toHaveProperty('console.domU.mfn');
  });

  test('a page with the magic and nonsense after it is no start_info', () => {
    const page = startInfo(4, { pages: 0x1000, sharedInfo: 0x27bbf, ptBase: 0xc0144123n, mfnList: 0xc013d000n });
    expect(parseStartInfo(1, page)).toBeUndefined();
    expect(parseStartInfo(1, page.subarray(0, 600))).toBeUndefined();
    expect(parseStartInfo(1, new Uint8Array(4096))).toBeUndefined();
  });

  test('shared_info has its frame list where each width has it', () => {
    const page = new Uint8Array(4096);
    const view = new DataView(page.buffer);
    view.setUint32(2316, 0x1000, true);
    view.setUint32(2320, 0x21d0c, true);
    view.setUint32(3088, 0x2000, true);
    view.setUint32(3096, 0x31d0c, true);
    expect(parseSharedInfo(1, page, 4)).toMatchObject({ maxPfn: 0x1000, frameListList: 0x21d0c });
    expect(parseSharedInfo(1, page, 8)).toMatchObject({ maxPfn: 0x2000, frameListList: 0x31d0c });
  });

  test('a hypercall page is told by its stubs', () => {
    const stubs = (bytes: (stub: number) => readonly number[]): Uint8Array => {
      const page = new Uint8Array(4096);
      for (let stub = 0; stub < 128; stub++) page.set(bytes(stub), stub * 32);
      return page;
    };
    expect(isHypercallPage(stubs((n) => [0xb8, n, 0, 0, 0, 0xcd, 0x82, 0xc3]))).toBe(true);
    expect(isHypercallPage(stubs((n) => [0x51, 0x41, 0x53, 0xb8, n, 0, 0, 0, 0x0f, 0x05, 0x41, 0x5b, 0x59, 0xc3]))).toBe(true);
    expect(isHypercallPage(stubs(() => [0xb8, 0, 0, 0, 0, 0xcd, 0x82, 0xc3]))).toBe(false);
    expect(isHypercallPage(new Uint8Array(4096))).toBe(false);
  });
});
