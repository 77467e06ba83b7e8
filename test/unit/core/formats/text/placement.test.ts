import { describe, expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import text from '#core/formats/text.format.ts';
import { openPrinted } from '../../../../support/open-printed.ts';

const hex = (value: number | bigint, digits: number): string => value.toString(16).padStart(digits, '0');

/** gdb's rows for some 8-byte entries of a page. */
const gdbRows = (page: bigint, entries: Readonly<Record<number, bigint>>, digits = 8): string =>
  Object.entries(entries)
    .map(([slot, value]) => `0x${hex(page * 4096n + BigInt(slot) * 8n, digits)}:\t0x${hex(value, 16)}\n`)
    .join('');

const xpRows = (frame: number, entries: Readonly<Record<number, number>>, bytes: 4 | 8 = 8): string =>
  Object.entries(entries)
    .map(([slot, value]) => `${hex(frame * 4096 + Number(slot) * bytes, 16)}: 0x${hex(value, bytes * 2)}\n`)
    .join('');

const frames = async (printed: string): Promise<(string | undefined)[][]> => {
  const { dump } = await openPrinted(printed);
  return (dump.text?.placements ?? []).map(({ page, frame }) => [page.toString(16), frame?.toString(16)]);
};

const paeRegisters = 'CR0=80050033 CR2=00000000 CR3=00200020 CR4=000000b0\nEFER=0000000000000800\n';
const longRegisters = 'CPU#1\nCR0=80050033 CR2=0000000000000000 CR3=0000000001205000 CR4=000006f0\nEFER=0000000000000d01\n';

describe('a native PAE guest', () => {
  test('xp of the tables needs no placing; a virtual row is walked through them', async () => {
    const tables = `(qemu) xp /8gx 0x200020\n${xpRows(0x200, { 4: 0x201021, 7: 0x203001 })}${xpRows(0x203, { 1: 0x204067 })}${xpRows(0x204, { 5: 0x7777063 })}`;
    const rows = '(gdb) x/w 0xc0205010\n0xc0205010:\t0xdeadbeef\n';
    const opened = await openPrinted(`${paeRegisters}${tables}${rows}`);
    expect(opened.dump.roots).toMatchObject([{ address: 0x200020, mode: 'pae', origin: 'CR3', features: { nxe: true, known: true } }]);
    expect(opened.placement(0xc0205)).toMatchObject({ frame: 0x7777, reason: expect.stringContaining('PDPTE 3 → 203') });
    expect(await opened.bytes(0x7777010, 4)).toBe('efbeadde');
    expect(opened.dump.frameWord).toBe('frame');
  });

  test('tables printed by gdb through the direct map are found by the root’s offset', async () => {
    const registers =
      '(gdb) info registers cr3\ncr3            0x511000            [ PDBR=1297 PCID=0 ]\ncr4            0xb0                [ PAE PGE PSE ]\n';
    const printed =
      registers +
      '(gdb) x/4gx 0xc0511000\n' +
      gdbRows(0xc0511n, { 0: 0x512001n, 1: 0n, 2: 0n, 3: 0x513001n }) +
      gdbRows(0xc0513n, { 0: 0xe3n, 2: 0x514063n }) +
      gdbRows(0xc0514n, { 7: 0x9999063n }) +
      '0xc0407000:\t0x12345678\n';
    expect(await frames(printed)).toEqual([
      ['c0407', '9999'],
      ['c0511', '511'],
      // The 2 MB leaf at slot 0 maps C0000000 one to one, but these pages lie above it: the offset tells.
      ['c0513', '513'],
      ['c0514', '514'],
    ]);
  });

  test('rows alone show the root: the one frame that names others and that none names', async () => {
    const tables = `(qemu) xp /4gx 0x1000\n${xpRows(1, { 0: 0x2001, 1: 0, 2: 0, 3: 0x3001 })}${xpRows(2, { 0: 0x4067 })}${xpRows(3, { 0: 0x4067 })}${xpRows(4, { 0: 0x5067 })}`;
    const { dump } = await openPrinted(tables);
    expect(dump.roots).toMatchObject([{ address: 0x1000, mode: 'pae', origin: 'guessed from the text' }]);
  });

  test('paging switched off is no root', async () => {
    const { dump } = await openPrinted(`CR0=00000010 CR3=00200020 CR4=00000020\n${xpRows(0x999, { 0: 1 })}`);
    expect(dump.roots).toEqual([]);
  });
});

describe('a 4-level guest', () => {
  test('registers tell mode, CPU and root; high addresses are taken without their sign', async () => {
    const kernel = 0xffffffff81000n;
    const tables =
      `(qemu) xp /1gx 0x1205ff8\n${xpRows(0x1205, { 511: 0x1206067 })}${xpRows(0x1206, { 510: 0x1207063 })}` + `${xpRows(0x1207, { 8: 0x10001e3 })}`;
    const opened = await openPrinted(`${longRegisters}${tables}(gdb) x/gx 0xffffffff81000000\n0xffffffff81000000:\t0x1122334455667788\n`);
    expect(opened.dump.roots).toMatchObject([{ address: 0x1205000, mode: '4-level', origin: 'CPU 1', cpu: { index: 1, cr3: 0x1205000 } }]);
    const page = Number(kernel & 0xfffffffffn);
    expect(opened.placement(page)).toMatchObject({ frame: 0x1000, reason: expect.stringContaining('in one large page') });
    expect(await opened.word(0x1000000)).toBe('1122334455667788');
  });

  test('a PML4 printed in its own self-map is the root, and the rest is walked', async () => {
    // Slot 1ed: PXE base FFFFF6FB7DBED000, PPE of slot 0 at FFFFF6FB7DA00000, PDE at FFFFF6FB40000000, PTE at FFFFF68000000000.
    const printed =
      gdbRows(0xfffff6fb7dbedn, { 0: 0x2067n, 493: 0x1063n }, 16) +
      gdbRows(0xfffff6fb7da00n, { 0: 0x3067n }, 16) +
      gdbRows(0xfffff68000000n, { 0: 0x5067n }, 16);
    const opened = await openPrinted(printed);
    expect(opened.dump.roots).toMatchObject([{ address: 0x1000, mode: '4-level', origin: 'maps itself' }]);
    expect(opened.placement(0xfffff6fb7dbed % 2 ** 36)).toMatchObject({ frame: 1, reason: expect.stringContaining('slot 493 at every level') });
    expect(opened.placement(0xfffff6fb7da00 % 2 ** 36)?.frame).toBe(2);
  });
});

describe('a 32-bit guest', () => {
  test('a page directory in its own self-map, with words of 4 bytes', async () => {
    const entry = (slot: number, value: number): string => `0x${hex(0xc0300000 + slot * 4, 8)}:\t0x${hex(value, 8)}\n`;
    const opened = await openPrinted(`${entry(0, 0x2067)}${entry(0x300, 0x39063)}0xc0000000:\t0x00005067\n0x00000010:\t0x000000aa\n`);
    expect(opened.dump.roots).toMatchObject([{ address: 0x39000, mode: '32-bit' }]);
    expect(opened.dump.text?.placements.map(({ page, frame }) => [page, frame])).toEqual([
      [0, 5],
      [0xc0000, 2],
      [0xc0300, 0x39],
    ]);
  });
});

describe('what nothing tells', () => {
  test('pages stay without a frame, are said to, and can be read by virtual address', async () => {
    const opened = await openPrinted('prose\n0xc0123000:\t0x01020304\n');
    expect(opened.placement(0xc0123)).toEqual({ page: 0xc0123, reason: 'No table in the text leads to this page.', lines: [2], edited: false });
    expect(opened.dump.image.extents.count).toBe(0);
    expect(opened.dump.problems).toContainEqual(expect.objectContaining({ kind: 'text-pages-unplaced', text: expect.stringContaining('line 2') }));
    const [piece] = (await opened.dump.text?.unplaced?.read([{ start: 0xc0123000 as never, length: 4 }])) ?? [];
    expect([...(piece?.bytes ?? [])]).toEqual([4, 3, 2, 1]);
  });

  test('an accidental entry at a page’s own slot places nothing', async () => {
    // C0402000 lies at slot 2 of both its tables; its entry 2 is a table, but not itself.
    const printed = `# ./xenctrl 4 -l3 0x402 dump64 0xc0402000 0x20\n0xc0402000: 0x00fb14e067 0x00fb14d067 0x00fb14c067 0x00fb14b067\n#\n`;
    expect(await frames(printed)).toEqual([['c0402', undefined]]);
  });

  test('the same bytes given twice are told once, with both lines', async () => {
    const { dump } = await openPrinted('0xc0123000:\t0x01020304\n0xc0123000:\t0x01020305\n0xc0124000:\t0x00000001\n0xc0124000:\t0x00000001\n');
    expect(dump.problems.filter(({ kind }) => kind === 'text-given-twice').map((problem) => problem.text)).toEqual([
      'C0123000 is given twice with different bytes, on line 1 and line 2. The later is used: memory may have changed in between.',
    ]);
  });

  test('no rows at all is a stop with advice; too large a text, too', async () => {
    const { dump } = await openPrinted('Dear all,\nnothing here.\n');
    expect(dump.problems).toContainEqual(
      expect.objectContaining({ kind: 'text-no-rows', severity: 'stop', text: expect.stringContaining('hexdump -C') }),
    );
    expect(dump.image.extents.count).toBe(0);
    const unread = { name: 'large', size: 64 * 1024 * 1024 + 1, read: () => Promise.reject(new Error('must not be read')) };
    const large = await text.open(unread, quietTask, {});
    expect(large.problems).toContainEqual(expect.objectContaining({ kind: 'text-too-large', severity: 'stop' }));
  });
});
