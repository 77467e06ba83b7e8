import { Fields, hasText } from '#core/formats/fields.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';

/** Where a dump's pages begin, and where it lists which frames they are. */
export interface PageList {
  readonly kind: 'bitmap' | 'ranges';
  /** Four letters of the file: SDMP, FDMP, RDMP. */
  readonly mark: string;
  /** Offset of the first page in the file. */
  readonly pagesAt: number;
  /** Pages that the header says are stored; undefined where it does not say. */
  readonly pages: number | undefined;
  /** Offset of the bitmap or of the ranges. */
  readonly listAt: number;
  /** Bits of the bitmap, or the most ranges there can be. */
  readonly entries: number;
}

const SUMMARY_BYTES = 0x40;

/** The header after the header; undefined where there is none: then the pages are those of the runs. */
export async function readPageList(source: ByteSource, at: number, wide: boolean): Promise<PageList | undefined> {
  const bytes = await source.read(at, SUMMARY_BYTES);
  const fields = new Fields(bytes);
  if (hasText(bytes, 4, 'RDMP') && hasText(bytes, 8, 'DUMP')) return rangeList(fields, at);
  const mark = fields.text(0, 4);
  if ((mark !== 'SDMP' && mark !== 'FDMP') || !hasText(bytes, 4, 'DUMP')) return undefined;
  return olderBitmap(fields, at, wide, mark) ?? newerBitmap(fields, at, mark);
}

/** Before Windows 8 (SUMMARY_DUMP32 and 64 of ntiodump.h): 32-bit fields, of which the count of bits stands twice. */
function olderBitmap(fields: Fields, at: number, wide: boolean, mark: string): PageList | undefined {
  const [pagesAt, bits, pages] = [fields.u32(0x0c), fields.u32(0x10), fields.u32(0x14)];
  if (bits === 0 || fields.u32(0x18) !== bits || pagesAt % 4096 !== 0 || pagesAt <= at) return undefined;
  return { kind: 'bitmap', mark, pagesAt, pages, listAt: at + (wide ? 0x28 : 0x20), entries: bits };
}

/** dump-formats, section 6: "Types 5/6". */
const newerBitmap = (fields: Fields, at: number, mark: string): PageList => ({
  kind: 'bitmap',
  mark,
  pagesAt: fields.u64(0x20),
  pages: fields.u64(0x28),
  listAt: at + 0x38,
  entries: fields.u64(0x30),
});

/** Live dumps (types 8 to 10): ranges of 16 bytes up to the pages (RDMP_HEADER64 as kdmp-parser reads it). */
const rangeList = (fields: Fields, at: number): PageList => ({
  kind: 'ranges',
  mark: 'RDMP',
  pagesAt: fields.u64(0x18),
  pages: undefined,
  listAt: at + 0x30,
  entries: Math.floor(Math.max(0, Math.min(fields.u64(0x10), fields.u64(0x18) - at - 0x30)) / 16),
});
