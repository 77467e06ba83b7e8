import { commas } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { ElfHeader } from '#core/formats/elf/header.ts';
import { Fields } from '#core/formats/fields.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';

/** A stretch of the file that a section header names. */
export interface Section {
  readonly offset: number;
  readonly fileBytes: number;
  readonly entryBytes: number;
}

/** The sections of a Xen core, by what they are (docs/misc/dump-core-format.txt). */
export interface CoreSections {
  readonly notes?: Section;
  readonly contexts?: Section;
  readonly sharedInfo?: Section;
  readonly pages?: Section;
  /** PV: (PFN, MFN) pairs. */
  readonly p2m?: Section;
  /** HVM: PFNs. */
  readonly pfns?: Section;
}

export interface ReadSections {
  readonly sections: CoreSections;
  readonly problems: readonly Problem[];
}

interface NamedSection extends Section {
  readonly nameAt: number;
  readonly type: number;
  readonly alignment: number;
}

const NAMES = {
  notes: '.note.Xen',
  contexts: '.xen_prstatus',
  sharedInfo: '.xen_shared_info',
  pages: '.xen_pages',
  p2m: '.xen_p2m',
  pfns: '.xen_pfn',
} as const;
type Role = keyof typeof NAMES;

/** Real cores have eight; damage may say 65,535. */
const MOST_SECTIONS = 64;
const MOST_NAME_BYTES = 4096;

/** Sections by name; by their shape where the names, which lie at the very end of the file, are cut off. */
export async function readSections(source: ByteSource, header: ElfHeader): Promise<ReadSections> {
  const list = await sectionList(source, header);
  const names = await readNames(source, list[header.namesSection]);
  const named = byName(list, names);
  if (named.notes && named.pages) return { sections: named, problems: [] };
  return { sections: { ...byShape(list), ...named }, problems: [namesLost(header)] };
}

async function sectionList(source: ByteSource, { wordBytes, sections }: ElfHeader): Promise<readonly NamedSection[]> {
  const least = wordBytes === 8 ? 64 : 40;
  if (sections.entryBytes < least) return [];
  const count = Math.min(sections.count, MOST_SECTIONS);
  const bytes = await source.read(Math.min(sections.offset, source.size), count * sections.entryBytes);
  const fields = new Fields(bytes);
  return Array.from({ length: Math.floor(bytes.length / sections.entryBytes) }, (_, row) => sectionAt(fields, row * sections.entryBytes, wordBytes));
}

/** Elf64_Shdr, or Elf32_Shdr: sh_name, sh_type, then flags, addr, offset, size of the class's width. */
function sectionAt(fields: Fields, at: number, wide: 4 | 8): NamedSection {
  const word = (index: number): number => fields.word(at + 8 + index * wide, wide);
  // sh_link and sh_info, 4 bytes each, stand between size and addralign.
  return {
    nameAt: fields.u32(at),
    type: fields.u32(at + 4),
    offset: word(2),
    fileBytes: word(3),
    alignment: fields.word(at + 16 + 4 * wide, wide),
    entryBytes: fields.word(at + 16 + 5 * wide, wide),
  };
}

async function readNames(source: ByteSource, section: Section | undefined): Promise<Fields> {
  if (!section || section.offset >= source.size) return new Fields(new Uint8Array(0));
  return new Fields(await source.read(section.offset, Math.min(section.fileBytes, MOST_NAME_BYTES)));
}

function byName(list: readonly NamedSection[], names: Fields): CoreSections {
  const found: Partial<Record<Role, Section>> = {};
  for (const section of list) {
    const name = names.text(section.nameAt, 32);
    for (const role of Object.keys(NAMES) as Role[]) if (NAMES[role] === name) found[role] ??= section;
  }
  return found;
}

const SHT_NOTE = 7;
/** sizeof(vcpu_guest_context_t): 64-bit (also the slot of a modern tool stack), 32-bit. */
const CONTEXT_BYTES = [5168, 2800];

function byShape(list: readonly NamedSection[]): CoreSections {
  const held = list.filter(({ type }) => type !== 0);
  const shaped = (test: (section: NamedSection) => boolean): NamedSection | undefined => held.find(test);
  const pages = shaped(({ entryBytes, alignment, offset }) => entryBytes === 4096 && alignment === 4096 && offset % 4096 === 0);
  const notes = shaped(({ type }) => type === SHT_NOTE);
  const contexts = shaped(({ entryBytes }) => CONTEXT_BYTES.includes(entryBytes));
  const sharedInfo = shaped((section) => section.entryBytes === 4096 && section !== pages);
  const p2m = shaped(({ entryBytes, type }) => entryBytes === 16 && type !== SHT_NOTE);
  const pfns = shaped(({ entryBytes, type }) => entryBytes === 8 && type !== SHT_NOTE);
  return {
    ...(notes && { notes }),
    ...(contexts && { contexts }),
    ...(sharedInfo && { sharedInfo }),
    ...(pages && { pages }),
    ...(p2m && { p2m }),
    ...(pfns && { pfns }),
  };
}

function namesLost({ sections }: ElfHeader): Problem {
  return {
    kind: 'xen-core-names-lost',
    text: `The names of the sections are not in the file (it was cut short, or damaged); the ${commas(sections.count)} sections are told by their shape.`,
    severity: 'note',
    fileOffset: sections.offset,
  };
}
