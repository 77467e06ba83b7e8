import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOfText, bytesText, commas, hex, hexWord64, parseHex, parseVirtual, virtualHex, virtualShort } from '#core/base/hex.ts';

const BITS = [32, 48, 57] as const;
const anAddress = fc.constantFrom(...BITS).chain((bits) => fc.record({ bits: fc.constant(bits), address: fc.bigInt(0n, (1n << BigInt(bits)) - 1n) }));
const pageOf = (address: bigint) => ({ page: Number(address >> 12n), offset: Number(address & 0xfffn) });
const signExtended = (address: bigint, bits: number): bigint => (bits === 32 ? address : BigInt.asUintN(64, BigInt.asIntN(bits, address)));

describe('numbers as hex', () => {
  test('a whole number is lower case, padded, never cut', () => {
    expect(hex(0xfbc00, 5)).toBe('fbc00');
    expect(hex(0x1f, 4)).toBe('001f');
    expect(hex(0x12345, 2)).toBe('12345');
    expect(hex(2 ** 53 - 1)).toBe('1fffffffffffff');
  });

  test('a 64-bit word is what BigInt prints, whatever the sign of its halves', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, (1n << 64n) - 1n), fc.integer({ min: 1, max: 16 }), (word, digits) => {
        const high = Number(BigInt.asIntN(32, word >> 32n));
        const low = Number(BigInt.asIntN(32, word));
        expect(hexWord64(high, low, digits)).toBe(word.toString(16).padStart(digits, '0'));
      }),
    );
  });

  test('a virtual address is the CPU’s own, sign-extended and in capitals', () => {
    fc.assert(
      fc.property(anAddress, ({ bits, address }) => {
        const { page, offset } = pageOf(address);
        const expected = signExtended(address, bits)
          .toString(16)
          .padStart(bits === 32 ? 8 : 16, '0')
          .toUpperCase();
        expect(virtualHex(page, offset, bits)).toBe(expected);
      }),
    );
    expect(virtualHex(0xf5800, 0, 32)).toBe('F5800000');
    expect(virtualHex(0xffff80000 % 2 ** 36, 8, 48)).toBe('FFFFFFFF80000008');
  });

  test('the short form has all digits and no sign', () => {
    expect(virtualShort(0xf5800, 32)).toBe('F5800000');
    expect(virtualShort(0xfff800000, 48)).toBe('FFF800000000');
    expect(virtualShort(2 ** 45 - 1, 57)).toBe('1FFFFFFFFFFF000');
  });
});

describe('hex read back', () => {
  test('a virtual address reads back, extended or not', () => {
    fc.assert(
      fc.property(anAddress, ({ bits, address }) => {
        const expected = pageOf(address);
        expect(parseVirtual(virtualHex(expected.page, expected.offset, bits), bits)).toEqual(expected);
        expect(parseVirtual(address.toString(16), bits)).toEqual(expected);
      }),
    );
  });

  test('a virtual address that does not fit is refused, unless it is a sign extension', () => {
    fc.assert(
      fc.property(fc.constantFrom(...BITS), fc.bigInt(0n, (1n << 64n) - 1n), (bits, value) => {
        const low = BigInt.asUintN(bits, value);
        const fits = value === low || value === BigInt.asUintN(64, BigInt.asIntN(bits, low));
        expect(parseVirtual(value.toString(16), bits)).toEqual(fits ? pageOf(low) : undefined);
      }),
    );
    expect(parseVirtual('0000800000000000', 48)).toEqual({ page: 0x800000000, offset: 0 });
    expect(parseVirtual('ffff700000000000', 48)).toBeUndefined();
    expect(parseVirtual('1F5800000', 32)).toBeUndefined();
    expect(parseVirtual('12345678123456789', 57)).toBeUndefined();
  });

  test('what people write around digits is taken', () => {
    for (const text of ['0xF5800000', 'f580.0000', 'F580_0000', 'f580`0000', ' f5800000 ', 'F5800000h', '00f5800000'])
      expect(parseHex(text)).toBe(0xf5800000);
    expect(parseHex('0')).toBe(0);
    expect(parseHex('0x0')).toBe(0);
    for (const text of ['', '0x', 'h', 'g1', '-1', '20000000000000', '1ffffffffffffff', '+10', '0x0x1']) expect(parseHex(text)).toBeUndefined();
    expect(parseHex('1fffffffffffff')).toBe(2 ** 53 - 1);
  });

  test('any text gives a number that prints as its digits, or nothing', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const value = parseHex(text);
        if (value !== undefined) expect(text.toLowerCase().replace(/[^0-9a-f]/g, '')).toContain(hex(value));
      }),
    );
  });
});

describe('sizes in words', () => {
  test('binary units, one decimal at most', () => {
    const cases: readonly (readonly [number, string])[] = [
      [0, '0 bytes'],
      [1, '1 byte'],
      [512, '512 bytes'],
      [4096, '4 KB'],
      [1536, '1.5 KB'],
      [4 * 1024 ** 2, '4 MB'],
      [1024 ** 2 - 1, '1 MB'],
      [1.5 * 1024 ** 3, '1.5 GB'],
      [2 ** 57 * 128, '16,777,216 TB'],
    ];
    for (const [bytes, text] of cases) expect(bytesText(bytes)).toBe(text);
  });

  test('a part of a whole shares its unit where that loses nothing much', () => {
    expect(bytesOfText(24 * 1024 ** 2, 96 * 1024 ** 2)).toBe('24 of 96 MB');
    expect(bytesOfText(4096, 96 * 1024 ** 2)).toBe('4 KB of 96 MB');
    expect(bytesOfText(0, 96 * 1024 ** 2)).toBe('0 of 96 MB');
  });

  test('commas', () => {
    expect(commas(0)).toBe('0');
    expect(commas(999)).toBe('999');
    expect(commas(1048576)).toBe('1,048,576');
    expect(commas(1234.5)).toBe('1,234.5');
  });
});
