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
  const members = new Members(output);
  while (!output.isFull) {
    const at = input.offset;
    const piece = await input.take(PIECE_BYTES);
    const reason = piece.length === 0 ? members.faultAtEnd() : members.push(piece);
    if (reason !== undefined) return { fileOffset: at, reason: `${reason} at byte ${commas(at)}${piece.length === 0 ? '' : ' or soon after'}` };
    if (piece.length === 0) return undefined;
  }
  return undefined;
}

class Members {
  readonly #decoder: Gunzip;
  readonly #output: BlockStore;
  /** Where the member that is being inflated began in the output. */
  #start = 0;
  /** Undefined while members are read; then whether the probe was taken for a new member. */
  #probeSeen: boolean | undefined;
  /** The last 4 bytes of the file. */
  #tail = new Uint8Array(0);

  constructor(output: BlockStore) {
    this.#output = output;
    this.#decoder = new Gunzip((bytes) => this.#take(bytes));
    this.#decoder.onmember = () => this.#begin();
  }

  /** Inflates a piece of the file; says why not. The decoder throws for bad data of any kind. */
  push(piece: Uint8Array): string | undefined {
    this.#tail = new Uint8Array([...this.#tail, ...piece.subarray(-4)].slice(-4));
    try {
      this.#decoder.push(piece, false);
      return undefined;
    } catch (error) {
      return `it is damaged (${error instanceof Error ? error.message : 'bad data'})`;
    }
  }

  /**
   * The decoder does not tell whether the last member was complete, so a further, empty one is given: only behind a complete member is
   * it taken for one. Then the member's own length, modulo 2^32, must be that of what came out.
   */
  faultAtEnd(): string | undefined {
    const length = new Fields(this.#tail).u32(0);
    this.#probeSeen = false;
    const fault = this.push(EMPTY_MEMBER);
    if (fault !== undefined || !this.#probeSeen) return 'it ends before it is complete,';
    return length === (this.#output.size - this.#start) % 2 ** 32 ? undefined : 'it gave another length than it says,';
  }

  #take(bytes: Uint8Array): void {
    if (this.#probeSeen === undefined) this.#output.append(bytes);
  }

  #begin(): void {
    if (this.#probeSeen === undefined) this.#start = this.#output.size;
    else this.#probeSeen = true;
  }
}

/** RFC 1952: a header, deflate's empty last block, CRC and length 0. */
const EMPTY_MEMBER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0);
