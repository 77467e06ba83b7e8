/**
 * Numbers as text and back, without BigInt: addresses reach 2^57, so a virtual one is always (page, offset) and a 64-bit word two halves.
 * Case tells the space: virtual addresses in capitals, machine addresses, frames and raw words in lower case; never `0x`.
 */

const OFFSET_DIGITS = 3;
const PAGE_BITS = 12;

/** Lower-case hex of a whole number 0 … 2^53-1, padded with zeros to `digits`. */
export function hex(value: number, digits = 1): string {
  return value.toString(16).padStart(digits, '0');
}

/** Lower-case hex of a 64-bit word given as two 32-bit halves (signed or not). `digits` below what the word needs cuts nothing. */
export function hexWord64(high: number, low: number, digits = 16): string {
  const upper = high >>> 0;
  const text = upper === 0 ? hex(low >>> 0) : hex(upper) + hex(low >>> 0, 8);
  return text.padStart(digits, '0');
}

/**
 * A whole virtual address in capitals: 8 digits in 32-bit modes, else 16 with the sign extended as the CPU wants it.
 * @param virtualBits 32, 48 or 57.
 */
export function virtualHex(page: number, offset: number, virtualBits: number): string {
  const pageBits = virtualBits - PAGE_BITS;
  if (virtualBits <= 32) return (hex(page, 5) + hex(offset, OFFSET_DIGITS)).toUpperCase();
  const extension = page >= 2 ** (pageBits - 1) ? 2 ** 52 - 2 ** pageBits : 0;
  return (hex(page + extension, 13) + hex(offset, OFFSET_DIGITS)).toUpperCase();
}

/** A page's address in capitals without the sign extension: 8, 12 or 15 digits (57 bits do not fit in 14). */
export function virtualShort(page: number, virtualBits: number): string {
  const digits = Math.ceil(virtualBits / 4);
  return `${hex(page, digits - OFFSET_DIGITS)}000`.toUpperCase();
}

/** What people write around hex digits: 0x, WinDbg's backtick, _, ', and the dot of F580.0000. */
const SEPARATORS = /[`_'.\s]/g;

/** The digits alone, lower case, without leading zeros; undefined if anything else is in it. */
function hexDigits(text: string): string | undefined {
  const bare = text.trim().toLowerCase().replace(SEPARATORS, '').replace(/^0x/, '');
  const match = /^0*([0-9a-f]+)h?$/.exec(bare);
  return match?.[1];
}

/** A whole number 0 … 2^53-1 from hex text: `0x` before or `h` after, backticks, underscores and dots between. Undefined if it is none, or larger. */
export function parseHex(text: string): number | undefined {
  const digits = hexDigits(text);
  if (digits === undefined || digits.length > 14) return undefined;
  const value = Number.parseInt(digits, 16);
  return Number.isSafeInteger(value) ? value : undefined;
}

/**
 * A virtual address from hex text, sign-extended (FFFF8000…) or not (8000…): the bits above `virtualBits` must be all zero, or all
 * one like the highest bit below. Undefined if it is no hex number or does not fit.
 */
export function parseVirtual(text: string, virtualBits: number): { readonly page: number; readonly offset: number } | undefined {
  const digits = hexDigits(text);
  if (digits === undefined || digits.length > 16) return undefined;
  const full = digits.padStart(16, '0');
  const offset = Number.parseInt(full.slice(-OFFSET_DIGITS), 16);
  const page = Number.parseInt(full.slice(0, -OFFSET_DIGITS), 16);
  const pages = 2 ** (virtualBits - PAGE_BITS);
  if (page < pages) return { page, offset };
  const extension = 2 ** 52 - pages;
  return page >= extension + pages / 2 ? { page: page - extension, offset } : undefined;
}

/** "1,048,576". */
export function commas(value: number): string {
  return String(value).replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');
}

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** Index of the unit in which `bytes`, rounded to a tenth, is at least 1 and below 1,024 (TB for all above). */
function unitOf(bytes: number): number {
  let unit = 0;
  while (unit < UNITS.length - 1 && tenths(bytes, unit) >= 1024) unit++;
  return unit;
}

const tenths = (bytes: number, unit: number): number => Math.round((bytes / 1024 ** unit) * 10) / 10;

/** "4 MB", "1.5 GB", "512 bytes": binary units under their short names, at most one decimal. */
export function bytesText(bytes: number): string {
  const unit = unitOf(bytes);
  const name = bytes === 1 ? 'byte' : UNITS[unit];
  return `${commas(tenths(bytes, unit))} ${name}`;
}

/** "24 of 96 MB"; with two units where the part is too small for the whole's: "4 KB of 96 MB". */
export function bytesOfText(part: number, whole: number): string {
  const unit = unitOf(whole);
  const inUnit = tenths(part, unit);
  const exact = inUnit * 1024 ** unit === part || inUnit >= 1;
  return exact ? `${commas(inUnit)} of ${bytesText(whole)}` : `${bytesText(part)} of ${bytesText(whole)}`;
}
