import { Fields, hasText } from '#core/formats/fields.ts';

/** The header of a Windows crash dump, as far as memory and roots ask (dump-formats, section 6; volatility3's crash.json and crash64.json). */
export interface WindowsHeader {
  /** PAGEDU64: 64-bit fields, and two pages of header instead of one. */
  readonly wide: boolean;
  readonly headerBytes: number;
  readonly directoryTableBase: number;
  readonly machine: number;
  readonly processors: number;
  readonly bugCheck: number;
  /** 32-bit only: 1 PAE, 0 not; old makers leave filler. */
  readonly paeEnabled: number;
  readonly dumpType: number;
  readonly runs: readonly PageRun[] | undefined;
  /** Where the crashed processor was, from its CONTEXT record. */
  readonly context: { readonly cs: number; readonly ipHigh: number; readonly ipLow: number };
}

/** Frames that follow each other in memory, and in the file. */
export interface PageRun {
  readonly frame: number;
  readonly frames: number;
}

export const IMAGE_I386 = 0x14c;
export const IMAGE_AMD64 = 0x8664;

export const MAGIC_32 = 'PAGEDUMP';
export const MAGIC_64 = 'PAGEDU64';

const LAYOUT_32 = { table: 0x10, machine: 0x20, runs: 0x64, firstRun: 0x6c, mostRuns: 86, context: 0x320, cs: 0xbc, ip: 0xb8, type: 0xf88 };
const LAYOUT_64 = { table: 0x10, machine: 0x30, runs: 0x88, firstRun: 0x98, mostRuns: 43, context: 0x348, cs: 0x38, ip: 0xf8, type: 0xf98 };
const PAE_ENABLED = 0x5c;

/** Undefined if it is none, or cut before the kind of dump. */
export function parseWindowsHeader(bytes: Uint8Array): WindowsHeader | undefined {
  const wide = hasText(bytes, 0, MAGIC_64);
  const at = wide ? LAYOUT_64 : LAYOUT_32;
  if ((!wide && !hasText(bytes, 0, MAGIC_32)) || bytes.length < at.type + 4) return undefined;
  const fields = new Fields(bytes);
  return {
    wide,
    headerBytes: wide ? 0x2000 : 0x1000,
    directoryTableBase: fields.word(at.table, wide ? 8 : 4),
    machine: fields.u32(at.machine),
    processors: fields.u32(at.machine + 4),
    bugCheck: fields.u32(at.machine + 8),
    paeEnabled: fields.u8(PAE_ENABLED),
    dumpType: fields.u32(at.type),
    runs: runsOf(fields, wide),
    context: {
      cs: fields.u16(at.context + at.cs),
      ipLow: fields.u32(at.context + at.ip),
      ipHigh: wide ? fields.u32(at.context + at.ip + 4) : 0,
    },
  };
}

/** PHYSICAL_MEMORY_DESCRIPTOR; undefined where the count is filler ("PAGE" over and over), as in dumps without such a list. */
function runsOf(fields: Fields, wide: boolean): PageRun[] | undefined {
  const at = wide ? LAYOUT_64 : LAYOUT_32;
  const word = wide ? 8 : 4;
  const count = fields.u32(at.runs);
  if (count > at.mostRuns) return undefined;
  return Array.from({ length: count }, (_, index) => {
    const run = at.firstRun + index * 2 * word;
    return { frame: fields.word(run, word), frames: fields.word(run + word, word) };
  });
}
