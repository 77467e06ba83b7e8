/**
 * What looking for roots costs, beside plainly reading the same file through the same reader: a raw image of 1 GiB as a guest's memory is
 * made up, on disk and read before, so that the disk is not what is measured. Once as the command line does it, in a thread for each processor.
 */
import { writeFile } from 'node:fs/promises';
import { workerData } from 'node:worker_threads';
import { openFile } from '#cli/node-byte-source.ts';
import { type SweepWork, sweepForParent } from '#cli/sweep-thread.ts';
import { sweepThreads } from '#cli/sweep-threads.ts';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { findRoots } from '#core/roots/find-roots.ts';
import { openSession } from '#core/session/session.ts';
import { guestMemory } from '../support/guest-memory.ts';
import { medians, wallTime } from './medians.ts';
import { defineBench, type Size } from './row.ts';
import { withFile } from './scratch-file.ts';

// The threads of the search run this same bundle.
if ((workerData as Partial<SweepWork> | null)?.paths) await sweepForParent();

const BLOCK = 8 * 2 ** 20;
const SHAPES = { full: { mebibytes: 1024, processes: 8 }, tiny: { mebibytes: 16, processes: 1 } } as const;

async function readPlainly(source: ByteSource): Promise<number> {
  let read = 0;
  for (let at = 0; at < source.size; at += BLOCK) read += (await source.read(at, BLOCK)).length;
  return read;
}

const raw = { formatId: 'raw' } as const;

/** As the command line does it. */
async function searchInThreads(source: ByteSource): Promise<number> {
  const threads = sweepThreads(new URL(import.meta.url), { paths: [source.name], options: raw });
  const session = await openSession(source, quietTask, raw, () => threads);
  return (await session.findRoots()).length;
}

async function measure(size: Size, source: ByteSource) {
  const { dump } = await openDump(source, quietTask, raw);
  const alone = async () => (await findRoots(dump.image, quietTask, () => undefined)).length;
  const found = await alone();
  if (found === 0 || (await searchInThreads(source)) !== found) throw new Error('no root found, or others in threads');
  const took = await medians({ plain: () => readPlainly(source), threads: () => searchInThreads(source), alone }, size, wallTime);
  const beside = (milliseconds: number, note = '') => ({
    ratio: (took.plain / milliseconds) * 100,
    milliseconds,
    note: [`${(source.size / milliseconds / 1e6).toFixed(2)} GB/s`, note].filter(Boolean).join(', '),
  });
  return { plain: beside(took.plain), threads: beside(took.threads, `${found} roots found`), alone: beside(took.alone) };
}

async function measureFile(size: Size, path: string) {
  const file = await openFile(path);
  try {
    return await measure(size, file.source);
  } finally {
    await file.close();
  }
}

const PLAIN = 'reading the same file, one block after another';

export default [
  defineBench({
    rows: {
      threads: {
        ...{ what: 'raw image of 1 GiB: search for roots', beside: PLAIN, unit: '%', aim: { least: 80 }, judged: true },
        why: 'out of the system’s cache, reading is one copy of memory; the search looks at every word',
      },
      alone: { what: 'raw image of 1 GiB: search for roots, in one thread', beside: PLAIN, unit: '%' },
      plain: { what: 'raw image of 1 GiB: plain reading', beside: PLAIN, unit: '%' },
    },
    measure: (size) =>
      withFile(
        'image.raw',
        (path) => writeFile(path, guestMemory(SHAPES[size])),
        (path) => measureFile(size, path),
      ),
  }),
];
