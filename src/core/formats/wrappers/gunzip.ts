import { Gunzip } from 'fflate';
import { commas } from '#core/base/hex.ts';
import { Fields } from '#core/formats/fields.ts';
import type { BlockStore } from '#core/memory/block-store.ts';
import type { SequentialReader } from '#core/memory/sequential-reader.ts';
import type { Breakage } from './wrapper.ts';

/** Small, so that little is lost where a piece is damaged, and a bomb inflates to 64 MB at most before the limit is looked at. */
const PIECE_BYTES = 64 * 1024;

/** All members of a gzip file, one after another. */
export async function gunzip(input: SequentialReader, output: BlockStore): Promise<Breakage | undefined> {
  let memberStart = 0;
  const decoder = new Gunzip((bytes) => output.append(bytes));
  decoder.onmember = () => {
    memberStart = output.size;
  };
  let tail = new Uint8Array(0);
  while (!output.isFull) {
    const at = input.offset;
    const piece = await input.take(PIECE_BYTES);
    if (piece.length === 0) return endOf(tail, output.size - memberStart, at);
    const fault = push(decoder, piece);
    if (fault !== undefined) return { fileOffset: at, reason: `${fault}, near byte ${commas(at)}` };
    tail = lastBytes(tail, piece);
  }
  return undefined;
}

/** The decoder throws for bad data of any kind. */
function push(decoder: Gunzip, piece: Uint8Array): string | undefined {
  try {
    decoder.push(piece, false);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'bad data';
  }
}

function lastBytes(before: Uint8Array, piece: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(before.length + Math.min(4, piece.length));
  joined.set(before);
  joined.set(piece.subarray(-4), before.length);
  return joined.slice(-4);
}

/** The last four bytes are the last member's length modulo 2^32: where they differ, the file was cut (the decoder does not tell). */
function endOf(tail: Uint8Array, memberBytes: number, at: number): Breakage | undefined {
  return new Fields(tail).u32(0) === memberBytes % 2 ** 32
    ? undefined
    : { fileOffset: at, reason: `it ends at byte ${commas(at)} before it is complete` };
}
