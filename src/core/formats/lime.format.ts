import { commas } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import type { Extent } from '#core/memory/extents.ts';
import { Fields, hasText } from './fields.ts';
import type { DumpFormat, Glimpse, OpenedDump, Recognition } from './format.ts';
import { parseRange, RANGE_HEADER_BYTES, type RangeKind } from './lime/range-header.ts';
import { stopped } from './stopped.ts';

/** Ranges of a Linux machine's RAM, each a header and its bytes: LiME with format=lime, and AVML without --compress (LiME src/lime.h). */
const lime: DumpFormat = { id: 'lime', label: 'LiME memory image', recognise, open };
export default lime;

const LIME: RangeKind = { magic: 'EMiL', bytesText: '45 4d 69 4c', version: 1 };
/** AVML writes blocks of 16 MiB at most: enough for 1 TiB of them, and an end to hostile files of tiny ranges. */
const MOST_RANGES = 65_536;

function recognise({ head }: Glimpse): Recognition | undefined {
  if (!hasText(head, 0, LIME.magic)) return undefined;
  return { certainty: 'magic', how: `begins 45 4d 69 4c (LiME), version ${new Fields(head).u32(4)}` };
}

async function open(source: ByteSource, task: Task): Promise<OpenedDump> {
  const { extents, problems } = await readRangeHeaders(source, task);
  if (extents.length === 0) return stopped('lime-no-memory', problems[0]?.text ?? 'The file holds no range of memory.');
  const image = createExtentImage({ source, extents, whyAbsent: () => 'in no range of this LiME image (no RAM, or left out when it was made)' });
  const empty: Problem[] = image.extents.count > 0 ? [] : [noBytes(source)];
  return { image, roots: [], frameWord: 'frame', problems: [...problems, ...image.problems, ...empty] };
}

const noBytes = (source: ByteSource): Problem => ({
  kind: 'lime-no-memory',
  text: `The file ends after ${commas(source.size)} bytes, before the first byte of memory.`,
  severity: 'stop',
});

/** Each header follows the bytes of the range before it, so one that is wrong hides all that come after. */
async function readRangeHeaders(source: ByteSource, task: Task): Promise<{ extents: Extent[]; problems: Problem[] }> {
  const extents: Extent[] = [];
  let at = 0;
  while (at < source.size) {
    task.check();
    const header = await source.read(at, RANGE_HEADER_BYTES);
    // Padding after the last range, as some tools leave.
    if (extents.length > 0 && header.every((byte) => byte === 0)) break;
    const range = extents.length < MOST_RANGES ? parseRange(header, LIME) : `there are over ${commas(MOST_RANGES)} ranges`;
    if (typeof range === 'string') return { extents, problems: [badHeader(at, range)] };
    extents.push({ ...range, fileOffset: at + RANGE_HEADER_BYTES });
    at += RANGE_HEADER_BYTES + range.length;
  }
  return { extents, problems: [] };
}

const badHeader = (at: number, why: string): Problem => ({
  kind: 'lime-header',
  text: `The range header at byte ${commas(at)} cannot be used: ${why}. Ranges from there on are not read.`,
  severity: 'loss',
  fileOffset: at,
});
