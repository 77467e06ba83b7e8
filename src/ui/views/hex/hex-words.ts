import { commas, hex, hexWord64 } from '#core/base/hex.ts';

/** Bytes of one word as shown. */
export type WordBytes = 1 | 2 | 4 | 8;

/** A word as two 32-bit halves, unsigned. `high` is 0 for words of 4 bytes and less. */
export interface Word {
  readonly low: number;
  readonly high: number;
}

/** Little-endian, as x86 stores it. Bytes past the end of `bytes` count as 0, so ask only for what is there. */
export function wordAt(bytes: Uint8Array, offset: number, size: WordBytes): Word {
  return { low: halfAt(bytes, offset, Math.min(size, 4)), high: size === 8 ? halfAt(bytes, offset + 4, 4) : 0 };
}

function halfAt(bytes: Uint8Array, offset: number, size: number): number {
  let value = 0;
  for (let i = size - 1; i >= 0; i--) value = value * 256 + (bytes[offset + i] ?? 0);
  return value;
}

/** Lower-case hex, padded to `digits` (twice the size where left out); a larger word is never cut. */
export function wordText(word: Word, size: WordBytes, digits: number = size * 2): string {
  return size === 8 ? hexWord64(word.high, word.low, digits) : hex(word.low, digits);
}

/** How many digits at the front are zeros: all of them in "0000", for these are dimmed whole. */
export function leadingZeros(text: string): number {
  const first = text.search(/[^0]/);
  return first < 0 ? text.length : first;
}

const MILLION = 1_000_000;
/** 2^32 = 4294 · 10^6 + 967296: splits a 64-bit word at a million so that every partial sum stays below 2^53. */
const HIGH_MILLIONS = 4294;
const HIGH_REST = 967_296;

/** A 64-bit word in decimal with commas. */
export function decimalText({ low, high }: Word): string {
  const rest = high * HIGH_REST + low;
  const millions = high * HIGH_MILLIONS + Math.floor(rest / MILLION);
  const tail = String(rest % MILLION);
  return millions === 0 ? commas(rest) : `${commas(millions)},${grouped(tail.padStart(6, '0'))}`;
}

const grouped = (sixDigits: string): string => `${sixDigits.slice(0, 3)},${sixDigits.slice(3)}`;

/** The character of a byte if it is printable ASCII, else a dot in the middle. */
export function printable(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : byte === 0x20 ? ' ' : '·';
}

export function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += printable(byte);
  return text;
}
