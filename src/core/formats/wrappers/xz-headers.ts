import { bytesText } from '#core/base/hex.ts';
import { Fields, hasText } from '#core/formats/fields.ts';
import { crc32 } from './crc.ts';

export const HEADER_BYTES = 12;
const MAGIC = '\xfd7zXZ\0';
export const FOOTER_BYTES = 12;
const FOOTER_MAGIC = 'YZ';
/** Bytes of a block's check by its id (the .xz file format 1.2.1, 2.1.1.2). */
const CHECK_BYTES = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

export interface StreamHeader {
  readonly checkId: number;
  readonly checkBytes: number;
}

/** 2.1.1: magic, flags, CRC of the flags. */
export function parseStreamHeader(bytes: Uint8Array): StreamHeader | string {
  if (!hasText(bytes, 0, MAGIC)) return 'there is no xz stream';
  if (bytes.length < HEADER_BYTES) return 'it ends within a header';
  const [zero = 0, checkId = 0] = bytes.subarray(6);
  if (new Fields(bytes).u32(8) !== crc32(bytes.subarray(6, 8))) return 'its header is damaged';
  if (zero !== 0 || checkId > 15) return 'its header asks for what is not known';
  return { checkId, checkBytes: CHECK_BYTES[checkId] ?? 0 };
}

/** A header, as a file has it. */
export function streamHeader({ checkId }: StreamHeader): Uint8Array {
  const bytes = Uint8Array.of(...Array.from(MAGIC, (letter) => letter.charCodeAt(0)), 0, checkId, 0, 0, 0, 0);
  setU32(bytes, 8, crc32(bytes.subarray(6, 8)));
  return bytes;
}

/** Sizes of a block as its index has them: in the file without padding, and unpacked. */
export interface BlockSizes {
  readonly unpaddedBytes: number;
  readonly unpackedBytes: number;
}

/** 4 and 2.1.2: the index of a stream of one block, and the footer. */
export function streamEnd({ checkId }: StreamHeader, { unpaddedBytes, unpackedBytes }: BlockSizes): Uint8Array {
  const sizes = [0, 1, ...xzInteger(unpaddedBytes), ...xzInteger(unpackedBytes)];
  const indexBytes = roundUp(sizes.length) + 4;
  const bytes = new Uint8Array(indexBytes + FOOTER_BYTES);
  bytes.set(sizes);
  setU32(bytes, indexBytes - 4, crc32(bytes.subarray(0, indexBytes - 4)));
  setU32(bytes, indexBytes + 4, indexBytes / 4 - 1);
  bytes[indexBytes + 9] = checkId;
  setU32(bytes, indexBytes, crc32(bytes.subarray(indexBytes + 4, indexBytes + 10)));
  bytes.set([FOOTER_MAGIC.charCodeAt(0), FOOTER_MAGIC.charCodeAt(1)], indexBytes + 10);
  return bytes;
}

function setU32(bytes: Uint8Array, at: number, value: number): void {
  new DataView(bytes.buffer).setUint32(at, value, true);
}

function xzInteger(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) + 0x80);
  return [...bytes, left];
}

/** Blocks and indexes fill fours of bytes. */
export const roundUp = (bytes: number): number => Math.ceil(bytes / 4) * 4;

/** 2.1.2: CRC of what follows, size of the index, the flags again, magic. Undefined where that is none. */
export function parseStreamFooter(bytes: Uint8Array): { readonly indexBytes: number; readonly checkId: number } | undefined {
  const fields = new Fields(bytes);
  if (!hasText(bytes, 10, FOOTER_MAGIC) || fields.u32(0) !== crc32(bytes.subarray(4, 10)) || fields.u8(8) !== 0) return undefined;
  return { indexBytes: (fields.u32(4) + 1) * 4, checkId: fields.u8(9) };
}

