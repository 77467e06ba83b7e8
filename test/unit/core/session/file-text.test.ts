import { expect, test } from 'vitest';
import { fileFact, fileText, type Placed } from '#core/session/contract.ts';

const once = [{ bytes: 900, within: 1024 }];

test.each<[string, Placed, string, string]>([
  ['a plain file', { fileOffset: 5678 }, 'in file 5,678', 'file offset 5,678'],
  [
    'plain bytes of one of several files',
    { fileOffset: 5678, filePlace: { fileOffset: 1234, file: 'b', packed: [] } },
    'in file 1,234 b',
    'file offset 1,234 of b',
  ],
  [
    'a packed piece',
    { fileOffset: 5678, filePlace: { fileOffset: 1234, packed: once } },
    'in file 1,234 packed, +1,024',
    'packed at file offset 1,234, byte 1,024 of it',
  ],
  [
    'a packed piece in a packed piece',
    { fileOffset: 5678, filePlace: { fileOffset: 1234, packed: [...once, { bytes: 20, within: 7 }] } },
    'in file 1,234 packed, +1,024, +7',
    'packed at file offset 1,234, byte 1,024 of it, packed again, byte 7 of it',
  ],
  ['a file unpacked in one', { fileOffset: 5678, filePlace: { packed: [] } }, 'unpacked 5,678', 'byte 5,678 of the unpacked file'],
  ['nothing held', {}, 'in file', 'not in this dump'],
])('the place in %s', (_, placed, fact, text) => {
  const { name, value = '', aside = '' } = fileFact(placed);
  expect([name, value, aside].filter(Boolean).join(' ')).toBe(fact);
  expect(fileText(placed)).toBe(text);
});
