import { compress } from 'snappyjs';
import { joinBytes, type SparseMemory } from './dump-builder.ts';
import { type LimeRange, limeHeader } from './lime-builder.ts';

/** CRC-32C bit by bit (snappy framing_format.txt, 3), rotated and moved as chunks store it. */
function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f6_3b78 : crc >>> 1;
  }
  const value = BigInt(~crc >>> 0);
  return Number((((value >> 15n) | (value << 17n)) + 0xa282_ead8n) & 0xffff_ffffn);
}

function snappyChunk(type: number, body: Uint8Array, unpacked?: Uint8Array): Uint8Array<ArrayBuffer> {
  const checksum = new Uint8Array(unpacked === undefined ? 0 : 4);
  if (unpacked !== undefined) new DataView(checksum.buffer).setUint32(0, maskedCrc(unpacked), true);
  const length = body.length + checksum.length;
  return joinBytes([Uint8Array.of(type, length & 255, (length >> 8) & 255, length >> 16), checksum, body]);
}

const snappyStart = snappyChunk(0xff, new TextEncoder().encode('sNaPpY'));

/** Chunks that shrink by less than an eighth are stored, as snap does. */
function chunks(bytes: Uint8Array, chunkBytes: number): Uint8Array<ArrayBuffer> {
  const parts = [snappyStart];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const part = bytes.slice(at, at + chunkBytes);
    const packed = compress(part);
    parts.push(packed.length >= part.length - part.length / 8 ? snappyChunk(1, part, part) : snappyChunk(0, packed, part));
  }
  return joinBytes(parts);
}

/** Ranges as `avml --compress` writes them (avml src/image.rs): LiME's header with another magic, Snappy's chunks, and how many bytes those are. */
export function avmlRanges(ranges: readonly LimeRange[], chunkBytes = 65_536): Uint8Array<ArrayBuffer> {
  return joinBytes(
    ranges.flatMap(({ start, bytes }) => {
      const header = limeHeader(start, bytes.length, 2);
      header.set(new TextEncoder().encode('AVML'));
      const packed = chunks(bytes, chunkBytes);
      const trailer = new DataView(new ArrayBuffer(8));
      trailer.setBigUint64(0, BigInt(packed.length), true);
      return [header, packed, new Uint8Array(trailer.buffer)];
    }),
  );
}

export const avmlDump = (memory: SparseMemory): Uint8Array<ArrayBuffer> => avmlRanges(memory.stretches(), 8192);
