import type { Opened } from '#core/formats/index.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { filesOf } from '#core/memory/companions.ts';
import { EXTENT_ASSUMED_ZERO, EXTENT_HELD, EXTENT_ZERO, type ExtentColumns } from '#core/memory/memory-image.ts';
import type { Presence } from '#core/memory/presence.ts';
import type { ImageSummary, Inference, RootChoice } from './contract.ts';
import { isUnpacked } from './file-places.ts';

/** Extents listed at most; a text or a kdump may have many thousands. */
const MOST_EXTENTS = 200;

export function imageSummary(opened: Opened, fingerprint: string, roots: readonly RootChoice[]): ImageSummary {
  const { dump, format, file } = opened;
  const { extents } = dump.image;
  return {
    name: nameOf(file),
    fileSize: file.size,
    ...(isUnpacked(opened) && { sourceSize: opened.source.size }),
    fingerprint,
    format,
    frameWord: dump.frameWord,
    extents: Array.from({ length: Math.min(MOST_EXTENTS, extents.count) }, (_, row) => extentOf(extents, row)),
    extentsCut: extents.count > MOST_EXTENTS,
    heldBytes: heldBytes(extents),
    end: dump.image.end,
    roots,
    inferences: (dump.text?.placements ?? []).map((placement): Inference => placement),
    ...(dump.text && { text: dump.text.text }),
    ...(dump.regions && { regions: dump.regions }),
    problems: dump.problems,
  };
}

function nameOf(file: ByteSource): string {
  const [, second, ...more] = filesOf(file);
  if (second === undefined) return file.name;
  return `${file.name} + ${more.length === 0 ? second.name : `${more.length + 1} more`}`;
}

const PRESENCE: Readonly<Record<number, Presence>> = { [EXTENT_HELD]: 'held', [EXTENT_ZERO]: 'zero', [EXTENT_ASSUMED_ZERO]: 'assumed-zero' };

function extentOf(extents: ExtentColumns, row: number): ImageSummary['extents'][number] {
  return { start: extents.start[row] ?? 0, length: extents.length[row] ?? 0, kind: PRESENCE[extents.kind[row] ?? 0] ?? 'held' };
}

function heldBytes(extents: ExtentColumns): number {
  let sum = 0;
  for (let row = 0; row < extents.count; row++) if (extents.kind[row] === EXTENT_HELD) sum += extents.length[row] ?? 0;
  return sum;
}