/** 4: 00, how many blocks, their sizes, padding, CRC; from exactly its bytes. Undefined where it is damaged. */
export function parseIndex(bytes: Uint8Array): BlockSizes[] | undefined {
  if (bytes[0] !== 0 || new Fields(bytes).u32(bytes.length - 4) !== crc32(bytes.subarray(0, -4))) return undefined;
  const integers = new XzIntegers(bytes.subarray(0, -4), 1);
  const blocks: BlockSizes[] = [];
  for (let left = integers.next(); left > 0 && !integers.isBad; left--)
    blocks.push({ unpaddedBytes: integers.next(), unpackedBytes: integers.next() });
  return integers.isBad || roundUp(integers.at) !== bytes.length - 4 ? undefined : blocks;
}

/** The longest header: its first byte tells fours of bytes. */
export const MOST_BLOCK_HEADER_BYTES = 1024;

export interface BlockHeader {
  readonly bytes: number;
  /** Undefined where the header does not tell. */
  readonly packedBytes: number | undefined;
  readonly unpackedBytes: number | undefined;
  readonly dictionaryBytes: number;
}

const LZMA2 = 0x21;
const FILTERS: Readonly<Record<number, string>> = {
  3: 'delta',
  4: 'x86',
  5: 'PowerPC',
  6: 'IA-64',
  7: 'ARM',
  8: 'ARM Thumb',
  9: 'SPARC',
  10: 'ARM64',
  11: 'RISC-V',
};

/** 3.1: size, flags, sizes, filters, padding, CRC. From all its bytes. */
export function parseBlockHeader(header: Uint8Array): BlockHeader | string {
  const bytes = ((header[0] ?? 0) + 1) * 4;
  if (header.length < bytes) return 'it ends within a header';
  const body = header.subarray(0, bytes - 4);
  if (new Fields(header).u32(bytes - 4) !== crc32(body)) return 'the header of a block is damaged';
  const flags = body[1] ?? 0;
  const reader = new XzIntegers(body, 2);
  const packedBytes = (flags & 0x40) === 0 ? undefined : reader.next();
  const unpackedBytes = (flags & 0x80) === 0 ? undefined : reader.next();
  const filter = reader.next();
  const propertyBytes = reader.next();
  const property = body[reader.at];
  if ((flags & 0x3f) !== 0 || filter !== LZMA2) return `a block uses ${filterName(filter)}, which is not read`;
  if (reader.isBad || propertyBytes !== 1 || property === undefined || property > 40) return 'the header of a block cannot be';
  const dictionaryBytes = dictionarySize(property);
  if (dictionaryBytes > MOST_DICTIONARY_BYTES)
    return `its dictionary of ${bytesText(dictionaryBytes)} is over the limit of ${bytesText(MOST_DICTIONARY_BYTES)}`;
  return { bytes, packedBytes, unpackedBytes, dictionaryBytes };
}

/** What `xz -9` takes, and the library at most. */
const MOST_DICTIONARY_BYTES = 64 * 1024 * 1024;

/** 5.3.1. */
const dictionarySize = (bits: number): number => (bits === 40 ? 2 ** 32 - 1 : (2 + (bits % 2)) * 2 ** (Math.floor(bits / 2) + 11));

function filterName(id: number): string {
  const known = FILTERS[id];
  return known === undefined ? 'a filter that is not known or more than one' : `the ${known} filter`;
}

/** 1.2: integers of 7 bits a byte, 9 bytes at most. Above 2^53 they are rounded, and fit no file. */
export class XzIntegers {
  readonly #bytes: Uint8Array;
  at: number;
  isBad = false;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  next(): number {
    let value = 0;
    for (let place = 0; place < 9; place++) {
      const byte = this.#bytes[this.at];
      if (byte === undefined) break;
      this.at++;
      value += (byte & 0x7f) * 2 ** (7 * place);
      if (byte < 0x80) return value;
    }
    this.isBad = true;
    return 0;
  }
}
