/** The bytes of a record of an Intel HEX or S-record file, two digits each. */
export function recordBytes(digits: string): number[] {
  return Array.from({ length: Math.floor(digits.length / 2) }, (_, index) => Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16));
}

export const sumOf = (bytes: readonly number[]): number => bytes.reduce((sum, byte) => sum + byte, 0);

/** Indexes in the text of the digits of bytes that stand one after the other. */
export const recordPlaces = (count: number, firstAt: number): number[] => Array.from({ length: count }, (_, index) => firstAt + index * 2);

/** Bytes 0 … of a big-endian number. */
export const bigEndian = (bytes: readonly number[]): number => bytes.reduce((value, byte) => value * 256 + byte, 0);
