/**
 * What looking for roots costs, beside plainly reading the same file through the same reader: a raw image of 256 MiB as a guest's memory is
 * made up, on disk and read before, so that the disk is not what is measured.
 */
import { writeFile } from 'node:fs/promises';
import { openFile } from '#cli/node-byte-source.ts';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { findRoots } from '#core/roots/find-roots.ts';
import { guestMemory } from '../support/guest-memory.ts';
import { medians, wallTime } from './medians.ts';
import { defineBench, type Size } from './row.ts';
import { withFile } from './scratch-file.ts';

const BLOCK = 8 * 2 ** 20;
const SHAPES = { full: { mebibytes: 256, processes: 8 }, tiny: { mebibytes: 16, processes: 1 } } as const;

async function readPlainly(source: ByteSource): Promise<number> {
  let read = 0;
  for (let at = 0; at < source.size; at += BLOCK) read += (await source.read(at, BLOCK)).length;
  return read;
}

async function measure(size: Size, source: ByteSource) {
  const { dump } = await openDump(source, quietTask, { formatId: 'raw' });
  const scan = () => findRoots(dump.image, quietTask, () => undefined);
  const found = (await scan()).length;
  if (found === 0) throw new Error('no root found');
  const took = await medians({ plain: () => readPlainly(source), scan }, size, wallTime);
  const speed = (milliseconds: number) => `${(source.size / milliseconds / 1e6).toFixed(2)} GB/s`;
  return {
    plain: { ratio: 100, milliseconds: took.plain, note: speed(took.plain) },
    scan: { ratio: (took.plain / took.scan) * 100, milliseconds: took.scan, note: `${speed(took.scan)}, ${found} roots found` },
  };
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
      scan: {
        ...{ what: 'raw image of 256 MiB: search for roots', beside: PLAIN, unit: '%', aim: { least: 80 }, judged: true },
        why: 'out of the system’s cache, reading is one copy of memory; the search looks at every word',
      },
      plain: { what: 'raw image of 256 MiB: plain reading', beside: PLAIN, unit: '%' },
    },
    measure: (size) =>
      withFile(
        'image.raw',
        (path) => writeFile(path, guestMemory(SHAPES[size])),
        (path) => measureFile(size, path),
      ),
  }),
];
