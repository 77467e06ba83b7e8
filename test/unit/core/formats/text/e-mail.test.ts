import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import text from '#core/formats/text.format.ts';
import { machineAddress } from '#core/memory/address.ts';
import { encode, openPrinted, type Printed } from '../../../../support/open-printed.ts';

const original = readFileSync(new URL('../../../../../public/samples/xen-devel-pae-guest-address-maps.txt', import.meta.url), 'utf8');

const PD3 = 0xfb14f000;

/** The 36 present entries of PD[3], as the mail prints them: slots and values. */
const present: readonly (readonly [number, readonly number[]])[] = [
  [0, [0xfb14e067, 0xfb14d067, 0xfb14c067, 0xfb14b067]],
  [428, [0xfbc000e1, 0xfba000e1]],
  [436, [0x18001e3, 0x1a001e3, 0x1c001e3, 0x1e001e3, 0x20001e3, 0x22001e3, 0x24001e3, 0x26001e3, 0x28001e3, 0x2a001e3, 0x2c001e3, 0x2e001e3]],
  [484, [0xfbc001e3, 0xfba001e3]],
  [492, [0xfb152063, 0xfb151063, 0xfb150063, 0xfb14f063]],
  [500, [0x224063, 0x225063, 0x226063, 0x227063, 0x211063, 0x212063, 0x213063, 0x214063, 0x215063, 0x216063, 0x217063, 0xbfe063]],
];

const quoted = original
  .split('\n')
  .map((line) => `> > ${line}`)
  .join('\r\n');

/** As a mail program wraps at 72 columns, between words only. */
const wrapped = original
  .split('\n')
  .flatMap((line) => (/^(0x|\()/.test(line) ? wrap(line) : [line]))
  .join('\n');

function wrap(line: string): string[] {
  const lines: string[] = [''];
  for (const word of line.split(/ +/)) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length > 72) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}

/** Every row on its own line, as the tool printed it before the archive glued rows together. */
const unglued = original.replace(/ (0xc0[0-9a-f]{6}:)/g, '\n$1');

