const PRINTABLE_FIRST = 0x20;
const PRINTABLE_LAST = 0x7e;
const BACKSLASH = 0x5c;

/** Length of the name in a field that ends with a NUL; 0 where it is empty or has no end. */
export function nameLength(bytes: Uint8Array, at: number, size: number): number {
  for (let i = 0; i < size; i++) if (bytes[at + i] === 0) return i;
  return 0;
}

/** As `nameLength`, and 0 as well where the field is no printable text (UTF-8): what a structure to be learnt must show. */
export function plainNameLength(bytes: Uint8Array, at: number, size: number): number {
  for (let i = 0; i < size; ) {
    if (bytes[at + i] === 0) return i;
    const letter = letterBytes(bytes, at + i);
    if (letter === 0) return 0;
    i += letter;
  }
  return 0;
}

/** Bytes of the printable letter at a place; 0 where none is. The last bytes of a pointer are none: FF is no UTF-8, C0 … DF needs another byte after it. */
function letterBytes(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first >= PRINTABLE_FIRST && first <= PRINTABLE_LAST) return 1;
  const length = sequenceBytes(first);
  for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** By its first byte (RFC 3629, section 4); 0 where no sequence begins so. */
function sequenceBytes(first: number): number {
  if (first < 0xc2 || first > 0xf4) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** A name as text that cannot be taken for anything else: what is not printable ASCII, and the backslash, as \xNN. */
export const nameText = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) =>
    byte < PRINTABLE_FIRST || byte > PRINTABLE_LAST || byte === BACKSLASH ? `\\x${byte.toString(16).padStart(2, '0')}` : String.fromCharCode(byte),
  ).join('');
