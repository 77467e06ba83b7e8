import { copyLiterals, copyMatch } from './literals-and-matches.ts';

/** Where a match may begin at most behind its place ("Offset" is 16 bits). */
export const HISTORY_BYTES = 64 * 1024;
const LEAST_MATCH = 4;
const LONG = 15;

/**
 * Unpacks one block ("LZ4 Block Format Description") to `output` from `start`, whose bytes before that are history.
 * Returns where it ended, or -1 if the block cannot be or would not fit.
 */
export function unpackBlock(input: Uint8Array, output: Uint8Array, start: number): number {
  const sequence = { at: 0, out: start };
  while (sequence.at < input.length) {
    const token = input[sequence.at++] ?? 0;
    if (!takeLiterals(input, output, sequence, token >>> 4)) return -1;
    // "The last sequence is incomplete": it has literals alone.
    if (sequence.at === input.length) return sequence.out;
    if (!takeMatch(input, output, sequence, token & LONG)) return -1;
  }
  return -1;
}

/** How many bytes a block unpacks to, or -1 if it cannot be: only the lengths are read. */
export function unpackedLength(input: Uint8Array): number {
  const sequence = { at: 0, out: 0 };
  while (sequence.at < input.length) {
    const token = input[sequence.at++] ?? 0;
    const literals = token >>> 4 === LONG ? longLength(input, sequence) : token >>> 4;
    sequence.at += literals;
    sequence.out += literals;
    if (sequence.at === input.length) return sequence.out;
    sequence.at += 2;
    sequence.out += ((token & LONG) === LONG ? longLength(input, sequence) : token & LONG) + LEAST_MATCH;
  }
  return -1;
}

/** `at`: of the byte read next; `out`: of the byte written next. */
interface Sequence {
  at: number;
  out: number;
}

function takeLiterals(input: Uint8Array, output: Uint8Array, sequence: Sequence, code: number): boolean {
  const length = code === LONG ? longLength(input, sequence) : code;
  const { at, out } = sequence;
  if (at + length > input.length || out + length > output.length) return false;
  copyLiterals(input, at, output, out, length);
  sequence.at += length;
  sequence.out += length;
  return true;
}

function takeMatch(input: Uint8Array, output: Uint8Array, sequence: Sequence, code: number): boolean {
  if (sequence.at + 2 > input.length) return false;
  const offset = (input[sequence.at] ?? 0) + (input[sequence.at + 1] ?? 0) * 256;
  sequence.at += 2;
  const length = (code === LONG ? longLength(input, sequence) : code) + LEAST_MATCH;
  const { out } = sequence;
  if (offset === 0 || offset > out || out + length > output.length) return false;
  copyMatch(output, out, offset, length);
  sequence.out += length;
  return true;
}

/** Bytes of 255 go on, the first other ends. The sum is bounded by 255 a byte of the block. */
function longLength(input: Uint8Array, sequence: Sequence): number {
  let length = LONG;
  while (sequence.at < input.length) {
    const more = input[sequence.at++] ?? 0;
    length += more;
    if (more !== 255) break;
  }
  return length;
}
