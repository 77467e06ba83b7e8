import { commas, hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import { Fields } from '#core/formats/fields.ts';
import { FRAME_END } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import type { Extent } from '#core/memory/extents.ts';
import type { PageRun } from './header.ts';
import type { PageList } from './summary.ts';

export interface RunPages {
  readonly extents: readonly Extent[];
  readonly problems: readonly Problem[];
}

/** Runs whose pages follow each other from `pagesAt` on. One that makes no sense hides where those after it lie. */
export function runExtents(runs: readonly PageRun[], pagesAt: number, listAt: number): RunPages {
  const extents: Extent[] = [];
  let at = pagesAt;
  for (const [index, { frame, frames }] of runs.entries()) {
    if (!(frame + frames <= FRAME_END)) return { extents, problems: [badRun(index, frame, frames, listAt)] };
    extents.push({ start: frame * 4096, length: frames * 4096, fileOffset: at });
    at += frames * 4096;
  }
  return { extents, problems: [] };
}

const badRun = (index: number, frame: number, frames: number, fileOffset: number): Problem => ({
  kind: 'windows-run',
  text: `Run ${commas(index)} of the dump makes no sense: ${commas(frames)} frames from ${hex(frame)}. Runs from there on are not read.`,
  severity: 'loss',
  fileOffset,
});

/** A live dump of 1 TiB has some 100,000. */
const MOST_RANGES = 262_144;

/** The ranges of a live dump, ended by one of no frames. */
export async function readRanges(source: ByteSource, { listAt, entries }: PageList): Promise<PageRun[]> {
  const bytes = await source.read(listAt, Math.min(entries, MOST_RANGES) * 16);
  const fields = new Fields(bytes);
  const runs: PageRun[] = [];
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    const run = { frame: fields.u64(at), frames: fields.u64(at + 8) };
    if (run.frames === 0) break;
    runs.push(run);
  }
  return runs;
}
