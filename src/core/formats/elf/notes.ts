import { commas } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import { Fields } from '#core/formats/fields.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';

/** One ELF note. */
export interface Note {
  readonly name: string;
  readonly type: number;
  readonly body: Uint8Array;
  /** Where the body lies in the file. */
  readonly at: number;
}

/** Where notes lie in the file. */
export interface NoteStretch {
  readonly offset: number;
  readonly fileBytes: number;
}

/** 4,096 CPUs take under 4 MiB. */
const MOST_BYTES = 16 * 1024 * 1024;
const HEADER_BYTES = 12;
/** QEMU pads by 4 in both classes, against the letter of the gABI. */
const align4 = (bytes: number): number => Math.ceil(bytes / 4) * 4;

export interface Notes {
  readonly notes: readonly Note[];
  readonly problems: readonly Problem[];
}

/** The notes of a PT_NOTE segment or SHT_NOTE section, up to where it is cut or makes no sense. */
export async function readNotes(source: ByteSource, segment: NoteStretch): Promise<Notes> {
  const bytes = await source.read(Math.min(segment.offset, source.size), Math.min(segment.fileBytes, MOST_BYTES));
  const fields = new Fields(bytes);
  const notes: Note[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    const nameStart = at + HEADER_BYTES;
    const bodyStart = nameStart + align4(fields.u32(at));
    const end = bodyStart + fields.u32(at + 4);
    if (end > bytes.length) break;
    notes.push({
      name: fields.text(nameStart, fields.u32(at)),
      type: fields.u32(at + 8),
      body: bytes.subarray(bodyStart, end),
      at: segment.offset + bodyStart,
    });
    at = align4(end);
  }
  return { notes, problems: at < segment.fileBytes ? [cut(segment, at)] : [] };
}

function cut(segment: NoteStretch, at: number): Problem {
  return {
    kind: 'elf-notes-cut',
    text: `The notes, ${commas(segment.fileBytes)} bytes from ${commas(segment.offset)}, break off after ${commas(at)}: registers of some CPUs may be missing.`,
    severity: 'loss',
    fileOffset: segment.offset + at,
  };
}
