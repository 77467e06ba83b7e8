import { commas, hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import { type BitmapPages, readBitmap } from '#core/formats/bitmap-pages.ts';
import { Fields } from '#core/formats/fields.ts';
import { FRAME_BYTES, type MachineAddress } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { rowAt } from '#core/memory/extents.ts';
import type { ExtentColumns } from '#core/memory/memory-image.ts';
import { DESCRIPTOR_BYTES, type KdumpHeader } from './header.ts';

/** Which frames a file stores, and where the descriptors of their pages lie. */
export interface KdumpPages {
  readonly columns: ExtentColumns;
  readonly stored: number;
  readonly descriptorsAt: number;
  readonly problems: readonly Problem[];
  whyAbsent(address: MachineAddress): string;
}

/** Two bitmaps, each of a bit a frame: which frames are memory, and which of these are stored. Very old files have the second alone. */
export async function readKdumpPages(source: ByteSource, header: KdumpHeader, task: Task): Promise<KdumpPages> {
  const { blockBytes, bitmapBlocks } = header;
  const bitmapAt = (1 + header.subBlocks) * blockBytes;
  const hasTwo = bitmapsOf(header) === 2;
  const half = hasTwo ? Math.floor(bitmapBlocks / 2) * blockBytes : 0;
  const entries = Math.min(header.frames || Number.POSITIVE_INFINITY, (hasTwo ? half : bitmapBlocks * blockBytes) * 8);
  const descriptorsAt = bitmapAt + bitmapBlocks * blockBytes;
  const list = { entries, pagesAt: 0, pagesEnd: Number.POSITIVE_INFINITY };
  const memory = hasTwo ? await readBitmap(source, { ...list, listAt: bitmapAt }, task) : undefined;
  const { firstFrame = 0, endFrame = entries } = header.split ?? {};
  const pagesEnd = Math.floor(Math.max(0, source.size - descriptorsAt) / DESCRIPTOR_BYTES) * FRAME_BYTES;
  const storedList = { ...list, listAt: bitmapAt + half, entries: Math.min(entries, endFrame), firstFrame, pagesEnd };
  const stored = await readBitmap(source, storedList, task);
  return {
    columns: stored.columns,
    stored: stored.pages,
    descriptorsAt,
    problems: [...problemsOf(source, header, entries, stored, memory), ...(await cutProblem(source, header, descriptorsAt, stored))],
    whyAbsent: (address) => whyAbsent(Math.floor(address / FRAME_BYTES), { header, entries, memory, cutFrom: stored.cutFrom, size: source.size }),
  };
}

/** A dump with one bitmap has bits for its frames in all blocks; a count of frames beyond even that is damage, and says nothing. */
function bitmapsOf({ bitmapBlocks, blockBytes, frames }: KdumpHeader): 1 | 2 {
  const needed = Math.ceil(frames / 8 / blockBytes);
  return bitmapBlocks >= 2 * needed || bitmapBlocks < needed ? 2 : 1;
}

/** Of the last pages, as many as are looked at to see whether the file holds them. */
const LAST_PAGES = 2048;

/** Pages lie in the order of their frames, but pages of zeros have one place, early in the file: so one of the last must lie behind. */
async function cutProblem(source: ByteSource, { isIncomplete }: KdumpHeader, descriptorsAt: number, stored: BitmapPages): Promise<Problem[]> {
  const first = Math.max(0, stored.pages - LAST_PAGES);
  const fields = new Fields(await source.read(descriptorsAt + first * DESCRIPTOR_BYTES, (stored.pages - first) * DESCRIPTOR_BYTES));
  const rows = Array.from({ length: Math.floor(fields.length / DESCRIPTOR_BYTES) }, (_, row) => row * DESCRIPTOR_BYTES);
  const lost = rows.filter((at) => fields.u64(at) === 0 || fields.u64(at) + fields.u32(at + 8) > source.size).length;
  if (stored.cutFrom === undefined && (lost === 0 || isIncomplete)) return [];
  const text =
    stored.cutFrom === undefined
      ? `of the last ${commas(rows.length)} pages it lacks ${commas(lost)}. A page that is not in it is told when it is looked at.`
      : `no frame from ${hex(stored.cutFrom)} up can be found.`;
  return [{ kind: 'kdump-cut', text: `The file ends at ${commas(source.size)} bytes: ${text}`, severity: 'loss', fileOffset: source.size }];
}

interface Known {
  readonly header: KdumpHeader;
  readonly entries: number;
  readonly memory: BitmapPages | undefined;
  readonly cutFrom: number | undefined;
  readonly size: number;
}

function whyAbsent(frame: number, { header: { split, dumpLevel }, entries, memory, cutFrom, size }: Known): string {
  if (frame >= entries) return `above the highest frame that the dump speaks of (${hex(Math.max(0, entries - 1))})`;
  if (split && (frame < split.firstFrame || frame >= split.endFrame)) return 'in another file of this split dump';
  if (memory !== undefined && rowAt(memory.columns, frame * FRAME_BYTES) < 0) return 'no memory of the machine, by the dump’s first bitmap';
  if (cutFrom !== undefined && frame >= cutFrom) return `past the end of the file (cut at ${commas(size)} bytes), or left out`;
  if (memory === undefined) return 'not stored in this dump';
  return `left out when the dump was made (dump level ${dumpLevel})`;
}

/** Bits of the dump level (makedumpfile.8). */
const LEVELS = ['zero pages', 'cache', 'private cache', 'user pages', 'free pages'];

function problemsOf(source: ByteSource, header: KdumpHeader, entries: number, stored: BitmapPages, memory: BitmapPages | undefined): Problem[] {
  const problems: Problem[] = [];
  const add = (severity: Problem['severity'], kind: string, text: string): void => void problems.push({ kind, text, severity });
  if (header.isIncomplete)
    add('loss', 'kdump-incomplete', 'Its maker marked this dump as incomplete: it ran out of room, and pages that it lists were not written.');
  if (stored.frames < Math.min(entries, header.split?.endFrame ?? entries))
    add(
      'loss',
      'kdump-bitmap-cut',
      `The file ends within its bitmap, at ${commas(source.size)} bytes: no frame from ${hex(stored.frames)} up can be found.`,
    );
  const left = (memory?.pages ?? 0) - stored.pages;
  if (left > 0 && !header.split && stored.cutFrom === undefined)
    add('note', 'kdump-left-out', `${commas(left)} of ${commas(memory?.pages ?? 0)} pages were left out${levelText(header.dumpLevel)}.`);
  return problems;
}

function levelText(level: number): string {
  const kinds = LEVELS.filter((_, bit) => ((level >>> bit) & 1) === 1);
  return kinds.length === 0 ? '' : ` (dump level ${level}: ${kinds.join(', ')})`;
}
