import { commas, hex } from '#core/base/hex.ts';
import { Fields, hasText } from '#core/formats/fields.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';

export const XL_MAGIC = 'Xen saved domain, xl format\n \0 \r';
export const LIBXL_MAGIC = 'LibxlFmt';
export const LIBXC_MAGIC = '\xff\xff\xff\xff\xff\xff\xff\xffXENF';

/** Where the libxc records begin, and whose they are. */
export interface Stream {
  readonly recordsAt: number;
  readonly version: number;
  readonly kind: 'pv' | 'hvm';
}

export interface NoStream {
  readonly kind: string;
  readonly why: string;
  readonly at: number;
}

const XL_HEADER_BYTES = 48;
const XL_BYTE_ORDER = 0x01020304;
/** mandatory_flags: the stream is of version 2. */
const XL_STREAM_V2 = 2;
const LIBXL_HEADER_BYTES = 16;
const LIBXL_CONTEXT = 1;
const LIBXC_HEADERS_BYTES = 40;
/** More records stand before the memory in no stream. */
const MOST_LIBXL_RECORDS = 64;

const CONVERT = 'Convert it first, with Xen’s own tool: convert-legacy-stream --in FILE --out NEW --width 64 --format libxl.';

/** Follows xl's header and libxl's records to the libxc stream, and reads its two headers. */
export async function findStream(source: ByteSource): Promise<Stream | NoStream> {
  const head = await source.read(0, XL_HEADER_BYTES);
  if (hasText(head, 0, LIBXC_MAGIC)) return libxcAt(source, 0);
  if (hasText(head, 0, LIBXL_MAGIC)) return libxlAt(source, 0);
  const fields = new Fields(head);
  if (head.length < XL_HEADER_BYTES || fields.u32(32) !== XL_BYTE_ORDER)
    return { kind: 'xen-save-header', why: 'Its xl header is cut short, or of a machine of the other byte order.', at: 32 };
  if ((fields.u32(36) & XL_STREAM_V2) === 0)
    return { kind: 'xen-save-legacy', why: `This is a saved guest of Xen 4.5 or older, whose records have no marks. ${CONVERT}`, at: 36 };
  return libxlAt(source, XL_HEADER_BYTES + fields.u32(44));
}

async function libxlAt(source: ByteSource, at: number): Promise<Stream | NoStream> {
  if (!hasText(await source.read(at, LIBXL_HEADER_BYTES), 0, LIBXL_MAGIC))
    return { kind: 'xen-save-header', why: `No libxl stream begins at byte ${commas(at)}, where the xl header says.`, at };
  let next = at + LIBXL_HEADER_BYTES;
  for (let record = 0; record < MOST_LIBXL_RECORDS && next < source.size; record++) {
    const fields = new Fields(await source.read(next, 8));
    if (fields.u32(0) === LIBXL_CONTEXT) return libxcAt(source, next + 8);
    next += 8 + padded(fields.u32(4));
  }
  return { kind: 'xen-save-no-context', why: 'The libxl stream holds no LIBXC_CONTEXT record, so no memory.', at: next };
}

/** Image header, big-endian, then the domain header. */
async function libxcAt(source: ByteSource, at: number): Promise<Stream | NoStream> {
  const bytes = await source.read(at, LIBXC_HEADERS_BYTES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < LIBXC_HEADERS_BYTES || !hasText(bytes, 0, LIBXC_MAGIC))
    return { kind: 'xen-save-header', why: `No libxc stream begins at byte ${commas(at)}.`, at };
  const version = view.getUint32(12);
  const options = view.getUint16(16);
  const type = view.getUint32(24, true);
  if ((version !== 2 && version !== 3) || (options & 1) !== 0 || (type !== 1 && type !== 2))
    return {
      kind: 'xen-save-unknown',
      why: `The libxc stream is of version ${version}, options ${hex(options)}, domain type ${type}: versions 2 and 3 of PV and HVM guests are read.`,
      at,
    };
  return { recordsAt: at + LIBXC_HEADERS_BYTES, version, kind: type === 1 ? 'pv' : 'hvm' };
}

/** Bodies are padded to 8 bytes. */
export const padded = (length: number): number => Math.ceil(length / 8) * 8;