describe.each([
  ['as it is', original],
  ['with CRLF', original.replaceAll('\n', '\r\n')],
  ['quoted twice, with CRLF', quoted],
  ['wrapped', wrapped],
  ['unglued', unglued],
  ['with non-breaking blanks and terminal colours', original.replace(/^0x[0-9a-f]{8}/gm, '\u001b[34m$&\u001b[m').replaceAll(': ', ':\u00a0')],
])('the e-mail %s', (_, printed) => {
  let opened: Printed;
  beforeAll(async () => {
    opened = await openPrinted(printed);
  });

  test('names the root that xenctrl was given', () => {
    expect(opened.dump.roots).toHaveLength(1);
    expect(opened.dump.roots[0]).toMatchObject({ address: 0xfb153000, mode: 'pae', origin: 'xenctrl -l3, domain 4' });
    expect(opened.dump.frameWord).toBe('MFN');
  });

  test('places every page in its frame', () => {
    const frames = opened.dump.text?.placements.map(({ page, frame }) => [page.toString(16), frame?.toString(16)]);
    expect(frames).toEqual([
      ['c0000', 'd1620'],
      ['c03ae', 'fb153'],
      ['c03af', 'fb152'],
      ['c03b0', 'fb151'],
      ['c03b1', 'fb150'],
      ['c03b2', 'fb14f'],
      ['f5800', 'fbc00'],
      ['fde00', 'fb14e'],
    ]);
    expect(opened.dump.text?.unplaced?.extents.count).toBe(0);
  });

  test('has the four PDPTEs and three zero page directories', async () => {
    expect(await Promise.all([0, 1, 2, 3].map((slot) => opened.word(0xfb153000 + slot * 8)))).toEqual([
      '00000000fb152001',
      '00000000fb151001',
      '00000000fb150001',
      '00000000fb14f001',
    ]);
    for (const frame of [0xfb150, 0xfb151, 0xfb152]) expect(await opened.bytes(frame * 4096, 4096)).toBe('zz'.repeat(4096));
  });

  test('has 36 entries, 4 zeros and 472 elided in PD[3]', async () => {
    const words = await Promise.all(Array.from({ length: 512 }, (_, slot) => opened.word(PD3 + slot * 8)));
    for (const [first, values] of present)
      expect(words.slice(first, first + values.length)).toEqual(values.map((value) => value.toString(16).padStart(16, '0')));
    const zeros = words.flatMap((word, slot) => (word === '0'.repeat(16) ? [slot] : []));
    expect(zeros).toEqual([430, 431, 486, 487]);
    expect(words.filter((word) => word === '-'.repeat(16))).toHaveLength(472);
    expect(words.filter((word) => /[1-9a-f]/.test(word))).toHaveLength(36);
  });

  test('has the PTE of C0000000, its frame’s 64 words, and their copy in fbc00', async () => {
    expect(await opened.word(0xfb14e000)).toBe('00000000d1620063');
    expect(await opened.bytes(0xfb14e008, 4)).toBe('........');
    expect(await opened.bytes(0xd1620000, 4096)).toBe('ff'.repeat(256) + '..'.repeat(3840));
    expect(await opened.bytes(0xfbc00000, 4096)).toBe('ff'.repeat(256) + '..'.repeat(3840));
    expect(opened.dump.text?.notes).toEqual([
      {
        frame: 0xfbc00,
        note: expect.stringMatching(/^Frame fbc00 was not dumped\. These 256 bytes are the copy at C0000000, made by bcopy \(line \d+\)\.$/),
      },
    ]);
  });

  test('says what it left behind: values, the hang, what could not be read, the change in time', () => {
    const annotations = opened.dump.text?.annotations ?? [];
    expect(annotations).toContainEqual(
      expect.objectContaining({ kind: 'value', name: '$23', value: '-897581056', question: expect.stringMatching(/^call bcopy/) }),
    );
    expect(annotations).toContainEqual(expect.objectContaining({ kind: 'value', name: '$26', value: '0xfde00000' }));
    expect(annotations).toContainEqual(expect.objectContaining({ kind: 'unreadable', space: 'machine', digits: 'fbc00000' }));
    expect(annotations).toContainEqual(expect.objectContaining({ kind: 'unreadable', space: 'virtual', digits: 'f5800000' }));
    expect(annotations.filter(({ kind }) => kind === 'copy').map((copy) => 'returned' in copy && copy.returned)).toEqual([true, false]);
    expect(opened.dump.problems.map(({ kind, severity }) => [kind, severity])).toEqual([['text-changed-in-time', 'note']]);
  });
});

