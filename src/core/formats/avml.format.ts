import { hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { createExtentImage } from '#core/memory/extent-image.ts';
import { withLosses } from '#core/memory/lossy-source.ts';
import { Fields, hasText } from './fields.ts';
import type { DumpFormat, Glimpse, OpenedDump, Recognition } from './format.ts';
import { stopped } from './stopped.ts';

/** Ranges of a Linux machine's RAM, each a header as LiME's, and its bytes packed: what `avml --compress` writes (avml src/image.rs). */
const avml: DumpFormat = { id: 'avml', label: 'AVML memory image', recognise, open };
export default avml;

function recognise({ head }: Glimpse): Recognition | undefined {
  if (!hasText(head, 0, 'AVML')) return undefined;
  return { certainty: 'magic', how: `begins 41 56 4d 4c (AVML), version ${new Fields(head).u32(4)}` };
}

const WHY_ABSENT = 'in no range of this AVML image (no RAM, or all zeros, which AVML leaves out)';

async function open(source: ByteSource, task: Task): Promise<OpenedDump> {
  const { readPackedRanges } = await import('./avml/packed-ranges.ts');
  const { bytes, extents, problems } = await readPackedRanges(source, task);
  if (extents.length === 0) return stopped('avml-no-memory', problems[0]?.text ?? 'The file holds no range of memory.');
  const image = createExtentImage({ source: bytes, extents, whyAbsent: () => WHY_ABSENT });
  const empty: Problem[] = image.extents.count > 0 ? [] : [noBytes(extents[0]?.start ?? 0)];
  return { image: withLosses(image, bytes), bytes, roots: [], frameWord: 'frame', problems: [...problems, ...image.problems, ...empty] };
}

const noBytes = (start: number): Problem => ({
  kind: 'avml-no-memory',
  text: `No byte of the first range, from ${hex(start)}, is in the file.`,
  severity: 'stop',
});
