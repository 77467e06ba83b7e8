import { Fields, hasText } from '#core/formats/fields.ts';

/** The ELF header, System V gABI ch. 4, of the little-endian classes. */
export interface ElfHeader {
  readonly wordBytes: 4 | 8;
  /** 4 = core. */
  readonly type: number;
  /** 3 = i386, 62 = x86-64; says nothing of the paging mode but whether CPU 0 was in long mode. */
  readonly machine: number;
  /** makedumpfile sets bit 0 where it ran out of room. */
  readonly flags: number;
  readonly programs: Rows;
  readonly sections: Rows;
  /** e_shstrndx: the section that holds the sections' names. */
  readonly namesSection: number;
}

/** A table of the file. */
export interface Rows {
  readonly offset: number;
  readonly entryBytes: number;
  readonly count: number;
}

export const ELF_MAGIC = '\x7fELF';
export const CORE = 4;
export const EM_386 = 3;
export const EM_X86_64 = 62;
/** e_phnum when the count does not fit: it stands in section 0's sh_info. */
export const MANY_SEGMENTS = 0xffff;

const CLASS_64 = 2;
const LITTLE_ENDIAN = 1;

/** Bytes of the header, by class. */
export const headerBytes = (wordBytes: 4 | 8): number => (wordBytes === 8 ? 64 : 52);

/** Undefined if it is no little-endian ELF of class 32 or 64, or the header is cut. EI_VERSION is not looked at: VirtualBox writes 0. */
export function parseElfHeader(head: Uint8Array): ElfHeader | undefined {
  const fields = new Fields(head);
  const elfClass = fields.u8(4);
  if (!hasText(head, 0, ELF_MAGIC) || elfClass < 1 || elfClass > CLASS_64 || fields.u8(5) !== LITTLE_ENDIAN) return undefined;
  const wordBytes = elfClass === CLASS_64 ? 8 : 4;
  if (head.length < headerBytes(wordBytes)) return undefined;
  // After e_entry, e_phoff and e_shoff, which have the class's width, both classes go on alike.
  const rest = 24 + 3 * wordBytes;
  const entryBytes = (at: number): number => fields.u16(rest + at);
  return {
    wordBytes,
    type: fields.u16(16),
    machine: fields.u16(18),
    flags: fields.u32(rest),
    programs: { offset: fields.word(24 + wordBytes, wordBytes), entryBytes: entryBytes(6), count: fields.u16(rest + 8) },
    sections: { offset: fields.word(24 + 2 * wordBytes, wordBytes), entryBytes: entryBytes(10), count: fields.u16(rest + 12) },
    namesSection: fields.u16(rest + 14),
  };
}
