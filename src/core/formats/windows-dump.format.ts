import { commas, hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { createColumnImage, createExtentImage, type ExtentImage } from '#core/memory/extent-image.ts';
import { type BitmapPages, readBitmap } from './bitmap-pages.ts';
import { hasText } from './fields.ts';
import type { DumpFormat, Glimpse, OpenedDump, Recognition } from './format.ts';
import { stopped } from './stopped.ts';
import { IMAGE_AMD64, IMAGE_I386, MAGIC_32, MAGIC_64, parseWindowsHeader, type WindowsHeader } from './windows/header.ts';
import { rootOfHeader } from './windows/root.ts';
import { readRanges, runExtents } from './windows/run-pages.ts';
import { type PageList, readPageList } from './windows/summary.ts';

/** Memory of a Windows machine as it writes it on a crash, and as LiveKd, DumpIt and QEMU's dump-guest-memory -w do (dump-formats, section 6). */
const windowsDump: DumpFormat = { id: 'windows-dump', label: 'Windows crash dump', recognise, open };
export default windowsDump;

const TYPES: Readonly<Record<number, string>> = {
  1: 'full',
  2: 'kernel',
  3: 'header only',
  4: 'small (triage)',
  5: 'full, with a bitmap',
  6: 'kernel, with a bitmap',
  7: 'automatic',
  8: 'live kernel',
  9: 'live kernel and user',
  10: 'live complete',
};
const typeText = (type: number): string => `DumpType ${type}${TYPES[type] === undefined ? '' : `, ${TYPES[type]}`}`;

function recognise({ head }: Glimpse): Recognition | undefined {
  if (!hasText(head, 0, MAGIC_32) && !hasText(head, 0, MAGIC_64)) return undefined;
  const header = parseWindowsHeader(head);
  const kind = header === undefined ? 'cut within its header' : typeText(header.dumpType);
  return { certainty: 'magic', how: `begins ${hasText(head, 0, MAGIC_64) ? MAGIC_64 : MAGIC_32} (Windows crash dump), ${kind}` };
}

const HEADER_ONLY = 3;
const TRIAGE = 4;
const BIGGER =
  'It holds no page tables. Have Windows write a kernel, active or complete memory dump (System properties, Startup and Recovery), or run .dump /f FILE in the debugger.';

async function open(source: ByteSource, task: Task): Promise<OpenedDump> {
  const header = parseWindowsHeader(await source.read(0, 0x2000));
  if (header === undefined) return stopped('windows-header', 'This is no Windows crash dump, or it is cut within its header.');
  if (header.machine !== IMAGE_I386 && header.machine !== IMAGE_AMD64 && header.machine !== 0)
    return stopped('windows-machine', `MachineImageType is ${hex(header.machine, 4)}: Pagewalk reads x86 page tables.`, header.wide ? 0x30 : 0x20);
  if (header.dumpType === TRIAGE || header.dumpType === HEADER_ONLY)
    return stopped('windows-small', `This is a small memory dump (${typeText(header.dumpType)}). ${BIGGER}`, header.wide ? 0xf98 : 0xf88);
  const { image, problems } = await imageOf(source, header, task);
  const empty = image.extents.count === 0 ? [noMemory(header)] : [];
  return { image, roots: [rootOfHeader(header)], frameWord: 'frame', problems: [...problems, ...image.problems, ...empty] };
}

const noMemory = ({ dumpType }: WindowsHeader): Problem => ({
  kind: 'windows-no-memory',
  text: `No page of memory of this dump (${typeText(dumpType)}) is in the file: it was cut short, or its list of pages is damaged.`,
  severity: 'stop',
});

interface Pages {
  readonly image: ExtentImage;
  readonly problems: readonly Problem[];
}

async function imageOf(source: ByteSource, header: WindowsHeader, task: Task): Promise<Pages> {
  const list = await readPageList(source, header.headerBytes, header.wide);
  if (list?.kind === 'bitmap') return bitmapImage(source, list, await readBitmap(source, { ...list, pagesEnd: source.size }, task));
  const runs = list === undefined ? header.runs : await readRanges(source, list);
  const { extents, problems } = runExtents(runs ?? [], list?.pagesAt ?? header.headerBytes, list?.listAt ?? (header.wide ? 0x88 : 0x64));
  const whyAbsent = (): string => 'in no run of this crash dump (no RAM, or left out when it was written)';
  return { image: createExtentImage({ source, extents, whyAbsent }), problems: runs === undefined ? [...problems, noRuns] : problems };
}

const noRuns: Problem = {
  kind: 'windows-no-runs',
  text: 'The header has neither a bitmap of pages nor a usable list of runs.',
  severity: 'loss',
  fileOffset: 0x64,
};

function bitmapImage(source: ByteSource, list: PageList, pages: BitmapPages): Pages {
  const left = list.mark === 'FDMP' ? 'no RAM, or left out' : 'a kernel dump leaves out user and free memory';
  const whyAbsent = (address: number): string => {
    const frame = Math.floor(address / 4096);
    if (pages.cutFrom !== undefined && frame >= pages.cutFrom) return `past the end of the file (cut at ${commas(source.size)} bytes), or left out`;
    if (frame >= pages.frames) return `above the highest frame that the dump speaks of (${hex(Math.max(0, pages.frames - 1))})`;
    return `not in this crash dump (${left})`;
  };
  return { image: createColumnImage(source, pages.columns, whyAbsent), problems: bitmapProblems(source, list, pages) };
}

function bitmapProblems(source: ByteSource, list: PageList, pages: BitmapPages): Problem[] {
  const problems: Problem[] = [];
  const add = (severity: Problem['severity'], kind: string, text: string): void =>
    void problems.push({ kind, text, severity, fileOffset: list.listAt });
  if (pages.cutFrom !== undefined)
    add('loss', 'windows-cut', `The file ends after ${commas(pages.pages)} pages of memory: frames from ${hex(pages.cutFrom)} up are not in it.`);
  else if (list.pagesAt + pages.pages * 4096 > source.size)
    add('loss', 'windows-cut', `The file ends after ${commas(source.size)} bytes, within the last of ${commas(pages.pages)} pages of memory.`);
  else if (list.pages !== pages.pages)
    add(
      'note',
      'windows-page-count',
      `The bitmap names ${commas(pages.pages)} pages, the header says ${commas(list.pages ?? 0)}: the bitmap is used.`,
    );
  if (list.entries > pages.frames)
    add(
      'loss',
      'windows-bitmap-cut',
      `The bitmap has ${commas(list.entries)} bits, of which the file at ${commas(source.size)} bytes can hold ${commas(pages.frames)}.`,
    );
  return problems;
}
