/** WHATWG Encoding: in every browser, worker and Node, but in no ES library file. */
declare const TextDecoder: new (label: string) => { decode(bytes: Uint8Array): string };

/**
 * A text file as one 8-bit character per index, so that an index is a place in the file. Everything a dump prints is ASCII; other
 * characters stay as their UTF-8 bytes (or become `?` from UTF-16) and are only ever skipped.
 */
export interface SourceText {
  readonly chars: Uint8Array;
  /** Byte of the file at which an index of `chars` lies. */
  fileOffset(index: number): number;
  /** Index of `chars` that a byte of the file belongs to; may be out of range. */
  indexAt(fileOffset: number): number;
  /** The whole text, decoded. */
  decode(): string;
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

export function sourceText(bytes: Uint8Array): SourceText {
  const encoding = encodingOf(bytes);
  const decode = (): string => new TextDecoder(encoding).decode(bytes);
  if (encoding === 'utf-8') {
    const start = hasUtf8Mark(bytes) ? 3 : 0;
    return { chars: bytes.subarray(start), fileOffset: (index) => index + start, indexAt: (offset) => offset - start, decode };
  }
  const start = 2;
  return {
    chars: narrow(bytes, encoding),
    fileOffset: (index) => start + index * 2,
    indexAt: (offset) => Math.floor((offset - start) / 2),
    decode,
  };
}

function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

const hasUtf8Mark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/** UTF-16 after its mark to one byte a unit. */
function narrow(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): Uint8Array {
  const [lowAt, highAt] = encoding === 'utf-16le' ? [2, 3] : [3, 2];
  const chars = new Uint8Array(Math.max(0, Math.floor((bytes.length - 2) / 2)));
  for (let i = 0; i < chars.length; i++) chars[i] = bytes[i * 2 + highAt] === 0 ? (bytes[i * 2 + lowAt] ?? 0) : 0x3f;
  return chars;
}

const ESCAPE = 0x1b;

/** Whether bytes look like text: next to no control characters besides tab, line ends, form feed and terminal escapes. */
export function looksPrintable(chars: Uint8Array): boolean {
  // All memory is asked this: what is none is seen in its first few hundred bytes.
  let mayBeOdd = Math.floor(chars.length / 200);
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? 0;
    const isOdd = (char < 0x20 && !(char >= 0x08 && char <= 0x0d) && char !== ESCAPE) || char === 0x7f;
    if (isOdd && --mayBeOdd < 0) return false;
  }
  return true;
}
