import { expect, test } from 'vitest';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { encode, openPrinted } from '../../../../support/open-printed.ts';

/** As objcopy -O ihex and -O srec write 16 bytes at 1205000. */
const IHEX = ':020000040120D9\r\n:105000006720201000000080000000000000000069\r\n:00000001FF\r\n';
const SREC = 'S0090000722E73726563A9\r\nS315012050006720201000000080000000000000000042\r\nS7050120500089\r\n';
const withChecksum = (record: string): string => {
  const sum = (record.slice(2).match(/../g) ?? []).reduce((total, pair) => total + Number.parseInt(pair, 16), 0);
  return record + (255 - (sum % 256)).toString(16).padStart(2, '0').toUpperCase();
};

test('an Intel HEX file is recognised by its records, and lies where they say', async () => {
  const { format } = await openDump(bytesSource(encode(IHEX)), quietTask);
  expect(format).toMatchObject({ id: 'text', how: 'printable text with 1 row of Intel HEX from line 2' });
  const { dump, word, bytes } = await openPrinted(IHEX);
  expect(await word(0x1205000)).toBe('8000000010202067');
  expect(await bytes(0x1205010, 1)).toBe('..');
  expect(dump.problems).toEqual([]);
});

test('an S-record file of a tool is read', async () => {
  const { dump, word } = await openPrinted(SREC);
  expect(await word(0x1205000)).toBe('8000000010202067');
  expect(dump.problems).toEqual([]);
});

test('S-records of 2, 3 and 4 bytes of address lie where they say', async () => {
  const records = ['S106100001020304', 'S206200000AABB', 'S3080120500011223344'].map((record) =>
    withChecksum(record.slice(0, 2) + (record.length / 2 - 1).toString(16).padStart(2, '0').toUpperCase() + record.slice(4)),
  );
  const { bytes, dump } = await openPrinted(`${records.join('\n')}\nS5030003F9\n`);
  expect([await bytes(0x1000, 4), await bytes(0x200000, 2), await bytes(0x1205000, 4)]).toEqual(['01020304', 'aabb', '11223344']);
  expect(dump.problems).toEqual([]);
});

test.each([
  [`:020000040120D9\n:105000006720201000000080000000000000000068\n:0100000055AA\n`, /^Line 2 .*its checksum is 68, and its bytes ask for 69/],
  [`:0100000055AA\n:1050000067202010AA\n`, /^Line 2 .*it has 18 digits where its length of 16 bytes asks for 42/],
  [`S10710000102030400\nS107100001020304DE\n`, /^Line 1 .*its checksum is 00, and its bytes ask for/],
])('a faulty record is told with its line, and the others are read: %j', async (printed, text) => {
  const { dump } = await openPrinted(printed);
  expect(dump.problems).toEqual([expect.objectContaining({ kind: 'text-row-malformed', severity: 'loss', text: expect.stringMatching(text) })]);
  expect(dump.image.extents.count).toBe(1);
});

test('in segments an offset wraps within its 64 KiB', async () => {
  // Base 1000:0, 4 bytes at fffe: two there, two at its start.
  const record = (body: string): string => {
    const sum = (body.match(/../g) ?? []).reduce((total, pair) => total + Number.parseInt(pair, 16), 0);
    return `:${body}${((256 - (sum % 256)) % 256).toString(16).padStart(2, '0')}`;
  };
  const { bytes } = await openPrinted([record('020000021000'), record('04fffe0001020304'), record('00000001')].join('\n'));
  expect([await bytes(0x1fffe, 2), await bytes(0x10000, 2)]).toEqual(['0102', '0304']);
});

test('a count of S-records that does not agree is told', async () => {
  const { dump } = await openPrinted(`S107000001020304EE\n${withChecksum('S5030004')}\n`);
  expect(dump.problems).toEqual([expect.objectContaining({ kind: 's-record-count', severity: 'loss' })]);
});
