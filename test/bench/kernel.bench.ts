/**
 * What opening a 64-bit kernel costs (83,000 mappings, of which 65,536 are one page table used over and over, as Linux's espfix area is), as
 * ratios to plainly reading its tables: the first map after a drop, who maps a frame, translations, and bytes read over bytes needed.
 */
import { Bench } from 'tinybench';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import { virtualPage } from '#core/memory/address.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { usualFeatures } from '#core/paging/modes.ts';
import { leaves as leavesOf } from '#core/session/leaves.ts';
import { OpenedRoot } from '#core/session/opened-root.ts';
import { openSession } from '#core/session/session.ts';
import { walk } from '#core/tables/walk.ts';
import { elfDump, SparseMemory } from '../support/dump-builder.ts';
import { TableBuilder } from '../support/table-builder.ts';

const ROOT = 0x100_0000;
const DIRECT = 0xffff_8880_0000_0000n;
const ESPFIX = 0xffff_ff00_0000_0000n;
const USER_PAGES = 16_384;
const LOOK_UPS = 100_000;

/** A direct map of 1 GB in 2 MB pages, user pages scattered, and one page table named by 128 PDEs of one PD. */
function kernel(): { bytes: Uint8Array; tables: number } {
  const memory = new SparseMemory();
  const builder = new TableBuilder(memory, '4-level', { root: ROOT, firstFrame: 0x1001 });
  for (let large = 0; large < 512; large++) builder.map(DIRECT + BigInt(large) * 0x20_0000n, BigInt(large) * 0x20_0000n, { up: 1, flags: 0x163n });
  for (let page = 0; page < USER_PAGES; page++) builder.map(0x5555_0000_0000n + BigInt(page) * 4096n, BigInt((page * 40_503) % 262_144) * 4096n);
  for (let page = 0; page < 512; page++) builder.map(ESPFIX + BigInt(page) * 4096n, 0x1234_5000n, { flags: 0x8000_0000_0000_0161n });
  const shared = memory.readWord(builder.entryAddress(ESPFIX, 2));
  for (let slot = 1; slot < 128; slot++) memory.word(Number(builder.entryAddress(ESPFIX, 2)) + slot * 8, shared);
  return { bytes: elfDump(memory, { machine: 62, cpus: [{ cr3: ROOT, cr4: 0x20, runs64: true }] }), tables: memory.frames.size };
}

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

const { bytes, tables } = kernel();
const source = counted(bytes);
const session = await openSession(source, quietTask);
const [root] = (await session.summary()).roots;
if (!root) throw new Error('no root');
await session.atlas(root);
const [readBytes, reads] = [source.readBytes, source.reads];
const { dump } = await openDump(counted(bytes), quietTask);
const opened = await OpenedRoot.open(dump.image, { ...root, features: usualFeatures }, new Map(), quietTask);
const leaves = [...leavesOf((await session.openRoot(root)).forest)].length;

function lookUps(): number {
  let sum = 0;
  for (let i = 0; i < LOOK_UPS; i++) {
    const { end } = walk(opened.forest, virtualPage(0x5_5550_0000 + ((i * 40_503) % USER_PAGES)));
    if (end.kind === 'mapped') sum += end.frame;
  }
  return sum;
}

const bench = new Bench({ time: 0, iterations: 15, warmupTime: 0, warmupIterations: 3 });
let kept: unknown;
bench
  .add('plain', () => {
    let sum = 0;
    const words = new Uint32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
    for (const word of words) sum += word & 1;
    kept = sum;
  })
  .add('first map', async () => {
    const fresh = await openSession(counted(bytes), quietTask);
    kept = await fresh.atlas(root);
  })
  .add('look-ups', () => {
    kept = lookUps();
  });
await bench.run();
if (kept === undefined) throw new Error('nothing was measured');

const median = (name: string): number => {
  const result = bench.getTask(name)?.result;
  if (!result || !('latency' in result)) throw new Error(`${name} was not measured`);
  return result.latency.p50;
};
const plain = median('plain');
const line = (name: string, milliseconds: number, more: string): string =>
  `  ${name.padEnd(44)}${(milliseconds / plain).toFixed(1).padStart(7)} ×  ${milliseconds.toFixed(1).padStart(8)} ms   ${more}`;
process.stdout.write(
  `${[
    `${leaves.toLocaleString('en')} mappings in ${tables} tables`,
    line('plain pass over the file', plain, `${bytes.length.toLocaleString('en')} bytes`),
    line('from the file to its first map', median('first map'), `${reads} reads`),
    line(
      `${LOOK_UPS.toLocaleString('en')} walks, out of order`,
      median('look-ups'),
      `${(LOOK_UPS / median('look-ups') / 1000).toFixed(1)} million a second`,
    ),
    `  bytes read over bytes of tables             ${(readBytes / (tables * 4096)).toFixed(2).padStart(7)} ×`,
  ].join('\n')}\n`,
);
