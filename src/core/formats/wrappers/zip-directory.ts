import { Fields, hasText } from '#core/formats/fields.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';

/** A member, as the directory (or, where that is missing, the header before its bytes) tells of it. APPNOTE.TXT 6.3.10 throughout. */
export interface ZipMember {
  readonly name: string;
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly crc: number;
  /** In the file; Infinity where the header does not tell. */
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** Of the header that stands before its bytes. */
  readonly headerAt: number;
}

const LOCAL = 'PK\x03\x04';
const CENTRAL = 'PK\x01\x02';
const END = 'PK\x05\x06';
const LOCATOR_64 = 'PK\x06\x07';
const END_64 = 'PK\x06\x06';
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
const LOCATOR_64_BYTES = 20;
const END_64_BYTES = 56;
const MOST_COMMENT_BYTES = 65_535;
/** Of half a million members. */
const MOST_DIRECTORY_BYTES = 64 * 1024 * 1024;
const ENCRYPTED = 0x1;
/** 4.4.4, bit 3: sizes stand behind the bytes. */
const SIZES_BEHIND = 0x8;
const IN_ZIP64 = 0xffff_ffff;

/** All members that are files, or undefined where there is no directory that fits. */
export async function readDirectory(source: ByteSource): Promise<ZipMember[] | undefined> {
  const place = await findDirectory(source);
  if (place === undefined || place.bytes > MOST_DIRECTORY_BYTES || place.at < 0) return undefined;
  const bytes = await source.read(place.at, place.bytes);
  const members: ZipMember[] = [];
  for (let at = 0; hasText(bytes, at, CENTRAL); ) {
    const { member, length } = centralMember(bytes.subarray(at), place.moved);
    if (!member.name.endsWith('/')) members.push(member);
    at += length;
  }
  return members.length > 0 ? members : undefined;
}

interface Place {
  readonly at: number;
  readonly bytes: number;
  /** By how much all lies later than is told: the bytes of a program before a self-extracting archive. */
  readonly moved: number;
}

async function findDirectory(source: ByteSource): Promise<Place | undefined> {
  const from = Math.max(0, source.size - MOST_COMMENT_BYTES - END_BYTES - LOCATOR_64_BYTES);
  const tail = await source.read(from, source.size - from);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (!hasText(tail, at, END)) continue;
    const end = new Fields(tail.subarray(at));
    const wide = hasText(tail, at - LOCATOR_64_BYTES, LOCATOR_64) ? await wideEnd(source, tail, at - LOCATOR_64_BYTES) : undefined;
    const [bytes, told] = [wide?.bytes ?? end.u32(12), wide?.told ?? end.u32(16)];
    const directoryAt = (wide?.at ?? from + at) - bytes;
    // Info-ZIP 3.0 with -fz leaves the wide end out all the same where it writes to a pipe.
    return { at: directoryAt, bytes, moved: told === IN_ZIP64 ? 0 : directoryAt - told };
  }
  return undefined;
}

/** 4.3.14 and 4.3.15. */
async function wideEnd(source: ByteSource, tail: Uint8Array, locatorAt: number): Promise<{ at: number; bytes: number; told: number } | undefined> {
  const at = new Fields(tail.subarray(locatorAt)).u64(8);
  const end = await source.read(at, END_64_BYTES);
  return hasText(end, 0, END_64) ? { at, bytes: new Fields(end).u64(40), told: new Fields(end).u64(48) } : undefined;
}

/** 4.3.12. */
function centralMember(bytes: Uint8Array, moved: number): { member: ZipMember; length: number } {
  const fields = new Fields(bytes);
  const [nameBytes, extraBytes, commentBytes] = [fields.u16(28), fields.u16(30), fields.u16(32)];
  const extra = bytes.subarray(CENTRAL_BYTES + nameBytes, CENTRAL_BYTES + nameBytes + extraBytes);
  const [unpackedBytes = 0, packedBytes = 0, headerAt = 0] = widened([fields.u32(24), fields.u32(20), fields.u32(42)], extra);
  const member = {
    name: nameOf(bytes.subarray(CENTRAL_BYTES, CENTRAL_BYTES + nameBytes)),
    isEncrypted: (fields.u16(8) & ENCRYPTED) !== 0,
    method: fields.u16(10),
    crc: fields.u32(16),
    ...{ packedBytes, unpackedBytes, headerAt: headerAt + moved },
  };
  return { member, length: CENTRAL_BYTES + nameBytes + extraBytes + commentBytes };
}

/** 4.5.3: values that do not fit 32 bits stand in the extra field 1, in this order, those that do fit left out. */
function widened(values: readonly number[], extra: Uint8Array): number[] {
  const fields = new Fields(extra);
  let at = 0;
  while (at < extra.length && fields.u16(at) !== 1) at += 4 + fields.u16(at + 2);
  let next = at + 4;
  return values.map((value) => {
    if (value !== IN_ZIP64 || at >= extra.length) return value;
    next += 8;
    return fields.u64(next - 8);
  });
}

/** 4.3.7: what stands before the bytes of a member, and where these begin; undefined where there is no such header. */
export async function readLocalHeader(source: ByteSource, headerAt: number): Promise<{ member: ZipMember; dataAt: number } | undefined> {
  if (headerAt < 0) return undefined;
  const bytes = await source.read(headerAt, LOCAL_BYTES + 2 * 65_535);
  if (!hasText(bytes, 0, LOCAL) || bytes.length < LOCAL_BYTES) return undefined;
  const fields = new Fields(bytes);
  const [nameBytes, extraBytes] = [fields.u16(26), fields.u16(28)];
  const extra = bytes.subarray(LOCAL_BYTES + nameBytes, LOCAL_BYTES + nameBytes + extraBytes);
  const [unpackedBytes = 0, packedBytes = 0] = widened([fields.u32(22), fields.u32(18)], extra);
  const isBehind = (fields.u16(6) & SIZES_BEHIND) !== 0;
  const member = {
    name: nameOf(bytes.subarray(LOCAL_BYTES, LOCAL_BYTES + nameBytes)),
    isEncrypted: (fields.u16(6) & ENCRYPTED) !== 0,
    method: fields.u16(8),
    crc: fields.u32(14),
    packedBytes: isBehind ? Number.POSITIVE_INFINITY : packedBytes,
    ...{ unpackedBytes, headerAt },
  };
  return { member, dataAt: headerAt + LOCAL_BYTES + nameBytes + extraBytes };
}

/** For showing only: UTF-8 and the old code pages have ASCII in common. */
const nameOf = (bytes: Uint8Array): string => new Fields(bytes).text(0, bytes.length).replaceAll(/[^ -~]/g, '?');
