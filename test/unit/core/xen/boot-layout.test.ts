import { expect, test } from 'vitest';
import { bootPieces } from '#core/xen/boot-layout.ts';
import { parseStartInfo, type StartInfo } from '#core/xen/start-info.ts';
import { startInfo } from '../../../support/xen-core-builder.ts';

const FRAME = 0xfb156;
/** The e-mail's guest, as its start_info has it on a real Xen 3.0.3. */
const MAIL = { pages: 0x2000, sharedInfo: 0x22e, ptBase: 0xc03ae000n, mfnList: 0xc03a3000n, store: 0xfb155, console: 0xfb154 };

function infoOf(of: Parameters<typeof startInfo>[1], wordBytes: 4 | 8 = 4, tables = 9): StartInfo {
  const page = startInfo(wordBytes, of);
  new DataView(page.buffer).setUint32(wordBytes === 4 ? 64 : 96, tables, true);
  const info = parseStartInfo(FRAME, page);
  if (!info) throw new Error('not a start_info');
  return info;
}

/** The builder maps its pages in order, the frames run down. */
const space = { virtualBits: 32, basePage: 0xc0000, frameAt: (page: number) => 0xfb153 + 0xc03ae - page };

test('a guest’s initial memory lies as its builder says: kernel, P2M, start_info, xenstore, console, tables, stack', () => {
  expect(bootPieces(infoOf(MAIL), space).map(({ firstPage, pageCount, name }) => [firstPage.toString(16), pageCount, name])).toEqual([
    ['c0000', 0x3a3, 'Guest kernel'],
    ['c03a3', 8, 'P2M list'],
    ['c03ab', 1, 'start_info'],
    ['c03ac', 1, 'xenstore ring'],
    ['c03ad', 1, 'console ring'],
    ['c03ae', 9, 'Boot page tables'],
    ['c03b7', 1, 'Boot stack'],
  ]);
});

test('a 64-bit guest’s lies in the top 2 GB', () => {
  const of = { pages: 0x2000, sharedInfo: 0x22e, ptBase: 0xffffffff8014e000n, mfnList: 0xffffffff8013d000n };
  const pieces = bootPieces(infoOf(of, 8, 5), {
    virtualBits: 48,
    basePage: undefined,
    frameAt: (page) => (page === 0xffff8014d ? FRAME : undefined),
  });
  expect(pieces.map(({ firstPage, pageCount, name }) => [firstPage.toString(16), pageCount, name])).toEqual([
    ['ffff8013d', 16, 'P2M list'],
    ['ffff8014d', 1, 'start_info'],
    ['ffff8014e', 5, 'Boot page tables'],
    ['ffff80153', 1, 'Boot stack'],
  ]);
});

test('fields that make no sense place nothing, and pieces never overlap', () => {
  const absurd = bootPieces(infoOf({ ...MAIL, pages: 0xffffffff, mfnList: 0n }, 4, 0xffffffff), space);
  expect(absurd.map(({ name }) => name)).toEqual([]);
  const twice = bootPieces(infoOf({ ...MAIL, mfnList: 0xc03ae000n }), space);
  for (const [at, one] of twice.entries())
    expect(one.firstPage).toBeGreaterThanOrEqual((twice[at - 1]?.firstPage ?? 0) + (twice[at - 1]?.pageCount ?? 0));
});
