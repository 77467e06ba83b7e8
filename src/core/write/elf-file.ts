import type { Task } from '#core/base/task.ts';
import { CORE, EM_386, EM_X86_64, MANY_SEGMENTS } from '#core/formats/elf/header.ts';
import { type MadeFacts, PF_ASSUMED_ZERO, PF_ZERO } from '#core/formats/elf/made-note.ts';
import { PT_LOAD, PT_NOTE } from '#core/formats/elf/segments.ts';
import type { DumpNote } from '#core/formats/format.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { P2m } from '#core/xen/frame-numbers.ts';
import { elfNotes, isLong, setWord } from './elf-notes.ts';
import { memoryPieces, type PlacedSpan } from './memory-pieces.ts';
import type { FilePiece, PlannedFile } from './planned-file.ts';
import { bytesIn, type Contents } from './spans.ts';

/** Sizes of the three headers, class 64 (gABI ch. 4 and 5). */
const HEADER_BYTES = 64;
const PROGRAM_BYTES = 56;
const SECTION_BYTES = 64;

export interface ElfParts {
  readonly facts: MadeFacts;
  readonly contents: Contents;
  readonly p2m?: P2m;
  /** Of the dump itself, to be kept as they are. */
  readonly notes?: readonly DumpNote[];
}

/** An ELF64 core file: a PT_LOAD for each stretch that is held or zero, p_paddr its machine address; notes as QEMU's and our own. */
export function elfFile(image: MemoryImage, { facts, contents, p2m, notes: kept = [] }: ElfParts): PlannedFile {
  const notes = elfNotes(facts, kept, p2m);
  const count = contents.spans.length + 1;
  const sectionAt = HEADER_BYTES + count * PROGRAM_BYTES;
  const notesAt = sectionAt + (count >= MANY_SEGMENTS ? SECTION_BYTES : 0);
  const { placed, end } = place(contents, notesAt + notes.length);
  const head = new Head(notesAt + notes.length);
  head.header(isLong(facts.roots[0]) ? EM_X86_64 : EM_386, count, count >= MANY_SEGMENTS ? sectionAt : 0);
  head.program(0, { type: PT_NOTE, flags: 0, offset: notesAt, machine: 0, fileBytes: notes.length, memoryBytes: 0 });
  contents.spans.forEach(({ start, end: spanEnd, presence }, index) => {
    const isHeld = presence === 'held';
    const flags = PF_RWX + (isHeld ? 0 : presence === 'zero' ? PF_ZERO : PF_ASSUMED_ZERO);
    const length = spanEnd - start;
    const offset = placed[index]?.offset ?? 0;
    head.program(index + 1, { type: PT_LOAD, flags, offset, machine: start, fileBytes: isHeld ? length : 0, memoryBytes: length });
  });
  head.bytes.set(notes, notesAt);
  const held = placed.filter((_, index) => contents.spans[index]?.presence === 'held');
  return {
    size: end,
    storedBytes: head.bytes.length + bytesIn(contents.spans.filter(({ presence }) => presence === 'held')),
    notes: facts.contents,
    pieces: (task) => pieces(head.bytes, image, held, task),
  };
}

const PF_RWX = 7;

async function* pieces(head: Uint8Array, image: MemoryImage, held: readonly PlacedSpan[], task: Task): AsyncGenerator<FilePiece, void> {
  yield { offset: 0, bytes: head };
  yield* memoryPieces(image, held, task);
}

/** Where each span's bytes go: after each other, each as far within a frame as its memory is. */
function place({ spans }: Contents, from: number): { readonly placed: PlacedSpan[]; readonly end: number } {
  let at = from;
  const placed = spans.map(({ start, end, presence }) => {
    if (presence !== 'held') return { start, length: end - start, offset: at };
    const offset = Math.ceil(at / FRAME_BYTES) * FRAME_BYTES + (start % FRAME_BYTES);
    at = offset + end - start;
    return { start, length: end - start, offset };
  });
  return { placed, end: at };
}

interface Program {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly machine: number;
  readonly fileBytes: number;
  readonly memoryBytes: number;
}

/** The headers' bytes. */
class Head {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** @param sectionAt Where section 0 counts the segments that e_phnum cannot (PN_XNUM); 0 where it can. */
  header(machine: number, count: number, sectionAt: number): void {
    const view = this.#view;
    const many = sectionAt > 0;
    this.bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
    view.setUint16(16, CORE, true);
    view.setUint16(18, machine, true);
    view.setUint32(20, 1, true);
    setWord(view, 32, HEADER_BYTES);
    setWord(view, 40, sectionAt);
    const sizes = [HEADER_BYTES, PROGRAM_BYTES, many ? MANY_SEGMENTS : count, many ? SECTION_BYTES : 0, many ? 1 : 0];
    for (const [index, value] of sizes.entries()) view.setUint16(52 + index * 2, value, true);
    if (many) view.setUint32(sectionAt + 44, count, true);
  }

  /** p_vaddr is 0, as in QEMU's dumps of all memory. */
  program(index: number, of: Program): void {
    const at = HEADER_BYTES + index * PROGRAM_BYTES;
    this.#view.setUint32(at, of.type, true);
    this.#view.setUint32(at + 4, of.flags, true);
    for (const [word, value] of [of.offset, 0, of.machine, of.fileBytes, of.memoryBytes].entries()) setWord(this.#view, at + 8 + word * 8, value);
  }
}
