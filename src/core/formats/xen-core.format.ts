import { commas, hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { CORE, type ElfHeader, EM_386, EM_X86_64, parseElfHeader } from './elf/header.ts';
import { readNotes } from './elf/notes.ts';
import { containsText } from './fields.ts';
import type { DumpFormat, Glimpse, OpenedDump, Recognition } from './format.ts';
import { stopped } from './stopped.ts';
import { type CoreNotes, readCoreNotes } from './xen-core/core-notes.ts';
import { guestImage } from './xen-core/guest-image.ts';
import { type PageIndex, readIndex } from './xen-core/page-index.ts';
import { type CoreSections, readSections, type Section } from './xen-core/sections.ts';
import { readVcpus } from './xen-core/vcpus.ts';

/** Memory of one Xen guest as `xl dump-core` and `xm dump-core` (since 3.1) write it: ELF with sections and no segments. */
const xenCore: DumpFormat = { id: 'xen-core', label: 'Xen dump-core', recognise, open };
export default xenCore;

function recognise({ head }: Glimpse): Recognition | undefined {
  const header = parseElfHeader(head);
  if (header === undefined || !isCore(header) || !containsText(head, 'Xen\0')) return undefined;
  return { certainty: 'magic', how: 'begins 7f 45 4c 46 (ELF), e_type 4, has sections and no segments, and a note named Xen' };
}

const isCore = ({ type, machine, programs, sections }: ElfHeader): boolean =>
  type === CORE && (machine === EM_386 || machine === EM_X86_64) && programs.count === 0 && sections.count > 0;

async function open(source: ByteSource, task: Task): Promise<OpenedDump> {
  const header = parseElfHeader(await source.read(0, 64));
  if (header === undefined || !isCore(header))
    return stopped('xen-core-not-core', 'This is no ELF core with sections alone, as xl dump-core writes it.');
  const { sections, problems } = await readSections(source, header);
  const notes = sections.notes ? await readNotes(source, sections.notes) : undefined;
  const guest = readCoreNotes(notes?.notes ?? []);
  if (guest === undefined) return stopped('xen-core-no-header', 'The note that says what guest this is (Xen, type 2000001) is not in the file.');
  if (guest.pageBytes !== 4096) return stopped('xen-core-page-size', `Its pages have ${commas(guest.pageBytes)} bytes; x86 has 4,096.`);
  const index = await indexOf(source, sections, guest, task);
  if (index === undefined || index.pfns.length === 0 || sections.pages === undefined)
    return stopped('xen-core-no-index', indexLost(source, sections));
  const vcpus = await readVcpus({ source, guest, index, ...(sections.contexts && { section: sections.contexts }) });
  const image = await guestImage({ source, sections: { ...sections, pages: sections.pages }, guest, index, vcpus, task });
  if (image.image.extents.count === 0) return stopped('xen-core-no-memory', 'No row of its index names a frame whose page is in the file.');
  return {
    ...image,
    frameWord: guest.isHvm ? 'frame' : 'MFN',
    problems: [
      ...problems,
      ...(notes?.problems ?? []),
      ...image.problems,
      ...wholeProblems(index, guest, source),
      ...pagesCut(sections.pages, index, source),
    ],
  };
}

/** Rows beyond the pages that the file can hold say nothing. */
async function indexOf(source: ByteSource, { p2m, pfns, pages }: CoreSections, { isHvm }: CoreNotes, task: Task): Promise<PageIndex | undefined> {
  const section = isHvm ? pfns : p2m;
  const most = Math.ceil(Math.min(pages?.fileBytes ?? 0, source.size) / 4096);
  return section && readIndex(source, section, { words: isHvm ? 1 : 2, wordBytes: 8 }, most, task);
}

function indexLost(source: ByteSource, { p2m, pfns }: CoreSections): string {
  const at = p2m ?? pfns;
  const where = at ? `should begin at byte ${commas(at.offset)}, but the file ends after ${commas(source.size)}` : 'is named by no section';
  return `The index that says which frame each page is ${where}. It is the last part of such a file: copy it again, whole.`;
}

function wholeProblems(index: PageIndex, guest: CoreNotes, source: ByteSource): Problem[] {
  const problems: Problem[] = [];
  if (index.pfns.length < Math.min(index.promised, guest.pages))
    problems.push({
      kind: 'xen-core-index-cut',
      text: `The index of frames breaks off after ${commas(index.pfns.length)} of ${commas(guest.pages)} pages: the others are in the file, but nothing says which frames they are.`,
      severity: 'loss',
      fileOffset: source.size,
    });
  if (index.padding > 0)
    problems.push({
      kind: 'xen-core-padding',
      text: `${commas(index.padding)} of ${commas(index.pfns.length)} rows of the index name no frame (all ones): the guest ran, or gave pages back, while it was dumped.`,
      severity: 'note',
    });
  if (!guest.isHvm && guest.wordBytes === undefined)
    problems.push({
      kind: 'xen-core-width-guessed',
      text: `The version note does not tell the guest’s width (the ELF header never does); it was told by its registers. Xen magic ${hex(0xf00febed)}.`,
      severity: 'note',
    });
  return problems;
}

function pagesCut(pages: Section, index: PageIndex, source: ByteSource): Problem[] {
  const lost = pages.offset + index.pfns.length * 4096 - source.size;
  if (lost <= 0) return [];
  const text = `The pages begin at byte ${commas(pages.offset)} and end ${commas(lost)} bytes after the file’s end: it was cut short, or its headers are damaged.`;
  return [{ kind: 'xen-core-pages-cut', text, severity: 'loss', fileOffset: source.size }];
}
