import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import text from '#core/formats/text.format.ts';
import { machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { encode, openPrinted } from '../support/open-printed.ts';
import { printers } from '../support/printers.ts';

const mail = readFileSync(new URL('../../public/samples/xen-devel-pae-guest-address-maps.txt', import.meta.url));

/** Bytes that often repeat and often look like text, so that "*" and text columns are met. */
const memory = fc
  .array(
    fc.oneof(
      fc.constant(new Array<number>(32).fill(0)),
      fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0x20, max: 0x7e })), { minLength: 32, maxLength: 32 }),
    ),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((chunks) => Uint8Array.from(chunks.flat()));

const address = fc.integer({ min: 0, max: 0xffff_f }).map((slot) => 0x8000_0000 + slot * 32);

const prose = fc.constantFrom(
  '',
  'As you can see:',
  'On Monday, he wrote:',
  '-- ',
  'The PDE at 0xC03B2D60 has two entries.',
  '...and so on',
  '0x1234 is not it',
);

interface Noise {
  readonly quote: string;
  readonly end: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}
const noise: fc.Arbitrary<Noise> = fc.record({
  quote: fc.constantFrom('', '> ', '> > ', '>>> ', ' > '),
  end: fc.constantFrom('\n', '\r\n'),
  before: fc.array(prose, { maxLength: 3 }),
  after: fc.array(prose, { maxLength: 3 }),
});

/** A byte's place in the text is its word's, on its line, and leads back to that word. */
function expectPlace(image: MemoryImage, printed: string, address: number): void {
  const place = image.locate(machineAddress(address));
  if (place === undefined) return;
  expect(printed.slice(place.fileOffset)).toMatch(/^(?:0x)?[0-9a-f]{2}/i);
  const back = image.addressAt(place.fileOffset);
  expect(back).toBeDefined();
  // Bytes of one word share its place; a repeated row has that of its first printing.
  expect(image.locate(machineAddress(back ?? 0))?.fileOffset).toBe(place.fileOffset);
}

describe.each(printers)('$name', ({ space, print, reach = 2 ** 32 }) => {
  const within = address.map((at) => at % reach);

  test('what it prints is read back, whatever a mail puts around it', async () => {
    await fc.assert(
      fc.asyncProperty(within, memory, noise, async (start, bytes, { quote, end, before, after }) => {
        const lines = [...before, ...print(start, bytes), '', ...after];
        const { dump } = await openPrinted(lines.map((line) => quote + line).join(end) + end);
        const image = space === 'machine' ? dump.image : dump.text?.unplaced;
        const [piece] = (await image?.read([{ start: machineAddress(start), length: bytes.length }])) ?? [];
        expect(piece?.bytes).toEqual(bytes);
        expect(piece?.presence.every(({ presence }) => presence === 'held' || presence === 'zero')).toBe(true);
        expect(dump.problems.filter(({ severity }) => severity !== 'note')).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test('each byte is found in the text, and back', async () => {
    await fc.assert(
      fc.asyncProperty(within, memory, async (start, bytes) => {
        const printed = print(start, bytes).join('\n');
        const { dump } = await openPrinted(printed);
        const image = space === 'machine' ? dump.image : dump.text?.unplaced;
        if (image === undefined) throw new Error('an image');
        for (let at = 0; at < bytes.length; at++) expectPlace(image, printed, start + at);
      }),
      { numRuns: 10 },
    );
  });
});

/** Opening ends, never throws, and every extent can be read. */
async function survives(bytes: Uint8Array): Promise<void> {
  text.recognise({ head: bytes.subarray(0, 65_536), tail: bytes.subarray(-4096), size: bytes.length });
  const { dump } = await openPrinted(bytes);
  for (const image of [dump.image, dump.text?.unplaced]) {
    if (image === undefined) continue;
    const { count, start, length } = image.extents;
    const ranges = Array.from({ length: count }, (_, row) => ({ start: machineAddress(start[row] ?? 0), length: Math.min(length[row] ?? 0, 8192) }));
    const pieces = await image.read(ranges);
    expect(pieces).toHaveLength(count);
    for (const { presence, bytes: read } of pieces) expect(presence.reduce((sum, run) => sum + run.length, 0)).toBe(read.length);
  }
}

describe('a damaged text', () => {
  test('cut at every 512 bytes', async () => {
    for (let size = 0; size <= mail.length; size += 512) await survives(mail.subarray(0, size));
  });

  test('with random bytes flipped', async () => {
    const flips = fc.array(fc.tuple(fc.integer({ min: 0, max: mail.length - 1 }), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(flips, async (list) => {
        const bytes = new Uint8Array(mail);
        for (const [at, mask] of list) bytes[at] = (bytes[at] ?? 0) ^ mask;
        await survives(bytes);
      }),
      { numRuns: 40 },
    );
  });

  test('made of the grammars’ own pieces in any order', async () => {
    const pieces = [
      '0xc0000000:',
      '0xffffffffffffffff:',
      ' 0x',
      ' 0x00fb14e067',
      ' 0x12345678',
      '\n',
      '...',
      ' -- page of zeros --',
      '(gdb) ',
      '# ',
      '> ',
      '*',
      '\n*\n',
      ':10',
      ':020000040120D9\n',
      'S3',
      'kd> !dq 1000\n',
      '#  187c00 ',
      'fffff6fb`7dbed000  ',
      '????????',
      'PDE at C0300800  PTE at C0200550\n',
      'contains 0003B163',
      'crash> rd -p 1000\n',
      '1000:  ',
      '00000000`00187863 ',
      '|',
      ': ',
    ];
    const more = [
      '00001000: 6720 1200',
      '00001000  67 20 ',
      'ffffffffffffffff: 0x00000001\n',
      '# ./xenctrl 4 -l3 0xfffffffffffff dump64 0xffffffffffffffff 0xffffffffffff\n',
    ];
    const calls = [
      '(gdb) call bcopy(0xffffffffffffffff, 0x0, 0xffffffff)\n$1 = 0\n',
      '(gdb) call bzero(0, 16777216)\n$1 = 0\n',
      'CR3=fffffffffffff CR4=ffffffff EFER=ffff CR0=ffffffff\n',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...pieces, ...more, ...calls), { maxLength: 60 }), (list) => survives(encode(list.join('')))),
      { numRuns: 120 },
    );
  });

  test.each([
    ['one line without end', 'x'.repeat(1_000_000)],
    ['blanks', ' '.repeat(1_000_000)],
    ['quotes', '> '.repeat(500_000)],
    ['angle brackets', '0xc0000000 <'.repeat(80_000)],
    ['addresses', '0xc0000000: '.repeat(80_000)],
    ['words', `0xc0000000: ${'0x12345678 '.repeat(80_000)}`],
    ['escapes', '\u001b[1;2'.repeat(150_000)],
    ['registers', 'cr3 = '.repeat(150_000)],
    ['gaps', `# ./xenctrl 4 dump 0x0 0xffffffff\n${'0x00000000: 0x00000001\n...\n'.repeat(8_000)}`],
    ['dollars', '$'.repeat(1_000_000)],
    ['colons', ':'.repeat(1_000_000)],
    ['prompts', '(gdb) '.repeat(150_000)],
    ['calls', '(gdb) call bcopy(0, 4096, 4096)\n$1 = 0\n'.repeat(8_000)],
    ['stars', `00000000  ${'01 '.repeat(16)}|................|\n${'*\n00100000  01\n*\n00000000  02\n'.repeat(8_000)}`],
  ])(
    'no end of %s ends',
    async (_, printed) => {
      await survives(encode(printed));
    },
    20_000,
  );
});
