import type { ByteSource, Origin } from './byte-source.ts';

const BLOCK_BYTES = 64 * 1024;
/** Four-byte words of a block, for a quick look for anything but zeros. */
const BLOCK_WORDS = BLOCK_BYTES / 4;

/**
 * Bytes appended one after another and kept in memory, in 64 KiB blocks; blocks of zeros cost nothing. Guests' memory is mostly
 * zeros, so an inflated dump is far smaller here than its size.
 */
export class BlockStore implements ByteSource {
  readonly name: string;
  /** Most bytes of blocks that are kept. */
  readonly #limit: number;
  readonly #blocks = new Map<number, Uint8Array>();
  /** The block being filled; zero behind what was filled. */
  #open = new Uint8Array(BLOCK_BYTES);
  #size = 0;
  #full = false;

  constructor(name: string, limit: number) {
    this.name = name;
    this.#limit = limit;
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes really kept. */
  get storedBytes(): number {
    return this.#blocks.size * BLOCK_BYTES;
  }

  /** True once bytes had to be dropped: nothing more is taken. */
  get isFull(): boolean {
    return this.#full;
  }

  append(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length && !this.#full; ) {
      const at = this.#size % BLOCK_BYTES;
      const part = bytes.subarray(from, from + BLOCK_BYTES - at);
      this.#open.set(part, at);
      this.#size += part.length;
      from += part.length;
      if (at + part.length === BLOCK_BYTES) this.#close();
    }
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(this.#size, offset + length);
    const bytes = new Uint8Array(Math.max(0, end - offset));
    for (let at = offset; at < end; ) {
      const block = Math.floor(at / BLOCK_BYTES);
      const next = Math.min(end, (block + 1) * BLOCK_BYTES);
      const stored = this.#block(block);
      if (stored !== undefined) bytes.set(stored.subarray(at - block * BLOCK_BYTES, next - block * BLOCK_BYTES), at - offset);
      at = next;
    }
    return bytes;
  }

  /** What was appended came out of a stream, and where it stood there is not kept. */
  async origin(): Promise<Origin | undefined> {
    return undefined;
  }

  #block(block: number): Uint8Array | undefined {
    return block === Math.floor(this.#size / BLOCK_BYTES) ? this.#open : this.#blocks.get(block);
  }

  /** Keeps the full block, or uses its room again if it is all zeros. Where there is no room, its bytes are dropped and the store is full. */
  #close(): void {
    if (isZero(this.#open)) return;
    const fresh = this.storedBytes + BLOCK_BYTES > this.#limit ? undefined : newBlock();
    if (fresh === undefined) {
      this.#full = true;
      this.#size -= BLOCK_BYTES;
      this.#open = new Uint8Array(0);
    } else {
      this.#blocks.set(this.#size / BLOCK_BYTES - 1, this.#open);
      this.#open = fresh;
    }
  }
}

/** Undefined where the host has no memory left. */
function newBlock(): Uint8Array<ArrayBuffer> | undefined {
  try {
    return new Uint8Array(BLOCK_BYTES);
  } catch {
    return undefined;
  }
}

function isZero(block: Uint8Array<ArrayBuffer>): boolean {
  const words = new Uint32Array(block.buffer, 0, BLOCK_WORDS);
  for (let index = 0; index < BLOCK_WORDS; index++) if (words[index] !== 0) return false;
  return true;
}
