/**
 * What opening a 64-bit kernel costs (83,000 mappings, of which 65,536 are one page table used over and over, as Linux's espfix area is), as
 * ratios to plainly reading its tables: the first map, who maps a frame, translations, and bytes read over bytes needed.
 */
import { buildAtlas } from '#core/atlas/build-atlas.ts';
import { buildFrameIndex } from '#core/atlas/frame-index.ts';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { virtualPage } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { usualFeatures } from '#core/paging/modes.ts';
import { leaves as leavesOf } from '#core/session/leaves.ts';
import { OpenedRoot } from '#core/session/opened-root.ts';
import { passport } from '#core/session/passport.ts';
import { openSession } from '#core/session/session.ts';
import { walk } from '#core/tables/walk.ts';
import { type KernelDump, kernelDump } from '../support/kernel-dump.ts';
import { beside, medians, processorTime } from './medians.ts';
import { defineBench, type Size } from './row.ts';

const SHAPES = { full: { userPages: 16_384, aliases: 128 }, tiny: { userPages: 512, aliases: 4 } } as const;
const LOOK_UPS = { full: 100_000, tiny: 100 } as const;
const count = (value: number): string => value.toLocaleString('en');

interface Counted extends ByteSource {
  readBytes: number;
  readonly reads: number;
}

/** Counts what is read, from a copy: a source that gives the same bytes again would be free. */
function counted(bytes: Uint8Array): Counted {
  const source = {
    ...{ name: 'kernel.elf', size: bytes.length, readBytes: 0, reads: 0 },
    read: async (offset: number, length: number) => {
      const piece = bytes.slice(offset, offset + length);
      source.reads++;
      source.readBytes += piece.length;
      return piece;
    },
  };
  return source;
}

/** The least that any reading must do: every word of the file once. */
function plainPass({ bytes }: KernelDump): number {
  const words = new Uint32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
  let sum = 0;
  for (let at = 0; at < words.length; at++) sum += (words[at] ?? 0) & 1;
  return sum;
}

/** Sum of the frames that the user's pages map, asked for out of order. */
function lookUps(times: number, { firstUserPage, userPages }: KernelDump, frameOf: (page: number) => number): number {
  let sum = 0;
  for (let i = 0; i < times; i++) sum += frameOf(firstUserPage + ((i * 40_503) % userPages));
  return sum;
}

/** The least that any walk must do: one load a level, from memory that is one array. */
function bareWalk({ flat, root }: KernelDump, page: number): number {
  let table = root / 4;
  for (let pages = 512 ** 3; pages >= 1; pages /= 512) {
    const low = flat[table + (Math.floor(page / pages) % 512) * 2] ?? 0;
    if ((low & 1) === 0) return 0;
    table = (low >>> 12) * 1024;
  }
  return table / 1024;
}

async function openKernel(bytes: Uint8Array) {
  const source = counted(bytes);
  const session = await openSession(source, quietTask);
  const [root] = (await session.summary()).roots;
  if (!root) throw new Error('no root');
  await session.atlas(root);
  const { readBytes, reads } = source;
  const { dump } = await openDump(counted(bytes), quietTask);
  const opened = await OpenedRoot.open(dump.image, { ...root, features: usualFeatures }, new Map(), quietTask);
  return { root, readBytes, reads, image: dump.image, opened };
}

async function measure(size: Size) {
  const kernel = kernelDump(SHAPES[size]);
  const { root, readBytes, reads, image, opened } = await openKernel(kernel.bytes);
  const { forest, atlas } = opened;
  const times = LOOK_UPS[size];
  const walked = (page: number): number => {
    const { end } = walk(forest, virtualPage(page));
    return end.kind === 'mapped' ? end.frame : 0;
  };
  const bare = (page: number) => bareWalk(kernel, page);
  if (lookUps(times, kernel, walked) !== lookUps(times, kernel, bare)) throw new Error('the bare walk goes elsewhere');
  const { placeCount } = passport(image, opened, [], kernel.aliasedFrame);
  const took = await medians(
    {
      plain: () => plainPass(kernel),
      firstMap: async () => (await openSession(counted(kernel.bytes), quietTask)).atlas(root),
      walk: () => buildAtlas(forest),
      index: () => buildFrameIndex(atlas),
      aliases: () => passport(image, opened, [], kernel.aliasedFrame),
      bare: () => lookUps(times, kernel, bare),
      lookUps: () => lookUps(times, kernel, walked),
    },
    size,
    processorTime,
  );
  const tableBytes = kernel.tables * 4096;
  return {
    plain: beside(took.plain, took.plain, `${count(kernel.bytes.length)} bytes`),
    firstMap: beside(took.plain, took.firstMap, `${reads} reads`),
    walk: beside(took.plain, took.walk, `${count([...leavesOf(forest)].length)} mappings in ${kernel.tables} tables`),
    index: beside(took.plain, took.index, `${count(atlas.runs.count)} rows`),
    aliases: beside(took.plain, took.aliases, `${count(placeCount)} places`),
    lookUps: beside(took.bare, took.lookUps, `${(times / took.lookUps / 1000).toFixed(1)} million a second`),
    bytes: { ratio: readBytes / tableBytes, note: `${count(readBytes)} of ${count(tableBytes)}` },
  };
}

const PLAIN = 'a plain pass over the file';

export default [
  defineBench({
    rows: {
      firstMap: { what: '64-bit kernel: from the file to its first map, without a page', beside: PLAIN, judged: true },
      walk: { what: '64-bit kernel: full walk', beside: PLAIN, judged: true },
      index: { what: '64-bit kernel: reverse index', beside: PLAIN, judged: true },
      aliases: { what: '64-bit kernel: all places of a frame with 65,536 aliases', beside: PLAIN, judged: true },
      lookUps: { what: '64-bit kernel: 100,000 translations, out of order', beside: 'the same, one bare load a level', judged: true },
      bytes: { what: '64-bit kernel: bytes read for the first map', beside: 'bytes of its tables', judged: true },
      plain: { what: '64-bit kernel: plain pass', beside: PLAIN },
    },
    measure,
  }),
];
