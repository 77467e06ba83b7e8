import { Inflate } from 'fflate';
import { commas } from '#core/base/hex.ts';
import type { BlockStore } from '#core/memory/block-store.ts';
import type { SequentialReader } from '#core/memory/sequential-reader.ts';
import { crc32 } from './crc.ts';
import type { Breakage } from './wrapper.ts';
import type { ZipMember } from './zip-directory.ts';

/** Small, so that little is lost where a piece is damaged, and a bomb inflates to 64 MB at most before the limit is looked at. */
const PIECE_BYTES = 64 * 1024;

/** Inflates a member of a zip file, from exactly its bytes; places count from these. */
export async function inflateMember(input: SequentialReader, member: ZipMember, output: BlockStore): Promise<Breakage | undefined> {
  let crc = 0;
  let unpacked = 0;
  const decoder = new Inflate((bytes) => {
    output.append(bytes);
    crc = crc32(bytes, crc);
    unpacked += bytes.length;
  });
  while (!output.isFull) {
    const fileOffset = input.offset;
    const piece = await input.take(PIECE_BYTES);
    const fault = push(decoder, piece);
    if (fault !== undefined) return { fileOffset, reason: `it is damaged (${fault})` };
    if (piece.length > 0) continue;
    // Sizes that stand behind the bytes are in the directory: where that is missing, the file was cut.
    const isWhole = Number.isFinite(member.packedBytes) && unpacked === member.unpackedBytes;
    if (!isWhole) return { fileOffset, reason: `it ends before ${member.name} is complete, after ${commas(unpacked)} bytes of it,` };
    return crc === member.crc ? undefined : { fileOffset, reason: `the checksum of ${member.name} is wrong` };
  }
  return undefined;
}

/** The decoder throws for bad data of any kind. */
function push(decoder: Inflate, piece: Uint8Array): string | undefined {
  try {
    decoder.push(piece, false);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'bad data';
  }
}
