import { commas, hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import { Fields } from '#core/formats/fields.ts';
import { contextBytes, readContext, type VcpuContext } from '#core/formats/xen-core/vcpu-context.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import type { Extent } from '#core/memory/extents.ts';
import { type HvmCpu, hvmCpus } from './hvm-cpus.ts';
import { hasBytes, PageTypes } from './page-types.ts';
import { padded, type Stream } from './stream.ts';

export interface PlacedBytes {
  readonly fileOffset: number;
  readonly bytes: Uint8Array;
}

/** All that a stream says of its guest. */
export interface SavedGuest {
  readonly kind: Stream['kind'];
  readonly wordBytes: 4 | 8;
  /** In the order sent: of pages sent again the last counts. */
  readonly extents: readonly Extent[];
  readonly types: PageTypes;
  readonly sentAgain: number;
  readonly vcpus: readonly VcpuContext[];
  readonly hvmCpus: readonly HvmCpu[];
  /** The page as the guest had it, which is sent as a record of its own. */
  readonly sharedInfo?: PlacedBytes;
  readonly problems: readonly Problem[];
}

/** Record types (tools/libs/guest/xg_sr_stream_format.h). */
const END = 0;
const PAGE_DATA = 1;
const PV_INFO = 2;
const PV_VCPU_BASIC = 4;
const SHARED_INFO = 7;
const HVM_CONTEXT = 9;
const VERIFY = 0xd;
const LAST_KNOWN = 0x12;
/** Set: a reader that does not know the record may pass it over. */
const OPTIONAL = 0x8000_0000;

/** The writer's own bound: a longer record is no record. */
const LONGEST_RECORD = 128 * 2 ** 20;
/** The page list of one record: the writer sends 1,024 at a time. */
const MOST_PAGES = 2 ** 16;
/** Stretches kept: a stream of a guest that ran on while it was saved is scattered. */
const MOST_EXTENTS = 2 ** 20;
const MOST_VCPUS = 8192;

/** Reads every record's header and the page lists; the pages themselves stay where they are. */
export async function readRecords(source: ByteSource, stream: Stream, task: Task): Promise<SavedGuest> {
  const reader = new RecordReader(source, stream);
  let at = stream.recordsAt;
  while (at !== undefined && at < source.size) {
    task.check();
    task.report({ step: 'reading the saved guest', done: at, total: source.size });
    const next = await reader.take(at);
    if (next === undefined) return reader.guest(true);
    at = next;
  }
  return reader.guest(false);
}

class RecordReader {
  readonly #source: ByteSource;
  readonly #stream: Stream;
  readonly #extents: Extent[] = [];
  readonly #types = new PageTypes();
  readonly #problems: Problem[] = [];
  readonly #contexts: Uint8Array[] = [];
  #hvm: readonly HvmCpu[] = [];
  #sharedInfo: PlacedBytes | undefined;
  #wordBytes: 4 | 8 | undefined;
  #sentAgain = 0;

  constructor(source: ByteSource, stream: Stream) {
    this.#source = source;
    this.#stream = stream;
  }

  /** Reads the record at a byte and returns where the next begins; undefined at the end, or where no more can be read. */
  async take(at: number): Promise<number | undefined> {
    const header = new Fields(await this.#source.read(at, 8));
    const type = header.u32(0);
    const length = header.u32(4);
    if (header.length < 8) return this.#stop(at, `the file ends within its header`);
    if (length > LONGEST_RECORD)
      return this.#stop(at, `it says it is ${commas(length)} bytes long, and the longest allowed is ${commas(LONGEST_RECORD)}`);
    if (type === END || type === VERIFY) return undefined;
    if (type > LAST_KNOWN && type < OPTIONAL) return this.#stop(at, `its type ${hex(type)} is not known, and it must not be passed over`);
    await this.#read(type, at + 8, length);
    return at + 8 + padded(length);
  }

  guest(ended: boolean): SavedGuest {
    if (!ended && this.#problems.length === 0) this.#stop(this.#source.size, 'the file ends before the END record: it was cut short');
    const wordBytes = this.#wordBytes ?? widthOf(this.#contexts);
    const vcpus = this.#contexts.map((bytes, index) => readContext(bytes, index, wordBytes)).filter((vcpu) => vcpu !== undefined);
    const { kind } = this.#stream;
    const of = { extents: this.#extents, types: this.#types, sentAgain: this.#sentAgain, problems: this.#problems };
    return { kind, wordBytes, vcpus, hvmCpus: this.#hvm, ...(this.#sharedInfo && { sharedInfo: this.#sharedInfo }), ...of };
  }

  #stop(at: number, why: string): undefined {
    this.#problems.push({
      kind: 'xen-save-record',
      text: `The record at byte ${commas(at)} cannot be used: ${why}. What came before it is shown.`,
      severity: 'loss',
      fileOffset: at,
    });
  }

  async #read(type: number, at: number, length: number): Promise<void> {
    if (type === PAGE_DATA) await this.#pages(at, length);
    if (type === PV_INFO && length > 0) this.#wordBytes = new Fields(await this.#source.read(at, 1)).u8(0) === 4 ? 4 : 8;
    if (type === PV_VCPU_BASIC && length > 8 && this.#contexts.length < MOST_VCPUS)
      this.#contexts.push(await this.#source.read(at + 8, Math.min(length - 8, contextBytes(8))));
    if (type === SHARED_INFO && length >= FRAME_BYTES) this.#sharedInfo = { fileOffset: at, bytes: await this.#source.read(at, FRAME_BYTES) };
    if (type === HVM_CONTEXT) this.#hvm = hvmCpus(await this.#source.read(at, length));
  }

  /** u32 count, u32 0, count × { type in bits 63:60, PFN in bits 51:0 }, then the bytes of those that have some. */
  async #pages(at: number, length: number): Promise<void> {
    const count = new Fields(await this.#source.read(at, 8)).u32(0);
    if (count > MOST_PAGES || 8 + count * 8 > length) {
      this.#stop(at - 8, `it lists ${commas(count)} pages, more than fit in it`);
      return;
    }
    const list = new Fields(await this.#source.read(at + 8, count * 8));
    let page = at + 8 + count * 8;
    for (let row = 0; row < Math.floor(list.length / 8); row++) {
      const high = list.u32(row * 8 + 4);
      const type = high >>> 28;
      const pfn = list.u32(row * 8) + (high & 0xf_ffff) * 2 ** 32;
      if (hasBytes(type) && this.#types.typeOf(pfn) !== undefined) this.#sentAgain++;
      this.#types.set(pfn, type);
      if (!hasBytes(type)) continue;
      this.#add(pfn, page);
      page += 4096;
    }
  }

  #add(pfn: number, fileOffset: number): void {
    const last = this.#extents.at(-1);
    const start = pfn * 4096;
    if (last && last.start + last.length === start && (last.fileOffset ?? 0) + last.length === fileOffset)
      this.#extents[this.#extents.length - 1] = { ...last, length: last.length + 4096 };
    else if (this.#extents.length < MOST_EXTENTS) this.#extents.push({ start, length: 4096, fileOffset });
    else if (this.#extents.length === MOST_EXTENTS) {
      this.#extents.push({ start, length: 4096, fileOffset });
      this.#stop(fileOffset, `pages lie in over ${commas(MOST_EXTENTS)} stretches`);
    }
  }
}

/** By the size of the contexts, where no record says. */
const widthOf = (contexts: readonly Uint8Array[]): 4 | 8 => (contexts.some((bytes) => bytes.length > contextBytes(4)) ? 8 : 4);
