import { lastAtOrBelow } from '#core/base/bisect.ts';
import { hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import { rootsOfNotes } from '#core/formats/elf/note-roots.ts';
import { type Notes, readNotes } from '#core/formats/elf/notes.ts';
import type { OpenedDump } from '#core/formats/format.ts';
import { VMCOREINFO } from '#core/formats/linux/vmcoreinfo.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { createColumnImage } from '#core/memory/extent-image.ts';
import { JoinedSource } from '#core/memory/joined-source.ts';
import { withLosses } from '#core/memory/lossy-source.ts';
import type { ExtentColumns } from '#core/memory/memory-image.ts';
import type { KdumpHeader } from './header.ts';
import { PackedPages } from './packed-pages.ts';
import { type KdumpPages, readKdumpPages } from './pages.ts';

/** One file of a dump: the only one, or one of a split dump. */
export interface KdumpPart {
  readonly source: ByteSource;
  readonly header: KdumpHeader;
}

/** A dump in one file, or the files of a split one, which store frames that do not overlap, in ascending order. */
export async function openParts(parts: readonly [KdumpPart, ...KdumpPart[]], task: Task): Promise<OpenedDump> {
  const [{ source, header }] = parts;
  const pages: KdumpPages[] = [];
  for (const part of parts) pages.push(await readKdumpPages(part.source, part.header, task));
  const packed = new JoinedSource(parts.map((part, i) => packedOf(part, pages[i])));
  const columns = joinColumns(
    pages.map((each) => each.columns),
    packed.starts,
  );
  const firsts = Float64Array.from(parts, (part) => (part.header.split?.firstFrame ?? 0) * FRAME_BYTES);
  const whyAbsent: KdumpPages['whyAbsent'] = (address) => pages[Math.max(0, lastAtOrBelow(firsts, address))]?.whyAbsent(address) ?? 'not stored';
  const notes = await notesOf(source, header);
  const found = rootsOfNotes(notes.notes, { physBase: header.physBase });
  return {
    image: withLosses(createColumnImage(packed, columns, whyAbsent), packed),
    ...{ bytes: packed, roots: found.roots, frameWord: 'frame' },
    problems: [...pages.flatMap(({ problems }) => problems), ...missingParts(parts), ...notes.problems, ...found.problems, ...noPages(pages)],
  };
}

/** One file of a split dump may well have none. */
const noPages = (pages: readonly KdumpPages[]): Problem[] =>
  pages.some(({ stored }) => stored > 0)
    ? []
    : [{ kind: 'kdump-no-memory', text: 'This kdump file stores no page of memory that can be read.', severity: 'stop' }];

const packedOf = ({ source, header }: KdumpPart, pages: KdumpPages | undefined): PackedPages =>
  new PackedPages({ source, descriptorsAt: pages?.descriptorsAt ?? 0, pages: pages?.stored ?? 0, pageBytes: header.blockBytes });

function joinColumns(all: readonly ExtentColumns[], starts: readonly number[]): ExtentColumns {
  const join = (pick: (columns: ExtentColumns) => Float64Array): Float64Array => Float64Array.from(all.flatMap((columns) => [...pick(columns)]));
  const [only] = all;
  if (all.length === 1 && only) return only;
  const fileOffset = Float64Array.from(all.flatMap((columns, i) => [...columns.fileOffset].map((offset) => offset + (starts[i] ?? 0))));
  const count = fileOffset.length;
  return { count, start: join(({ start }) => start), length: join(({ length }) => length), fileOffset, kind: new Uint8Array(count) };
}

/** A split dump of which frames are in no file that was given. */
function missingParts(parts: readonly KdumpPart[]): Problem[] {
  const frames = Math.max(...parts.map(({ header }) => header.frames));
  const missing: string[] = [];
  let next = 0;
  for (const { header } of parts) {
    if (!header.split) return [];
    if (header.split.firstFrame > next) missing.push(rangeText(next, header.split.firstFrame));
    next = Math.max(next, header.split.endFrame);
  }
  if (next < frames) missing.push(rangeText(next, frames));
  if (missing.length === 0) return [];
  const held = parts.flatMap(({ header: { split } }) =>
    split && split.firstFrame < split.endFrame ? rangeText(split.firstFrame, split.endFrame) : [],
  );
  const advice = 'Drop all its files together (pagewalk: --with FILE for each), or join them: makedumpfile --reassemble FILES OUT.';
  return [
    {
      kind: 'kdump-split',
      text: `This split dump has more files: ${held.length > 0 ? `frames ${held.join(', ')}` : 'no frames'} are here, frames ${missing.join(', ')} are not. ${advice}`,
      severity: 'loss',
    },
  ];
}

const rangeText = (first: number, end: number): string => `${hex(first)} to ${hex(end - 1)}`;

const NO_NOTES: Notes = { notes: [], problems: [] };
const MOST_VMCOREINFO = 64 * 1024;

/** ELF notes as a vmcore has them; VMCOREINFO besides as bare text. */
async function notesOf(source: ByteSource, { notes, vmcoreinfo }: KdumpHeader): Promise<Notes> {
  const read = notes.fileBytes > 0 ? await readNotes(source, notes) : NO_NOTES;
  if (vmcoreinfo.fileBytes === 0 || read.notes.some(({ name }) => name === VMCOREINFO)) return read;
  const body = await source.read(vmcoreinfo.offset, Math.min(vmcoreinfo.fileBytes, MOST_VMCOREINFO));
  return { notes: [...read.notes, { name: VMCOREINFO, type: 0, body, at: vmcoreinfo.offset }], problems: read.problems };
}
