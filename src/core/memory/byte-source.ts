/**
 * Bytes that can be read at any place: a browser File, a Node file handle, an inflated wrapper, text turned to bytes.
 * Reads are asynchronous: a read from a browser File costs some 0.5 ms however small, so callers batch (see `read-ranges.ts`).
 */
export interface ByteSource {
  readonly name: string;
  /** Bytes in all. */
  readonly size: number;
  /** A file that was given together with this one, in whichever order: a .vmss with its .vmem. The next of several is its companion in turn. */
  readonly companion?: ByteSource;
  /**
   * Bytes [offset, offset + length), clamped to the end: a shorter result means the source ends there.
   * @throws when the medium fails (file changed on disk, handle closed): not for being past the end.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
  /**
   * As `read`, to the start of a buffer of the caller's: how many bytes it put there. Missing where the medium makes buffers of its own.
   * What is read once from end to end should not take new memory for each piece: the system clears it first, which costs as much as the copy.
   */
  readInto?(offset: number, buffer: Uint8Array): Promise<number>;
  /**
   * Where a byte comes from, for sources made of another: parts of it, or bytes unpacked from it. Undefined where that is not known, as of
   * a file that was unpacked in one. A file itself has no such method.
   */
  origin?(offset: number): Promise<Origin | undefined>;
}

/** A byte of a source, or of a packed piece of it. */
export interface Origin {
  readonly source: ByteSource;
  /** Of the byte, or of the packed piece's first. */
  readonly offset: number;
  /** Bytes of the packed piece, and the byte's place in it once it is unpacked. */
  readonly packed?: { readonly bytes: number; readonly within: number };
}

/** A source over bytes already in memory. */
export function bytesSource(bytes: Uint8Array, name = 'bytes'): ByteSource {
  return { name, size: bytes.length, read: async (offset, length) => bytes.subarray(offset, offset + length) };
}
