import { Fields } from '#core/formats/fields.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';

/** One tag of a VMware state file: a name, up to three numbers, and a value (dump-formats, section 7; crash's vmware_vmss.c). */
export interface StateTag {
  readonly name: string;
  readonly indices: readonly number[];
  /** Small values; of a block only where the caller wants it. Undefined for blocks. */
  readonly value: Uint8Array | undefined;
  /** Blocks: where their bytes lie, and how many; `compressed` ones are no plain bytes. */
  readonly block?: { readonly at: number; readonly bytes: number; readonly compressed: boolean };
}

const WINDOW = 64 * 1024;
const COMPRESSED = 62;
const BLOCK = 63;
/** Flags, length of the name, name, three numbers, two sizes, padding: the most a tag has before its block. */
const MOST_TAG = 2 + 255 + 12 + 16 + 2 + 64;

/** Reads the tags of a group one after the other through a window; blocks are passed over unread. */
export class TagReader {
  readonly #source: ByteSource;
  /** 4 in the oldest files: sizes of blocks are 32 bits. */
  readonly #sizeBytes: 4 | 8;
  #window: Uint8Array = new Uint8Array(0);
  #windowAt = 0;
  #at: number;

  constructor(source: ByteSource, at: number, sizeBytes: 4 | 8) {
    this.#source = source;
    this.#at = at;
    this.#sizeBytes = sizeBytes;
  }

  get at(): number {
    return this.#at;
  }

  /** The next tag; undefined at the end of the group or of the file. */
  async next(): Promise<StateTag | undefined> {
    const bytes = await this.#peek(MOST_TAG);
    const [flags = 0, nameLength = 0] = bytes;
    const head = 2 + nameLength + (flags >> 6) * 4;
    if (bytes.length < head || (flags === 0 && nameLength === 0)) return undefined;
    const fields = new Fields(bytes);
    const name = fields.text(2, nameLength);
    const indices = Array.from({ length: flags >> 6 }, (_, index) => fields.u32(2 + nameLength + index * 4));
    const size = flags & 63;
    if (size === COMPRESSED || size === BLOCK) return this.#block(fields, head, { name, indices }, size === COMPRESSED);
    if (bytes.length < head + size) return undefined;
    this.#at += head + size;
    return { name, indices, value: bytes.slice(head, head + size) };
  }

  /** Size in the file, size in memory, length of the padding, padding, bytes. */
  #block(fields: Fields, head: number, named: Pick<StateTag, 'name' | 'indices'>, compressed: boolean): StateTag | undefined {
    const sizes = head + 2 * this.#sizeBytes;
    if (fields.length < sizes + 2) return undefined;
    const bytes = fields.word(head, this.#sizeBytes);
    const at = this.#at + sizes + 2 + fields.u16(sizes);
    this.#at = at + bytes;
    return { ...named, value: undefined, block: { at, bytes, compressed } };
  }

  async #peek(length: number): Promise<Uint8Array> {
    const from = this.#at - this.#windowAt;
    if (from < 0 || from + length > this.#window.length) {
      this.#window = this.#at < this.#source.size ? await this.#source.read(this.#at, WINDOW) : new Uint8Array(0);
      this.#windowAt = this.#at;
    }
    const start = this.#at - this.#windowAt;
    return this.#window.subarray(start, start + length);
  }
}
