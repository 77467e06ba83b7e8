import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { ByteSource } from './byte-source.ts';
import { type ByteRange, readRanges } from './read-ranges.ts';

const EDGE_BYTES = 64 * 1024;
const SAMPLES = 16;
const SAMPLE_BYTES = 4096;

/**
 * Names a file in a permalink: hex SHA-256 over its size (8 bytes, little-endian) and sampled blocks: the first and last 64 KiB, and 16 of
 * 4 KiB spread evenly between; and then the same of its companion, if it has one. Two files that differ only between the samples have the same; reading all of a large file would take minutes.
 */
export async function fingerprint(source: ByteSource): Promise<string> {
  const hash = sha256.create();
  for (let file: ByteSource | undefined = source; file !== undefined; file = file.companion) {
    hash.update(sizeBytes(file.size));
    for (const bytes of await readRanges(file, samples(file.size))) hash.update(bytes);
  }
  return bytesToHex(hash.digest());
}

function sizeBytes(bytes: number): Uint8Array {
  const size = new DataView(new ArrayBuffer(8));
  size.setUint32(0, bytes % 2 ** 32, true);
  size.setUint32(4, Math.floor(bytes / 2 ** 32), true);
  return new Uint8Array(size.buffer);
}

function samples(size: number): ByteRange[] {
  const step = Math.floor(size / (SAMPLES + 1));
  const spread = Array.from({ length: SAMPLES }, (_, index) => ({ offset: (index + 1) * step, length: SAMPLE_BYTES }));
  return [{ offset: 0, length: EDGE_BYTES }, ...spread, { offset: Math.max(0, size - EDGE_BYTES), length: EDGE_BYTES }];
}
