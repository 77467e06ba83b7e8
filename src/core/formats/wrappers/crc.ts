/** Bits are reflected, as in nearly all that was made since. */
const CRC_32 = 0xedb88320;
/** Castagnoli's. */
const CRC_32C = 0x82f63b78;

const tableOf = (polynomial: number): Int32Array =>
  Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? polynomial : 0);
    return crc;
  });

function crc(table: Int32Array, bytes: Uint8Array, before: number): number {
  let value = ~before;
  for (let at = 0; at < bytes.length; at++) value = (value >>> 8) ^ (table[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return ~value >>> 0;
}

const table32 = tableOf(CRC_32);
const table32c = tableOf(CRC_32C);

/** The CRC of gzip, zip and xz (RFC 1952, 8), unsigned; goes on from that of what came before. */
export const crc32 = (bytes: Uint8Array, before = 0): number => crc(table32, bytes, before);

/** The CRC of Snappy's framing format (RFC 3720, B.4), unsigned. */
export const crc32c = (bytes: Uint8Array): number => crc(table32c, bytes, 0);