describe('the e-mail, line by line', () => {
  const lines = original.split('\n');
  let opened: Printed;
  beforeAll(async () => {
    opened = await openPrinted(original);
  });

  test('every word is found where it stands in the text', () => {
    const expected: [number, number, string][] = [
      [0xfb153018, 36, '0x00000000fb14f001'],
      [PD3, 44, '0x00fb14e067'],
      [PD3 + 428 * 8, 46, '0x00fbc000e1'],
      [PD3 + 440 * 8, 48, '0x00020001e3'],
      [PD3 + 495 * 8, 52, '0x00fb14f063'],
      [PD3 + 511 * 8, 54, '0x0000bfe063'],
      [0xfb14e000, 102, '0x00000000d1620063'],
      [0xd16200fc, 85, '0xffffffff'],
    ];
    for (const [address, line, word] of expected) {
      const place = opened.dump.image.locate(machineAddress(address));
      expect(place?.line).toBe(line);
      const offset = place?.fileOffset ?? 0;
      expect(original.slice(offset, offset + word.length)).toBe(word);
      expect(lines[line - 1]).toContain(word);
      expect(opened.dump.image.addressAt(offset + 3)).toBe(address);
    }
  });

  test('zeros and what was left out have a line, absent bytes a reason', async () => {
    const [piece] = await opened.dump.image.read([{ start: machineAddress(PD3 + 32), length: 8 }]);
    expect(piece?.presence).toEqual([{ offset: 0, length: 8, presence: 'assumed-zero', line: 45 }]);
    expect(opened.dump.image.whyAbsent(machineAddress(0xd1620100))).toBe('overwritten by bcopy (line 81), and not printed since');
    expect(opened.dump.image.whyAbsent(machineAddress(0xfbc00100))).toContain('not printed in the text');
    expect(opened.dump.image.whyAbsent(machineAddress(0xfb14d000))).toContain('not printed in the text');
  });

  test('each placement tells its lines and its reason', () => {
    expect(opened.placement(0xc03ae)).toMatchObject({ lines: [35, 36], edited: false });
    expect(opened.placement(0xc03ae)?.reason).toMatch(/-l3, domain 4 names frame fb153 .*line 40.*xen_start_info->pt_base are PDPTEs/);
    expect(opened.placement(0xc03b2)?.reason).toMatch(
      /slots 492–495 at C03B2F60 \(line 52\) name the same four frames; slot 495 names this very page/,
    );
    expect(opened.placement(0xfde00)?.reason).toBe('Walked: PDPTE 3 → fb14f (line 36), PDE 495 → fb14f again (line 52), PTE 0 → fb14e (line 44).');
    expect(opened.placement(0xc0000)).toMatchObject({ lines: [85], frame: 0xd1620 });
    expect(opened.placement(0xf5800)?.reason).toContain('PDE 428 → fbc00 in one large page (line 46)');
  });

  test('a user may set a page’s frame, or leave it without one, and what followed from it follows anew', async () => {
    const moved = await openPrinted(original, { placements: [{ page: 0xfde00, frame: null }] });
    expect(moved.placement(0xfde00)).toMatchObject({ edited: true, reason: 'Left without a frame by you.' });
    expect(moved.placement(0xfde00)?.frame).toBeUndefined();
    expect(moved.placement(0xc0000)?.frame).toBeUndefined();
    expect(moved.dump.problems).toContainEqual(expect.objectContaining({ kind: 'text-pages-unplaced' }));
    expect(moved.dump.text?.unplaced?.extents.count).toBeGreaterThan(0);
    const set = await openPrinted(original, { placements: [{ page: 0xc0000, frame: 0x1234 }] });
    expect(await set.bytes(0x1234000, 4)).toBe('ffffffff');
    expect(set.placement(0xc0000)).toMatchObject({ frame: 0x1234, edited: true });
  });

  test('is recognised by its rows, also as UTF-16', async () => {
    const glimpse = (bytes: Uint8Array) => ({ head: bytes.subarray(0, 65_536), tail: bytes.subarray(-4096), size: bytes.length });
    expect(text.recognise(glimpse(encode(original)))).toMatchObject({
      certainty: 'structure',
      how: 'printable text with 22 rows of xenctrl’s dump from line 41, 3 rows of gdb’s x from line 35',
    });
    const wide = new Uint8Array(2 + original.length * 2);
    wide.set([0xff, 0xfe]);
    for (let i = 0; i < original.length; i++) {
      wide[2 + i * 2] = original.charCodeAt(i) & 0xff;
      wide[3 + i * 2] = original.charCodeAt(i) >> 8;
    }
    expect(text.recognise(glimpse(wide))?.certainty).toBe('structure');
    const opened16 = await openPrinted(wide);
    const place = opened16.dump.image.locate(machineAddress(PD3));
    expect(place?.fileOffset).toBe(2 + original.indexOf('0x00fb14e067') * 2);
    expect(opened16.dump.text?.text).toContain('Steven Hand wrote');
    expect(text.recognise(glimpse(encode('Dear all,\n\nno rows here. See 0xC03B2D60.\n')))).toBeUndefined();
    expect(text.recognise(glimpse(new Uint8Array(4096)))).toBeUndefined();
  });
});
