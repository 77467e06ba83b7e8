import { sha256 } from '@noble/hashes/sha2.js';
import type { SequentialReader } from '#core/memory/sequential-reader.ts';
import { MOST_CHUNK_HEADER_BYTES, parseChunk } from './xz-chunks.ts';
import { type BlockHeader, type BlockSizes, MOST_BLOCK_HEADER_BYTES, parseBlockHeader, type StreamHeader } from './xz-headers.ts';
import { type PackedPiece, runLibrary } from './xz-library.ts';

/** What the library compares itself: none, CRC-32, CRC-64. */
const CHECKED = [0, 1, 4];
const SHA256 = 10;
const UNCHECKED: StreamHeader = { checkId: 0, checkBytes: 0 };

/** A block that was unpacked, or how far; `fault` continues a sentence, `fileOffset` counts as the input does. */
export type BlockEnd = BlockSizes | 'stopped' | { readonly fault: string; readonly fileOffset: number };

/** Unpacks the block that the input stands at, and goes past it. `emit` copies what it is given, and tells whether more is wanted. @throws Cancelled */
export async function unxzBlock(stream: StreamHeader, input: SequentialReader, emit: (bytes: Uint8Array) => boolean): Promise<BlockEnd> {
  const at = input.offset;
  const header = parseBlockHeader(await input.peek(MOST_BLOCK_HEADER_BYTES));
  if (typeof header === 'string') return { fault: header, fileOffset: at };
  return new Block(stream, header, input).unpack(emit);
}

class Block {
  readonly #stream: StreamHeader;
  readonly #header: BlockHeader;
  readonly #input: SequentialReader;
  readonly #isLibrarys: boolean;
  /** Found in the pieces, before the library sees it. */
  #fault: { readonly fault: string; readonly fileOffset: number } | undefined;
  #sizes: BlockSizes = { unpaddedBytes: 0, unpackedBytes: 0 };
  #check: Uint8Array = new Uint8Array(0);

  constructor(stream: StreamHeader, header: BlockHeader, input: SequentialReader) {
    this.#stream = stream;
    this.#header = header;
    this.#input = input;
    this.#isLibrarys = CHECKED.includes(stream.checkId);
  }

  async unpack(emit: (bytes: Uint8Array) => boolean): Promise<BlockEnd> {
    const hash = this.#stream.checkId === SHA256 ? sha256.create() : undefined;
    const outcome = await runLibrary(this.#isLibrarys ? this.#stream : UNCHECKED, this.#pieces(), (bytes) => {
      hash?.update(bytes);
      return emit(bytes);
    });
    if (outcome === 'stopped') return outcome;
    if (this.#fault !== undefined) return this.#fault;
    if (outcome !== 'end') return outcome;
    const isWrong = hash !== undefined && !equal(hash.digest(), this.#check);
    return isWrong ? { fault: 'the checksum of a block is wrong', fileOffset: this.#input.offset } : this.#sizes;
  }

  /** The block as it lies in the file, without a check that the library does not know. Of what is cut, the beginning is given. */
  async *#pieces(): AsyncGenerator<PackedPiece, BlockSizes | undefined> {
    yield await this.#piece(this.#header.bytes);
    let packed = this.#header.bytes;
    let unpackedBytes = 0;
    for (let isLast = false; !isLast; ) {
      const chunk = parseChunk(await this.#input.peek(MOST_CHUNK_HEADER_BYTES));
      if (typeof chunk === 'string') return this.#stop(chunk);
      const piece = await this.#piece(chunk.bytes);
      if (piece.bytes.length < chunk.bytes) this.#stop('it ends within a chunk');
      yield piece;
      if (this.#fault !== undefined) return undefined;
      packed += chunk.bytes;
      unpackedBytes += chunk.unpackedBytes;
      ({ isLast } = chunk);
    }
    return yield* this.#end(packed, unpackedBytes);
  }

  /** 3.3 and 3.4: zeros up to a multiple of 4, then the check. */
  async *#end(packed: number, unpackedBytes: number): AsyncGenerator<PackedPiece, BlockSizes | undefined> {
    const { checkBytes } = this.#stream;
    const padding = -packed & 3;
    const { bytes, fileOffset } = await this.#piece(padding + checkBytes);
    if (bytes.length < padding + checkBytes) return this.#stop('it ends before its checksum,');
    this.#check = bytes.subarray(padding);
    this.#sizes = { unpaddedBytes: packed + checkBytes, unpackedBytes };
    const known = this.#isLibrarys ? bytes : bytes.subarray(0, padding);
    if (known.length > 0) yield { bytes: known, fileOffset };
    return { unpaddedBytes: packed + (this.#isLibrarys ? checkBytes : 0), unpackedBytes };
  }

  async #piece(bytes: number): Promise<PackedPiece> {
    const fileOffset = this.#input.offset;
    return { bytes: await this.#input.take(bytes), fileOffset };
  }

  #stop(fault: string): undefined {
    this.#fault = { fault, fileOffset: this.#input.offset };
    return undefined;
  }
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, index) => byte === b[index]);
