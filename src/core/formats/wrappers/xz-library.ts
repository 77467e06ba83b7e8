import { XzReadableStream } from 'xz-decompress';
import { type BlockSizes, type StreamHeader, streamEnd, streamHeader } from './xz-headers.ts';

/** A part of a block, as it lies in the file. */
export interface PackedPiece {
  readonly bytes: Uint8Array;
  readonly fileOffset: number;
}

/** What the library asks of its input, and gives as its output: of a stream of the web, which core does not know, these two. */
interface PieceReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }>;
  cancel(): Promise<void>;
}
type Unpacking = new (input: { getReader(): PieceReader }) => { getReader(): PieceReader };

/** All was unpacked; `emit` wanted no more; or why it could not go on, and in which piece. */
type Outcome = 'end' | 'stopped' | { readonly fault: string; readonly fileOffset: number };

/**
 * Unpacks one block: its header, chunks, padding and check, as pieces. The library reads whole streams, so it is given one around the
 * block, made of the file's own header and an index of this block alone: then it also compares the check. `emit` copies what it is
 * given, and answers whether more is wanted. @throws what `pieces` throws.
 */
export async function runLibrary(
  header: StreamHeader,
  pieces: AsyncIterator<PackedPiece, BlockSizes | undefined>,
  emit: (bytes: Uint8Array) => boolean,
): Promise<Outcome> {
  const input = new StreamAround(header, pieces);
  const output = new (XzReadableStream as unknown as Unpacking)({ getReader: () => input }).getReader();
  try {
    for (;;) {
      const { done, value } = await output.read();
      if (done) return 'end';
      if (value !== undefined && !emit(value)) {
        // One unpacking at a time holds the library: left as it is, the next would wait for ever.
        await output.cancel();
        return 'stopped';
      }
    }
  } catch (error) {
    if (input.thrown !== undefined) throw input.thrown;
    return { fault: error instanceof Error ? wordsOf(error.message) : 'bad data', fileOffset: input.fileOffset };
  }
}

class StreamAround implements PieceReader {
  readonly #header: StreamHeader;
  readonly #pieces: AsyncIterator<PackedPiece, BlockSizes | undefined>;
  #state: 'header' | 'pieces' | 'end' = 'header';
  /** Of the piece given last. */
  fileOffset = 0;
  /** Of the pieces, not of the library. */
  thrown: unknown;

  constructor(header: StreamHeader, pieces: AsyncIterator<PackedPiece, BlockSizes | undefined>) {
    this.#header = header;
    this.#pieces = pieces;
  }

  async read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }> {
    if (this.#state === 'end') return { done: true };
    if (this.#state === 'header') {
      this.#state = 'pieces';
      return { done: false, value: streamHeader(this.#header) };
    }
    try {
      return this.#next(await this.#pieces.next());
    } catch (error) {
      this.thrown = error;
      throw error;
    }
  }

  #next(result: IteratorResult<PackedPiece, BlockSizes | undefined>): { readonly done: boolean; readonly value?: Uint8Array } {
    if (result.done === true) {
      this.#state = 'end';
      return result.value === undefined ? { done: true } : { done: false, value: streamEnd(this.#header, result.value) };
    }
    this.fileOffset = result.value.fileOffset;
    return { done: false, value: result.value.bytes };
  }

  async cancel(): Promise<void> {
    await this.#pieces.return?.(undefined);
  }
}

/** Codes of xz-embedded (xz.h). */
const CODES: Readonly<Record<string, string>> = {
  3: 'there is no memory for its dictionary',
  4: 'its dictionary is too large',
  6: 'it asks for what is not read',
  7: 'its bytes or its checksum are wrong',
  8: 'it ends too early',
};

const wordsOf = (message: string): string => CODES[/error code (\d+)$/.exec(message)?.[1] ?? ''] ?? message;
