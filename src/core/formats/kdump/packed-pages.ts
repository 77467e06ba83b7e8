import { commas } from '#core/base/hex.ts';
import { Fields } from '#core/formats/fields.ts';
import { BlockCache } from '#core/memory/block-cache.ts';
import type { ByteSource, Origin } from '#core/memory/byte-source.ts';
import type { LossySource, LostRun } from '#core/memory/lossy-source.ts';
import { DESCRIPTOR_BYTES } from './header.ts';
import { type Unpack, unpackerOf } from './unpack-page.ts';

const MOST_REASONS = 255;

/** Where the descriptors of stored pages lie, one after another in the order of their frames. */
export interface PackedPart {
  readonly source: ByteSource;
  readonly descriptorsAt: number;
  readonly pages: number;
  readonly pageBytes: number;
}

interface Descriptor {
  /** Number of the page among those stored. */
  readonly page: number;
  readonly offset: number;
  readonly bytes: number;
  readonly flags: number;
}

/**
 * The stored pages of a dump as if they lay unpacked one after another. Descriptors (24 bytes each, of which 64 GiB have 400 MB) and pages
 * are read when they are asked for. A page that cannot be had gives zeros, and is told by `lost`.
 */
export class PackedPages implements LossySource {
  readonly name: string;
  readonly size: number;
  readonly #part: PackedPart;
  readonly #cache: BlockCache;
  readonly #unpackers = new Map<number, Unpack>();
  /** Index into the reasons of each page, 0 where none is known; made when the first is lost. */
  #losses: Uint8Array | undefined;
  readonly #reasons: string[] = [''];

  constructor(part: PackedPart) {
    this.#part = part;
    this.name = part.source.name;
    this.size = part.pages * part.pageBytes;
    this.#cache = new BlockCache(part.source);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const { pageBytes, pages } = this.#part;
    const first = Math.floor(offset / pageBytes);
    const end = Math.min(pages, Math.ceil((offset + length) / pageBytes));
    if (end <= first) return new Uint8Array(0);
    const bytes = new Uint8Array((end - first) * pageBytes);
    await this.#unpackInto(bytes, first, await this.#descriptors(first, end - first));
    return bytes.subarray(offset - first * pageBytes, offset - first * pageBytes + length);
  }

  /** Undefined for a page whose descriptor leads nowhere. */
  async origin(offset: number): Promise<Origin | undefined> {
    const { source, pageBytes } = this.#part;
    const [descriptor] = await this.#descriptors(Math.floor(offset / pageBytes), 1);
    if (!descriptor || !this.#isUsable(descriptor)) return undefined;
    const within = offset % pageBytes;
    if (descriptor.flags === 0) return { source, offset: descriptor.offset + within };
    return { source, offset: descriptor.offset, packed: { bytes: descriptor.bytes, within } };
  }

  /** Lost pages among those of a stretch, of what has been read so far. */
  lost(offset: number, length: number): readonly LostRun[] {
    const losses = this.#losses;
    if (losses === undefined) return [];
    const { pageBytes } = this.#part;
    const runs: LostRun[] = [];
    for (let page = Math.floor(offset / pageBytes); page * pageBytes < offset + length; page++) {
      const reason = this.#reasons[losses[page] ?? 0];
      if (reason) runs.push({ offset: page * pageBytes, length: pageBytes, reason });
    }
    return runs;
  }

  async #descriptors(first: number, count: number): Promise<Descriptor[]> {
    const at = this.#part.descriptorsAt + first * DESCRIPTOR_BYTES;
    const [bytes] = await this.#cache.read([{ offset: at, length: count * DESCRIPTOR_BYTES }]);
    const fields = new Fields(bytes ?? new Uint8Array(0));
    return Array.from({ length: count }, (_, i) => ({
      page: first + i,
      offset: fields.u64(i * DESCRIPTOR_BYTES),
      bytes: fields.u32(i * DESCRIPTOR_BYTES + 8),
      flags: fields.u32(i * DESCRIPTOR_BYTES + 12),
    }));
  }

  async #unpackInto(bytes: Uint8Array, first: number, descriptors: readonly Descriptor[]): Promise<void> {
    const usable = descriptors.filter((descriptor) => this.#isUsable(descriptor));
    // All pages of zeros have one place in the file.
    const places = new Map(usable.map(({ offset, bytes: length }) => [offset, { offset, length }] as const));
    const read = await this.#cache.read([...places.values()]);
    const storedAt = new Map([...places.keys()].map((offset, i) => [offset, read[i] ?? new Uint8Array(0)]));
    let before: { readonly descriptor: Descriptor; readonly page: Uint8Array | string } | undefined;
    // Pages of one place, mostly those of zeros, are unpacked once.
    for (const descriptor of usable.sort((a, b) => a.offset - b.offset)) {
      const stored = storedAt.get(descriptor.offset)?.subarray(0, descriptor.bytes) ?? new Uint8Array(0);
      const page: Uint8Array | string =
        before && isSamePlace(before.descriptor, descriptor) ? before.page : (await this.#unpacker(descriptor.flags))(stored, this.#part.pageBytes);
      before = { descriptor, page };
      if (typeof page === 'string') this.#lose(descriptor, page);
      else bytes.set(page, (descriptor.page - first) * this.#part.pageBytes);
    }
  }

  /** Whether the file can hold what the descriptor tells; says why not to whoever asks for the page. */
  #isUsable(descriptor: Descriptor): boolean {
    const { offset, bytes } = descriptor;
    const { source, pageBytes } = this.#part;
    if (offset === 0) this.#lose(descriptor, 'the dump is incomplete, this page was not written');
    else if (offset + bytes > source.size)
      this.#lose(descriptor, `this page would lie past the end of the file, which was cut at ${commas(source.size)} bytes`);
    else if (bytes === 0 || bytes > 2 * pageBytes) this.#lose(descriptor, 'the descriptor of this page is damaged');
    else return true;
    return false;
  }

  #lose({ page }: Descriptor, why: string): void {
    this.#losses ??= new Uint8Array(this.#part.pages);
    const known = this.#reasons.indexOf(why);
    if (known > 0) this.#losses[page] = known;
    // More kinds of damage than a byte can tell apart share the last one's words.
    else this.#losses[page] = this.#reasons.length > MOST_REASONS ? MOST_REASONS : this.#reasons.push(why) - 1;
  }

  async #unpacker(flags: number): Promise<Unpack> {
    const known = this.#unpackers.get(flags) ?? (await unpackerOf(flags));
    this.#unpackers.set(flags, known);
    return known;
  }
}

const isSamePlace = (one: Descriptor, other: Descriptor): boolean =>
  one.offset === other.offset && one.bytes === other.bytes && one.flags === other.flags;
