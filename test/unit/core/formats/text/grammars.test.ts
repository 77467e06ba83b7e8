import { describe, expect, test } from 'vitest';
import { openPrinted } from '../../../../support/open-printed.ts';

/** Where unplaced virtual rows can be read: by their virtual address. */
const virtualBytes = async (printed: string, address: number, length: number): Promise<string> => {
  const { dump } = await openPrinted(printed);
  const image = dump.text?.unplaced;
  if (image === undefined) throw new Error('unplaced rows are readable');
  const [piece] = await image.read([{ start: address as never, length }]);
  return [...(piece?.bytes ?? [])].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

describe('gdb', () => {
  test('stores words little-endian, by their digits', async () => {
    expect(await virtualBytes('0xc0511000 <boot_pgd>:\t0x00000000005120e3\t0x0123456789abcdef\n', 0xc0511000, 16)).toBe(
      'e320510000000000efcdab8967452301',
    );
    expect(await virtualBytes('0xc0511000:\t0x12345678\t0x9abcdef0\n', 0xc0511000, 8)).toBe('78563412f0debc9a');
    expect(await virtualBytes('0xc0511000:\t0x1234\t0x5678\n', 0xc0511000, 4)).toBe('34127856');
    expect(await virtualBytes('0xc0511000:\t0x12\t0x34\t0x56\n', 0xc0511000, 3)).toBe('123456');
  });

  test('reads a symbol with an offset and template brackets, and a high-half address', async () => {
    const { dump } = await openPrinted('0xffff88800120a000 <a<b>::c(int)+16>:\t0x8000000001206067\n');
    expect(dump.text?.placements.map(({ page }) => page)).toEqual([0xffff88800120a % 2 ** 36]);
  });

  test('keeps what it could not read as an annotation', async () => {
    const { dump } = await openPrinted('0xc0000000:\t0x00000001\n(gdb) x/w 0xf5800000\n0xf5800000:\tCannot access memory at address 0xf5800000\n');
    expect(dump.text?.annotations).toContainEqual({
      kind: 'unreadable',
      line: 3,
      space: 'virtual',
      digits: 'f5800000',
      text: 'gdb: cannot access memory at 0xf5800000',
    });
  });

  test.each([
    ['0xc0000000:\t0x00zz1234\n', '"0x00zz1234" is no hex word'],
    ['0xc0000000:\t0x123\t0x456\n', 'its words have 3 digits'],
    ['0xc0000000:\t0x12345678\t0x1234\n', 'its words differ in width'],
    ['0xc0000000:\t1\t-2\n', 'its values are decimal'],
  ])('names the line of a malformed row: %j', async (row, fault) => {
    const { dump } = await openPrinted(`prose\n${row}0xc0001000:\t0x00000001\n`);
    expect(dump.problems).toContainEqual(
      expect.objectContaining({ kind: 'text-row-malformed', text: expect.stringContaining(fault), fileOffset: 6 }),
    );
    expect(dump.problems[0]?.text).toContain('Line 2 ');
  });

  test('says nothing of prose that begins like a row', async () => {
    const { dump } = await openPrinted('0xc0511000:\t0x00000001\n\n0xC0511000: the root\n0xC03B2D60 has two entries\n0xc0000000 0x1\n');
    expect(dump.problems.filter(({ kind }) => kind === 'text-row-malformed')).toEqual([]);
    expect(dump.image.extents.count).toBe(0);
    expect(dump.text?.placements).toHaveLength(1);
  });

  test('goes on with words that a mail program wrapped', async () => {
    expect(await virtualBytes('0xc0511000:\t0x00000000005120e3\n0x0000000000000001\n', 0xc0511000, 16)).toBe('e3205100000000000100000000000000');
    expect(await virtualBytes('0xc0511000:\n0x00000000005120e3\n', 0xc0511000, 8)).toBe('e320510000000000');
  });

  test('reads physical memory in QEMU’s physical mode', async () => {
    const mode = '(gdb) maintenance packet Qqemu.PhyMemMode:1\n';
    const { bytes } = await openPrinted(`${mode}(gdb) x/2wx 0x1000\n0x1000:\t0x11223344\t0x55667788\n`);
    expect(await bytes(0x1000, 8)).toBe('4433221188776655');
  });
});

describe('xenctrl', () => {
  const command = '# ./xenctrl 4 -l3 0x402 dump64 0xc0402000 0x2000 # comment\n';

  test('tells the width by the distance of rows, not by digits', async () => {
    const rows = '0xc0402000: 0x0000000001 0x0000000002 0x0000000003 0x0000000004\n0xc0402020: 0x0000000005 0x0000000000 0x0000000000 0x0000000000\n';
    expect(await virtualBytes(rows, 0xc0402000, 40)).toBe(
      `${'01'}${'00'.repeat(7)}02${'00'.repeat(7)}03${'00'.repeat(7)}04${'00'.repeat(7)}05${'00'.repeat(7)}`,
    );
    const narrow = '0xc0402000: 0x0000000001 0x0000000002 0xc0402008: 0x0000000003 0x0000000004\n';
    expect(await virtualBytes(narrow, 0xc0402000, 16)).toBe('01000000020000000300000004000000');
  });

  test('splits rows that were glued onto one line', async () => {
    const glued = '0xc0402000: 0x00fb14e067 0x00fb14d067 0x00fb14c067 0x00fb14b067 0xc0402020: 0x00fbc000e1 0x0000000000 0x0000000000 0x0000000000\n';
    expect(await virtualBytes(command + glued, 0xc0402020, 8)).toBe('e100c0fb00000000');
  });

  test('knows the width by the command where one row stands alone', async () => {
    expect(await virtualBytes('# ./xenctrl 4 dump64 0xc0402000 0x20\n0xc0402000: 0x00000001 0x00000002\n', 0xc0402000, 16)).toBe(
      '01000000000000000200000000000000',
    );
    expect(await virtualBytes('# ./xenctrl 4 dump 0xc0402000 0x20\n0xc0402000: 0x00000001 0x00000002\n', 0xc0402000, 8)).toBe('0100000002000000');
  });

  test('tells zeros, rows left out, and what was not asked for apart', async () => {
    const body = '0xc0402000: -- page of zeros --\n        ...\n0xc0403f60: 0x0000402063 0x0000000000 0x00004a10e3 0x0000000000\n   ...\n#\n';
    const { dump } = await openPrinted(command + body);
    const [piece] = (await dump.text?.unplaced?.read([{ start: 0xc0402000 as never, length: 0x3000 }])) ?? [];
    expect(piece?.presence.map(({ offset, length, presence }) => [offset, length, presence])).toEqual([
      [0, 0x1000, 'zero'],
      [0x1000, 0xf60, 'assumed-zero'],
      [0x1f60, 0x20, 'held'],
      [0x1f80, 0x80, 'assumed-zero'],
      [0x2000, 0x1000, 'absent'],
    ]);
  });

  test('takes "..." between rows of no known command as left out, but not across memory', async () => {
    const { dump } = await openPrinted(
      '0xc0402000: 0x0000000001 0x0000000001\n...\n0xc0402040: 0x0000000001 0x0000000001\n...\n0xd0402000: 0x0000000001\n',
    );
    const columns = dump.text?.unplaced?.extents;
    expect([...(columns?.length ?? [])]).toEqual([16, 48, 16, 8]);
  });

  test('a failed map is an annotation; its argument stays as typed', async () => {
    const { dump } = await openPrinted(
      `0xc0000000: -- page of zeros --\n# ./xenctrl 4 -l3 0xfb153 dump64-mfn 0xfbc00000 0x1000\nError: Couldn't map mfn fbc00000\n`,
    );
    expect(dump.text?.annotations).toContainEqual({
      kind: 'unreadable',
      line: 3,
      space: 'machine',
      digits: 'fbc00000',
      text: "Error: Couldn't map mfn fbc00000",
    });
  });

  test('dump64-mfn gives machine memory', async () => {
    const { bytes } = await openPrinted(
      '# ./xenctrl 4 dump64-mfn 0xfb14f 0x1000\n0x00000000: 0x00fb14e067 0x00fb14d067 0x00fb14c067 0x00fb14b067\n...\n',
    );
    expect(await bytes(0xfb14f000, 8)).toBe('67e014fb00000000');
    expect(await bytes(0xfb14fffe, 4)).toBe('----....');
  });

  test('names rows that cannot be', async () => {
    const { dump } = await openPrinted(
      `${command}0xc0402000: 0x0000000001 0x0000000002\n0xc0402010: 0x0000000001 0x00000000zz\n0xc0402023: 0x0000000001\n`,
    );
    expect(dump.problems.filter(({ kind }) => kind === 'text-row-malformed').map(({ text }) => text)).toEqual([
      expect.stringMatching(/Line 3 .*"0x00000000zz" is no hex word/),
      expect.stringMatching(/Line 4 .*no multiple of 8/),
    ]);
  });
});

describe('QEMU', () => {
  test('xp is physical, x is virtual', async () => {
    const { dump, bytes } = await openPrinted(
      '(qemu) xp /2gx 0x1205000\n0000000001205000: 0x0000000001206067 0x8000000001207063\n(qemu) x /1wx 0xc0000000\nc0000000: 0x00000001\n',
    );
    expect(await bytes(0x1205008, 8)).toBe('6370200100000080');
    expect(dump.text?.placements.map(({ page }) => page)).toEqual([0xc0000]);
    expect(dump.problems.filter(({ kind }) => kind === 'text-space-guessed')).toEqual([]);
  });

  test('a scripted monitor echoes each key; gdb hands commands on', async () => {
    const echoed = '(qemu) x\u001b[K\u001b[Dxp\u001b[K\u001b[D\u001b[Dxp /1gx 0x1000\u001b[K\r\n0000000000001000: 0x0000000000000001\r\n';
    expect(await (await openPrinted(echoed)).bytes(0x1000, 2)).toBe('0100');
    const monitor = '(gdb) monitor xp /1gx 0x1000\n0000000000001000: 0x0000000000000001\n';
    expect(await (await openPrinted(monitor)).bytes(0x1000, 2)).toBe('0100');
  });

  test('without a command the digits tell, and it is said', async () => {
    const { dump, bytes } = await openPrinted('0000000001205000: 0x0000000001206067 0x8000000001207063\n');
    expect(await bytes(0x1205000, 2)).toBe('6760');
    expect(dump.problems).toContainEqual(expect.objectContaining({ kind: 'text-space-guessed', severity: 'note' }));
  });
});

describe('xxd', () => {
  test('bytes in order, groups of any size, uppercase', async () => {
    expect(await (await openPrinted('00001000: 6720 1200 0000 0080 0000 0000 0000 0000  g .............\n')).bytes(0x1000, 9)).toBe(
      '672012000000008000',
    );
    expect(await (await openPrinted('00001000: 67 20 12 00  g .\n')).bytes(0x1000, 5)).toBe('67201200..');
    expect(await (await openPrinted('00001000: 67ABCDEF01234567 0000000000000000  g.......\n')).bytes(0x1000, 3)).toBe('67abcd');
  });

  test('tells reversed groups (-e) by the text column', async () => {
    const reversed = '00001000: 64636261 68676665 6c6b6a69 706f6e6d  abcdefghijklmnop\n';
    expect(await (await openPrinted(reversed)).bytes(0x1000, 8)).toBe('6162636465666768');
    const plain = '00001000: 61626364 65666768 696a6b6c 6d6e6f70  abcdefghijklmnop\n';
    expect(await (await openPrinted(plain)).bytes(0x1000, 8)).toBe('6162636465666768');
  });

  test('a lone * leaves zeros out', async () => {
    const { bytes } = await openPrinted(
      '00001000: 0000 0000 0000 0000 0000 0000 0000 0000  ................\n*\n00001040: 0100 0000 0000 0000 0000 0000 0000 0000  ................\n',
    );
    expect(await bytes(0x100f, 4)).toBe('00zzzzzz');
    expect(await bytes(0x103f, 3)).toBe('zz0100');
  });

  test('says that file places are taken as machine addresses', async () => {
    const { dump } = await openPrinted('00001000: 6720 1200  g ..\n');
    expect(dump.problems).toContainEqual(expect.objectContaining({ kind: 'text-file-offsets' }));
  });
});

describe('hexdump -C', () => {
  const row = '00001000  67 20 12 00 00 00 00 80  00 00 00 00 00 00 00 00  |g ..............|\n';

  test('bytes, a repetition, the end alone', async () => {
    const { bytes } = await openPrinted(`${row}*\n00001030  01 02  |..|\n00001032\n`);
    expect(await bytes(0x1000, 8)).toBe('6720120000000080');
    expect(await bytes(0x1020, 8)).toBe('6720120000000080');
    expect(await bytes(0x102e, 6)).toBe('00000102....');
  });

  test('a repetition of zeros may span gigabytes, one of anything else may not', async () => {
    const zeros = `00000000  ${'00 '.repeat(16)} |................|\n*\n100000000\n`;
    const { dump } = await openPrinted(zeros);
    expect(dump.image.end).toBe(0x100000000);
    const ones = zeros.replaceAll(' 00', ' 01');
    const bad = await openPrinted(ones);
    expect(bad.dump.image.end).toBe(16);
    expect(bad.dump.problems).toContainEqual(expect.objectContaining({ kind: 'text-row-malformed', text: expect.stringContaining('1048576 pages') }));
  });

  test('plain hexdump is told apart and not read', async () => {
    const { dump } = await openPrinted(`${row}0000020 457f 464c 0102 0001 0000 0000 0000 0000\n`);
    expect(dump.problems).toContainEqual(expect.objectContaining({ text: expect.stringContaining('use hexdump -C') }));
  });
});
