import { commas } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import { Fields } from '#core/formats/fields.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { type ElfHeader, MANY_SEGMENTS } from './header.ts';

/** A program header. Offsets and sizes may be anything, also beyond the file. */
export interface Segment {
  readonly type: number;
  /** p_flags. */
  readonly flags: number;
  /** Infinity where p_offset is all ones: QEMU filtered the segment out. */
  readonly offset: number;
  readonly virtual: number;
  readonly machine: number;
  readonly fileBytes: number;
  readonly memoryBytes: number;
  /** Where the header itself lies. */
  readonly at: number;
}

export const PT_LOAD = 1;
export const PT_NOTE = 4;

/** A dump by virtual mapping of a big guest has some 100,000; a million is surely damage, and would cost 56 MB. */
const MOST_SEGMENTS = 1_000_000;
/** The gABI has 32 and 56; some room for makers that append. Bounds what is read at once. */
const MOST_ENTRY_BYTES = 64;

export interface Segments {
  readonly segments: readonly Segment[];
  readonly problems: readonly Problem[];
}

export async function readSegments(source: ByteSource, header: ElfHeader): Promise<Segments> {
  const entryBytes = header.programs.entryBytes;
  const least = header.wordBytes === 8 ? 56 : 32;
  if (entryBytes < least || entryBytes > MOST_ENTRY_BYTES) return { segments: [], problems: [badEntrySize(entryBytes, least)] };
  const count = await segmentCount(source, header);
  const taken = Math.min(count, MOST_SEGMENTS);
  const bytes = await source.read(header.programs.offset, taken * entryBytes);
  const held = Math.floor(bytes.length / entryBytes);
  const fields = new Fields(bytes);
  const segments = Array.from({ length: held }, (_, index) => parseSegment(fields, index * entryBytes, header));
  return { segments, problems: held < count ? [fewer(count, held, header.programs.offset + bytes.length)] : [] };
}

async function segmentCount(source: ByteSource, header: ElfHeader): Promise<number> {
  if (header.programs.count !== MANY_SEGMENTS || header.sections.offset === 0) return header.programs.count;
  const first = new Fields(await source.read(header.sections.offset, 64));
  const shInfo = first.u32(header.wordBytes === 8 ? 44 : 28);
  return shInfo === 0 ? header.programs.count : shInfo;
}

function parseSegment(fields: Fields, at: number, header: ElfHeader): Segment {
  const width = header.wordBytes;
  // Class 64 moved p_flags up behind p_type, so all its 64-bit fields are aligned.
  const first = at + width;
  return {
    type: fields.u32(at),
    flags: fields.u32(at + (width === 8 ? 4 : 24)),
    offset: placeOf(fields.word(first, width), width),
    virtual: fields.word(first + width, width),
    machine: fields.word(first + 2 * width, width),
    fileBytes: fields.word(first + 3 * width, width),
    memoryBytes: fields.word(first + 4 * width, width),
    at: header.programs.offset + at,
  };
}

/** Both classes' all-ones. */
function placeOf(offset: number, wordBytes: 4 | 8): number {
  return offset >= (wordBytes === 8 ? 2 ** 63 : 2 ** 32 - 1) ? Number.POSITIVE_INFINITY : offset;
}

/** __START_KERNEL_map to MODULES_VADDR (Linux arch/x86/include/asm/page_64_types.h). Doubles hold whole pages up there exactly. */
const KERNEL_TEXT = { first: 2 ** 64 - 2 ** 31, end: 2 ** 64 - 2 ** 30 };

/** phys_base of a 64-bit kernel by the segment of its own text, which /proc/vmcore has; undefined where there is none. */
export function physBaseOf(segments: readonly Segment[]): number | undefined {
  const text = segments.find(({ type, virtual }) => type === PT_LOAD && virtual >= KERNEL_TEXT.first && virtual < KERNEL_TEXT.end);
  return text && text.machine - (text.virtual - KERNEL_TEXT.first);
}

function badEntrySize(found: number, least: number): Problem {
  return {
    kind: 'elf-segment-size',
    text: `The ELF header gives program headers of ${found} bytes; they have ${least}.`,
    severity: 'stop',
    fileOffset: 0,
  };
}

function fewer(count: number, held: number, fileOffset: number): Problem {
  return {
    kind: 'elf-segments-cut',
    text: `The ELF header tells of ${commas(count)} segments; ${commas(held)} could be read.`,
    severity: 'loss',
    fileOffset,
  };
}
