import { lastAtOrBelow } from '#core/base/bisect.ts';
import { commas, hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import { type BitmapPages, readBitmap } from '#core/formats/bitmap-pages.ts';
import { FRAME_BYTES, type MachineAddress } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import type { ExtentColumns } from '#core/memory/memory-image.ts';
import { INCOMPLETE, type KdumpHeader } from './header.ts';

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
  const hasTwo = bitmapBlocks >= 2 * Math.ceil(header.frames / 8 / blockBytes);
  const half = hasTwo ? Math.floor(bitmapBlocks / 2) * blockBytes : 0;
  const entries = Math.min(header.frames || Number.POSITIVE_INFINITY, (hasTwo ? half : bitmapBlocks * blockBytes) * 8);
  const list = { entries, pagesAt: 0, pagesEnd: Number.POSITIVE_INFINITY };
  const memory = hasTwo ? await readBitmap(source, { ...list, listAt: bitmapAt }, task) : undefined;
  const { firstFrame = 0, endFrame = entries } = header.split ?? {};
  const stored = await readBitmap(source, { ...list, listAt: bitmapAt + half, entries: Math.min(entries, endFrame), firstFrame }, task);
  return {
    columns: stored.columns,
    stored: stored.pages,
    descriptorsAt: bitmapAt + bitmapBlocks * blockBytes,
    problems: problemsOf(source, header, entries, stored, memory),
    whyAbsent: (address) => whyAbsent(Math.floor(address / FRAME_BYTES), header, entries, memory),
  };
}

function whyAbsent(frame: number, { split, dumpLevel }: KdumpHeader, entries: number, memory: BitmapPages | undefined): string {
  if (frame >= entries) return `above the highest frame that the dump speaks of (${hex(Math.max(0, entries - 1))})`;
  if (split && (frame < split.firstFrame || frame >= split.endFrame)) return 'in another file of this split dump';
  if (memory === undefined) return 'not stored in this dump';
  return isIn(memory.columns, frame)
    ? `left out when the dump was made (dump level ${dumpLevel})`
    : 'no memory of the machine, by the dump’s first bitmap';
}

function isIn({ start, length }: ExtentColumns, frame: number): boolean {
  const row = lastAtOrBelow(start, frame * FRAME_BYTES);
  return row >= 0 && frame * FRAME_BYTES < (start[row] ?? 0) + (length[row] ?? 0);
}

/** Bits of the dump level (makedumpfile.8). */
const LEVELS = ['zero pages', 'cache', 'private cache', 'user pages', 'free pages'];

function problemsOf(source: ByteSource, header: KdumpHeader, entries: number, stored: BitmapPages, memory: BitmapPages | undefined): Problem[] {
  const problems: Problem[] = [];
  const add = (severity: Problem['severity'], kind: string, text: string): void => void problems.push({ kind, text, severity });
  if (Math.floor(header.status / INCOMPLETE) % 2 === 1)
    add('loss', 'kdump-incomplete', 'Its maker marked this dump as incomplete: it ran out of room, and pages that it lists were not written.');
  if (stored.frames < Math.min(entries, header.split?.endFrame ?? entries))
    add(
      'loss',
      'kdump-bitmap-cut',
      `The file ends within its bitmap, at ${commas(source.size)} bytes: no frame from ${hex(stored.frames)} up can be found.`,
    );
  if (stored.pages === 0) add('stop', 'kdump-no-memory', 'This kdump file stores no page of memory.');
  const left = (memory?.pages ?? 0) - stored.pages;
  if (left > 0 && !header.split)
    add('note', 'kdump-left-out', `${commas(left)} of ${commas(memory?.pages ?? 0)} pages were left out${levelText(header.dumpLevel)}.`);
  return problems;
}

function levelText(level: number): string {
  const kinds = LEVELS.filter((_, bit) => Math.floor(level / 2 ** bit) % 2 === 1);
  return kinds.length === 0 ? '' : ` (dump level ${level}: ${kinds.join(', ')})`;
}
