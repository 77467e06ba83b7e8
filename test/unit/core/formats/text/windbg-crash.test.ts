import { expect, test } from 'vitest';
import { openPrinted } from '../../../../support/open-printed.ts';

test('physical rows need no command, and are no shell prompt', async () => {
  const { dump, word } = await openPrinted('#  187c00 00a0000012345867 0000000000000000\n#  187c10 8000000000001063\n');
  expect(await word(0x187c00)).toBe('00a0000012345867');
  expect(await word(0x187c10)).toBe('8000000000001063');
  expect(dump.text?.annotations).toEqual([]);
});

test('64-bit virtual rows are known by their backticks', async () => {
  const { dump } = await openPrinted('fffff6fb`7dbed000  00000000`00187863 00000000`00188863\n');
  expect(dump.text?.placements.map(({ page }) => page)).toEqual([0xfff_ff6f_b7db_ed % 2 ** 36]);
});

test('what could not be read is told, and is not memory', async () => {
  const { dump } = await openPrinted(
    'kd> dd 80000000\n80000000  ???????? ???????? ???????? ????????\n80000010  00000001 ???????? ???????? ????????\n',
  );
  expect(dump.text?.annotations?.filter(({ kind }) => kind === 'unreadable')).toEqual([
    expect.objectContaining({ line: 2, digits: '80000000' }),
    expect.objectContaining({ line: 3, text: expect.stringContaining('byte 4') }),
  ]);
  expect(dump.text?.unplaced?.extents.length[0]).toBe(4);
});

test('rows of dps hold one word each', async () => {
  const { dump } = await openPrinted('kd> dps 80550000\n80550000  00187863 nt!KiPcr+0x4\n80550004  00188863\n');
  expect([...(dump.text?.unplaced?.extents.length ?? [])]).toEqual([8]);
});

test('a date or a table of numbers is no row', async () => {
  const { dump } = await openPrinted('kd> dd 1000\n#  1000 00000001\n20240101  builds of the month\n');
  expect(dump.text?.placements).toEqual([]);
});

test('!pte gives the entries it shows, each at its own address', async () => {
  const { dump } = await openPrinted(
    'kd> !pte 801544f4\n801544F4  - PDE at C0300800        PTE at C0200550\n          contains 0003B163      contains 00154121\n',
  );
  const unplaced = dump.text?.unplaced;
  expect([...(unplaced?.extents.start ?? [])]).toEqual([0xc0200550, 0xc0300800]);
  const [piece] = (await unplaced?.read([{ start: 0xc0300800 as never, length: 4 }])) ?? [];
  expect([...(piece?.bytes ?? [])]).toEqual([0x63, 0xb1, 0x03, 0]);
});

test('crash rd says by its options what its addresses are', async () => {
  const { word, dump } = await openPrinted('crash> rd -p 1205000 2\n         1205000:  0000000001206067 8000000001207063   g` .....cp .....\n');
  expect(await word(0x1205008)).toBe('8000000001207063');
  expect(dump.problems).toEqual([]);
});

test('crash rd without its command is told to be a guess', async () => {
  const { dump } = await openPrinted('ffff88800120a000:  8000000001206067 0000000000000000   g. .............\n');
  expect(dump.problems.map(({ kind }) => kind)).toContain('text-space-guessed');
  expect(dump.text?.placements).toHaveLength(1);
});

test.each(['-N', '-d', '-R', '-s'])('crash rd %s prints no words of memory', async (option) => {
  const { dump } = await openPrinted(
    `crash> rd ${option} ffff88800120a000\nffff88800120a000:  8000000001206067\ncrash> rd -p 1000\n1000:  0000000000000001\n`,
  );
  expect(dump.problems.map(({ kind }) => kind)).toEqual(['text-row-malformed']);
});

test('values that crash prints are kept with their question', async () => {
  const { dump } = await openPrinted('crash> px swapper_pg_dir\n$1 = 0x1205000\ncrash> rd -p 1205000\n1205000:  0000000001206067\n');
  expect(dump.text?.annotations).toContainEqual({ kind: 'value', line: 2, name: '$1', value: '0x1205000', question: 'px swapper_pg_dir' });
});

test('vtop of 32 bits shows two entries of 4 bytes, by kernel address', async () => {
  const { dump } = await openPrinted(
    'crash> vtop c806e000\nVIRTUAL   PHYSICAL\nc806e000  2216000\n\nPAGE DIRECTORY: c0101000\n  PGD: c0101c80 => 94063\n  PMD: c0101c80 => 94063\n  PTE: c00941b8 => 2216063\n PAGE: 2216000\n',
  );
  const unplaced = dump.text?.unplaced?.extents;
  const placed = dump.image.extents;
  const lengths = [...(unplaced?.length ?? []), ...placed.length];
  expect(lengths).toEqual([4, 4]);
  expect(dump.problems.filter(({ severity }) => severity !== 'note')).toEqual([]);
});

test('vtop of 64 bits shows entries of 8 bytes, below the top by physical address', async () => {
  const { word, dump } = await openPrinted(
    'crash> vtop ffff88001234\n   PGD: ffffffff81c0a880 => 1c0e067\n   PUD: 1c0e000 => 1fe11067\n   PMD: 1fe11230 => 80000000bfc001e3\n  PAGE: bfc00000  (2MB)\n',
  );
  expect([await word(0x1c0e000), await word(0x1fe11230)]).toEqual(['000000001fe11067', '80000000bfc001e3']);
  expect(dump.text?.placements).toHaveLength(1);
});
