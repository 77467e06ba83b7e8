import { unsnappy } from '#core/formats/wrappers/snappy-block.ts';
import { unlzo1x } from './lzo1x.ts';

/** How a page is packed: flags of its descriptor (makedumpfile diskdump_mod.h). */
const ZLIB = 0x1;
const LZO = 0x2;
const SNAPPY = 0x4;
const ZSTD = 0x20;

/** A page's bytes by its stored ones: exactly `bytes` of them, or why there are none. */
export type Unpack = (stored: Uint8Array, bytes: number) => Uint8Array | string;

const UNKNOWN: Unpack = () => 'this page is packed in a way that is not known';

/** Pages that were not worth packing are stored as they are, whatever their flags say of the rest. */
export async function unpackerOf(flags: number): Promise<Unpack> {
  if (flags === 0) return (stored, bytes) => (stored.length === bytes ? stored : 'this page is stored with another size than a page has');
  const decode = await decoderOf(flags);
  return decode ? guarded(decode) : UNKNOWN;
}

type Decoder = (stored: Uint8Array, bytes: number) => Uint8Array | undefined;

/** Each loads its library when the first page needs it. */
async function decoderOf(flags: number): Promise<Decoder | undefined> {
  switch (flags) {
    case ZLIB: {
      const { unzlibSync } = await import('fflate');
      // One byte more than a page: then what is too long is seen, and a bomb still ends.
      return (stored, bytes) => checked(unzlibSync(stored, { out: new Uint8Array(bytes + 1) }), stored);
    }
    case LZO:
      return unlzo1x;
    case SNAPPY:
      return unsnappy;
    case ZSTD: {
      const { unzstdPage } = await import('./unzstd-page.ts');
      return unzstdPage;
    }
    default:
      return undefined;
  }
}

/** fflate does not look at the checksum that ends a zlib stream: Adler-32, big-endian (RFC 1950, 8.2). */
function checked(page: Uint8Array, stored: Uint8Array): Uint8Array | undefined {
  let [a, b] = [1, 0];
  // A page is short enough for one remainder at the end.
  for (let at = 0; at < page.length; at++) {
    a += page[at] ?? 0;
    b += a;
  }
  const view = new DataView(stored.buffer, stored.byteOffset + stored.length - 4);
  return view.getUint16(0) === b % 65_521 && view.getUint16(2) === a % 65_521 ? page : undefined;
}

/** Decoders throw for bad data of any kind. */
const guarded =
  (decode: Decoder): Unpack =>
  (stored, bytes) => {
    try {
      const page = decode(stored, bytes);
      return page?.length === bytes ? page : 'the packed bytes of this page do not give a page';
    } catch (error) {
      return `the packed bytes of this page are damaged (${error instanceof Error ? error.message : 'bad data'})`;
    }
  };
