import { commas, hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import { MACHINE_END } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import type { Extent } from '#core/memory/extents.ts';
import { Fields, hasText } from './fields.ts';
import type { DumpFormat, Glimpse, OpenedDump, Recognition } from './format.ts';
import { stopped } from './stopped.ts';

/** Ranges of a Linux machine's RAM, each a header and its bytes: LiME with format=lime, and AVML without --compress (LiME src/lime.h). */
const lime: DumpFormat = { id: 'lime', label: 'LiME memory image', recognise, open };
export default lime;

const MAGIC = 'EMiL';
const VERSION = 1;
const HEADER_BYTES = 32;
/** AVML writes blocks of 16 MiB at most: enough for 1 TiB of them, and an end to hostile files of tiny ranges. */
const MOST_RANGES = 65_536;
function recognise({ head }: Glimpse): Recognition | undefined {
  if (!hasText(head, 0, MAGIC)) return undefined;
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
    const header = await source.read(at, HEADER_BYTES);
    // Padding after the last range, as some tools leave.
    if (extents.length > 0 && header.every((byte) => byte === 0)) break;
    const range = extents.length < MOST_RANGES ? parseRange(header) : `there are over ${commas(MOST_RANGES)} ranges`;
    if (typeof range === 'string') return { extents, problems: [badHeader(at, range)] };
    extents.push({ ...range, fileOffset: at + HEADER_BYTES });
    at += HEADER_BYTES + range.length;
  }
  return { extents, problems: [] };
}

/** magic, version, first address, last address (inclusive), 8 reserved bytes; or what is wrong. */
function parseRange(header: Uint8Array): { start: number; length: number } | string {
  const fields = new Fields(header);
  if (header.length < HEADER_BYTES) return `the file ends within it, after ${header.length} of ${HEADER_BYTES} bytes`;
  if (!hasText(header, 0, MAGIC)) return 'it does not begin with 45 4d 69 4c';
  if (fields.u32(4) !== VERSION) return `its version is ${fields.u32(4)}, and only ${VERSION} is known`;
  const [start, last] = [fields.u64(8), fields.u64(16)];
  if (last < start || last >= MACHINE_END) return `its range from ${hex(start)} to ${hex(last)} makes no sense`;
  return { start, length: last - start + 1 };
}

const badHeader = (at: number, why: string): Problem => ({
  kind: 'lime-header',
  text: `The range header at byte ${commas(at)} cannot be used: ${why}. Ranges from there on are not read.`,
  severity: 'loss',
  fileOffset: at,
});
