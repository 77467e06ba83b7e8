import { hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import { machineAddress } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { CORE, type ElfHeader, EM_386, EM_X86_64, parseElfHeader } from './elf/header.ts';
import { madeByUs } from './elf/made-by-us.ts';
import { MADE_NAME } from './elf/made-note.ts';
import { type MemoryExtents, memoryExtents } from './elf/memory-extents.ts';
import { rootsOfNotes } from './elf/note-roots.ts';
import { type Note, readNotes } from './elf/notes.ts';
import { isQemuCpuNote } from './elf/qemu-cpu.ts';
import { PT_NOTE, physBaseOf, readSegments, type Segment } from './elf/segments.ts';
import { containsText } from './fields.ts';
import type { DumpFormat, Glimpse, OpenedDump, Recognition, RootHint } from './format.ts';
import { stopped } from './stopped.ts';

/** Memory of an x86 machine as PT_LOAD segments: QEMU's dump-guest-memory, `virsh dump --memory-only`, and other ELF vmcores. */
const elfQemu: DumpFormat = { id: 'elf-qemu', label: 'ELF memory dump', recognise, open };
export default elfQemu;

function recognise({ head }: Glimpse): Recognition | undefined {
  const header = parseElfHeader(head);
  if (header === undefined || !isX86Core(header) || header.programs.count === 0) return undefined;
  const notes = containsText(head, 'QEMU\0') ? ', and has QEMU CPU notes' : '';
  return { certainty: 'magic', how: `begins 7f 45 4c 46 (ELF), class ${header.wordBytes * 8}, e_machine ${header.machine}, e_type 4${notes}` };
}

const isX86Core = ({ type, machine }: ElfHeader): boolean => type === CORE && (machine === EM_386 || machine === EM_X86_64);

async function open(source: ByteSource): Promise<OpenedDump> {
  const header = parseElfHeader(await source.read(0, 64));
  if (header === undefined || !isX86Core(header)) return stopped('elf-not-x86-core', 'This is no little-endian x86 ELF core file (e_type 4).');
  const { segments, problems } = await readSegments(source, header);
  const notes = await readAllNotes(source, segments);
  const cpuNotes = notes.notes.filter(isQemuCpuNote);
  const ours = madeByUs(notes.notes);
  const memory = memoryExtents(segments, cpuNotes.length > 0, ours !== undefined);
  const { extents = [], whyAbsent, frameNumbers } = ours ?? {};
  const image = createExtentImage({ source, extents: [...memory.extents, ...extents], ...(whyAbsent && { whyAbsent }) });
  const found = ours?.roots ?? rootsOfNotes(notes.notes, { longMode: header.machine === EM_X86_64, physBase: physBaseOf(segments) });
  return {
    image,
    roots: found.roots,
    frameWord: ours?.frameWord ?? 'frame',
    notes: notes.notes.filter(({ name }) => name !== MADE_NAME),
    ...(frameNumbers && { frameNumbers }),
    ...(ours && { rootsAreSure: true as const }),
    problems: [
      ...problems,
      ...notes.problems,
      ...memory.problems,
      ...image.problems,
      ...found.problems,
      ...wholeProblems(header, image, memory, found.roots),
    ],
  };
}

async function readAllNotes(source: ByteSource, segments: readonly Segment[]): Promise<{ notes: Note[]; problems: Problem[] }> {
  const notes: Note[] = [];
  const problems: Problem[] = [];
  // Real dumps have one; damage may turn every segment into notes.
  for (const segment of segments.filter(({ type }) => type === PT_NOTE).slice(0, 4)) {
    const read = await readNotes(source, segment);
    notes.push(...read.notes);
    problems.push(...read.problems);
  }
  return { notes, problems };
}

function wholeProblems(header: ElfHeader, image: MemoryImage, memory: MemoryExtents, roots: readonly RootHint[]): Problem[] {
  const problems: Problem[] = [];
  if (image.extents.count === 0 && !memory.isProcess)
    problems.push({ kind: 'elf-no-memory', text: 'No segment of this ELF file holds memory that can be read.', severity: 'stop' });
  if (header.flags % 2 === 1)
    problems.push({
      kind: 'elf-incomplete',
      text: 'Its maker marked this dump as incomplete (e_flags bit 0): later segments may be all zero.',
      severity: 'loss',
    });
  if (memory.byMapping) problems.push(dumpedByMapping(image, roots));
  return problems;
}

/** QEMU's `-p` lists what is mapped, not what is there: page tables that nothing maps are left out. */
function dumpedByMapping(image: MemoryImage, roots: readonly RootHint[]): Problem {
  const lost = roots.find(({ address }) => image.locate(machineAddress(address)) === undefined);
  const advice = 'Make it again without -p (virsh dump --memory-only leaves it out).';
  return lost === undefined
    ? {
        kind: 'elf-by-mapping',
        text: `This dump was made with -p (by virtual mapping), so tables that the guest does not map may be missing. ${advice}`,
        severity: 'note',
      }
    : {
        kind: 'elf-root-not-held',
        text: `This dump was made with -p (by virtual mapping): the root of ${lost.origin} at ${hex(lost.address)} lies in no segment, so nothing can be walked. ${advice}`,
        severity: 'loss',
      };
}
