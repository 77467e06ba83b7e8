import { LiteralsAndMatches } from './literals-and-matches.ts';

/** Bytes that hold the length a block begins with. */
export const MOST_LENGTH_BYTES = 5;

/** The length that a block begins with, as it tells, which may be wrong. */
export const unsnappyLength = (stored: Uint8Array): number => lengthOf(new LiteralsAndMatches(stored, 0));

/**
 * A raw snappy block (google/snappy format_description.txt): its length as a varint, then literals and copies of what was written. Our own, since
 * snappyjs gives zeros where a block is cut. Undefined where it is damaged or does not give exactly `bytes` bytes.
 */
export function unsnappy(stored: Uint8Array, bytes: number): Uint8Array | undefined {
  const block = new LiteralsAndMatches(stored, bytes);
  if (lengthOf(block) !== bytes) return undefined;
  while (!block.failed && !block.isAtEnd) element(block, block.byte());
  return block.isWhole ? block.output : undefined;
}

/** Seven bits a byte, lowest first. */
function lengthOf(block: LiteralsAndMatches): number {
  let value = 0;
  for (let scale = 1; scale < 128 ** MOST_LENGTH_BYTES; scale *= 128) {
    const byte = block.byte();
    value += (byte % 128) * scale;
    if (byte < 128) break;
  }
  return value;
}

/** Above this a literal's length stands in the 1 to 4 bytes that follow. */
const LONGEST_IN_TAG = 60;

/** The tag's low two bits: 0 a literal, else a copy from 11, 16 or 32 bits back. */
function element(block: LiteralsAndMatches, tag: number): void {
  const kind = tag & 3;
  const length = (tag >> 2) + 1;
  if (kind === 0) block.literals(length > LONGEST_IN_TAG ? block.word(length - LONGEST_IN_TAG) + 1 : length);
  else if (kind === 1) block.match((tag >> 5) * 256 + block.byte(), ((tag >> 2) & 7) + 4);
  else block.match(block.word(kind === 2 ? 2 : 4), length);
}
