/**
 * Files packed in parts as the real tools lay them out, the parts themselves stored as they are (each format allows it), so that a test can make
 * large ones fast. What the tools themselves write is in test/fixtures/wrapped.
 */
import { deflateRawSync } from 'node:zlib';
import { crc32 } from '#core/formats/wrappers/crc.ts';
import { xxh32 } from '#core/formats/wrappers/xxh32.ts';
import { joinBytes, zstd } from './dump-builder.ts';

const PART = 1024 * 1024;

const le = (value: number, bytes: number): Uint8Array => Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) % 256);
const withCrc = (...parts: readonly Uint8Array[]): Uint8Array => {
  const bytes = joinBytes(parts);
  return joinBytes([bytes, le(crc32(bytes), 4)]);
};
const padded = (bytes: Uint8Array): Uint8Array => joinBytes([bytes, new Uint8Array((4 - (bytes.length % 4)) % 4)]);

function partsOf(bytes: Uint8Array, length = PART): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / length) }, (_, i) => bytes.subarray(i * length, (i + 1) * length));
}

/** .xz file format, 1.1.0: blocks of LZMA2 with uncompressed chunks, no check, the index. */
export function xz(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const flags = Uint8Array.of(0, 0);
  const blocks = partsOf(bytes).map((part) => {
    // Size in words less one, flags (one filter), LZMA2 with its dictionary, padding (3.1).
    const header = withCrc(Uint8Array.of(2, 0, 0x21, 1, 16, 0, 0, 0));
    const chunks = partsOf(part, 65_536).map((chunk, i) =>
      joinBytes([Uint8Array.of(i === 0 ? 1 : 2, (chunk.length - 1) >> 8, (chunk.length - 1) & 255), chunk]),
    );
    return { bytes: joinBytes([header, ...chunks, Uint8Array.of(0)]), unpacked: part.length };
  });
  const records = blocks.map((block) => joinBytes([varint(block.bytes.length), varint(block.unpacked)]));
  const index = withCrc(padded(joinBytes([Uint8Array.of(0), varint(blocks.length), ...records])));
  const backward = joinBytes([le(index.length / 4 - 1, 4), flags]);
  return joinBytes([
    ...[Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), withCrc(flags)],
    ...blocks.map((block) => padded(block.bytes)),
    ...[index, le(crc32(backward), 4), backward, Uint8Array.of(0x59, 0x5a)],
  ]);
}

function varint(value: number): Uint8Array {
  return value < 128 ? Uint8Array.of(value) : joinBytes([Uint8Array.of((value % 128) + 128), varint(Math.floor(value / 128))]);
}

/** LZ4 frame format, 1.6.3: independent blocks of up to 1 MiB, uncompressed. */
export function lz4(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const descriptor = Uint8Array.of(0x60, 0x60);
  const blocks = partsOf(bytes).flatMap((part) => [le(part.length + 0x8000_0000, 4), part]);
  return joinBytes([le(0x184d2204, 4), descriptor, Uint8Array.of((xxh32(descriptor) >>> 8) & 255), ...blocks, le(0, 4)]);
}

/** SAMv1, 4.1. */
export function bgzip(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const members = [...partsOf(bytes, 65_280), new Uint8Array(0)].map((part) => {
    const packed = deflateRawSync(part, { level: 0 });
    const header = Uint8Array.of(0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0);
    return joinBytes([header, le(18 + packed.length + 8 - 1, 2), packed, le(crc32(part), 4), le(part.length, 4)]);
  });
  return joinBytes(members);
}

/** Frames with the seek table of zstd's contrib/seekable_format. */
export function seekableZstd(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts = partsOf(bytes);
  const frames = parts.map((part) => zstd(part));
  const entries = frames.map((frame, i) => joinBytes([le(frame.length, 4), le(parts[i]?.length ?? 0, 4)]));
  const table = joinBytes([...entries, le(frames.length, 4), Uint8Array.of(0), le(0x8f92eab1, 4)]);
  return joinBytes([...frames, le(0x184d2a5e, 4), le(table.length, 4), table]);
}

/** APPNOTE 6.3.10: one member, stored (method 0) or deflated (8). */
export function zip(bytes: Uint8Array, method: 0 | 8 = 0): Uint8Array<ArrayBuffer> {
  const data = method === 0 ? bytes : deflateRawSync(bytes, { level: 1 });
  const name = new TextEncoder().encode('guest.elf');
  const facts = [
    le(20, 2),
    le(0, 2),
    le(method, 2),
    le(0, 4),
    le(crc32(bytes), 4),
    le(data.length, 4),
    le(bytes.length, 4),
    le(name.length, 2),
    le(0, 2),
  ];
  const local = joinBytes([le(0x04034b50, 4), ...facts, name, data]);
  const central = joinBytes([le(0x02014b50, 4), le(20, 2), ...facts, le(0, 10), le(0, 4), name]);
  return joinBytes([local, central, le(0x06054b50, 4), le(0, 4), le(1, 2), le(1, 2), le(central.length, 4), le(local.length, 4), le(0, 2)]);
}
