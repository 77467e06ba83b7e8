import { afterAll, beforeAll, expect, test } from 'vitest';
import { remoteFiles } from '#cli/node-byte-source.ts';
import { quietTask } from '#core/base/task.ts';
import { type ByteSource, bytesSource } from '#core/memory/byte-source.ts';
import { together } from '#core/memory/companions.ts';
import { openSession } from '#core/session/session.ts';
import { elfDump, gzip, SparseMemory } from '../../../support/dump-builder.ts';
import { asIs, byZlib, flattened, kdumpDump } from '../../../support/kdump-builder.ts';
import { limeDump } from '../../../support/lime-builder.ts';
import { type RangeServer, rangeServer } from '../../../support/range-server.ts';
import { TableBuilder } from '../../../support/table-builder.ts';
import { bgzip, lz4, seekableZstd, xz, zip } from '../../../support/wrapped-writers.ts';

const MIB = 1024 * 1024;
const FRAMES = (24 * MIB) / 4096;
const ROOT = { address: 0x10_0000, mode: '4-level' } as const;

/** Memory that does not shrink, with a guest's tables in the middle of it and at its end. */
function memory(): SparseMemory {
  const memory = new SparseMemory();
  let state = 1;
  const noise = new Uint32Array(1024);
  for (let frame = 0; frame < FRAMES; frame++) {
    for (let i = 0; i < 1024; i++) noise[i] = state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    memory.write(frame * 4096, new Uint8Array(noise.buffer.slice(0)));
  }
  for (let frame = 0x100; frame < 0x120; frame++) memory.write(frame * 4096, new Uint8Array(4096));
  const tables = new TableBuilder(memory, '4-level', { root: ROOT.address, firstFrame: 0x101 });
  for (let page = 0; page < 300; page++) tables.map(0xffff_8000_0000_0000n + BigInt(page) * 4096n, BigInt((page * 13) % FRAMES) * 4096n);
  return memory;
}

const guest = memory();
const elf = elfDump(guest, { cpus: [{ cr3: ROOT.address, cr4: 0x20 }] });

/** `sparse`: the format lets a part be found without reading what is before it. */
const files: readonly { readonly name: string; readonly bytes: Uint8Array; readonly sparse: boolean }[] = [
  { name: 'guest.elf', bytes: elf, sparse: true },
  { name: 'guest.elf.xz', bytes: xz(elf), sparse: true },
  { name: 'guest.elf.zst', bytes: seekableZstd(elf), sparse: true },
  { name: 'stored.zip', bytes: zip(elf), sparse: true },
  { name: 'guest.kdump', bytes: kdumpDump(guest, { pack: (page, frame) => (frame % 16 === 0 ? byZlib(page) : asIs(page)) }), sparse: true },
  { name: 'guest.lime', bytes: limeDump(guest), sparse: true },
  { name: 'guest.elf.lz4', bytes: lz4(elf), sparse: false },
  { name: 'guest.elf.bgz', bytes: bgzip(elf), sparse: false },
  { name: 'guest.elf.gz', bytes: gzip(elf), sparse: false },
  { name: 'deflated.zip', bytes: zip(elf, 8), sparse: false },
  { name: 'guest.flat', bytes: flattened(kdumpDump(guest, { pack: asIs }), 200_000), sparse: false },
];

let server: RangeServer;
beforeAll(async () => {
  server = await rangeServer(Object.fromEntries(files.map(({ name, bytes }) => [`/${name}`, bytes])));
});
afterAll(() => server.close());

/** What the map, the tree and the hex panes are made of. */
async function seen(source: ByteSource) {
  const session = await openSession(source, quietTask);
  const { leaves, tables, absentTables, counts } = await session.atlas(ROOT);
  const { runs } = (await session.openRoot({ ...(await session.considerRoot(ROOT.address, ROOT.mode)), mode: ROOT.mode })).atlas;
  const pages = await session.readPages(ROOT, 'machine', 0x333, 2);
  const { fingerprint, heldBytes, format } = await session.summary();
  return {
    ...{ leaves, tables, absentTables, counts, fingerprint, heldBytes, wrappers: format.wrappers, id: format.id },
    columns: [runs.firstPage, runs.firstFrame, runs.attrs].map((column) => Array.from<number>(column).slice(0, runs.count)),
    bytes: pages.map(({ bytes }) => Array.from(bytes)),
  };
}

test.each(files)('$name over a URL is what it is here, and no more of it is fetched than the format needs', async ({ name, bytes, sparse }) => {
  const here = await seen(bytesSource(bytes, name));
  expect(here.leaves).toBe(300);
  const remote = remoteFiles();
  expect(await seen(await remote.open(`${server.origin}/${name}`, name))).toEqual(here);
  const { traffic } = remote.meter;
  // The fingerprint alone samples twenty places.
  if (sparse) expect(traffic.bytes).toBeLessThan(0.4 * bytes.length);
  else expect(traffic.bytes).toBeLessThan(1.1 * bytes.length);
  expect(traffic.requests).toBeLessThan(60);
});

test('the parts of a split dump, each at its own address, are one image as they are here', async () => {
  const third = FRAMES / 3;
  const parts = [0, 1, 2].map((i) => kdumpDump(guest, { pack: asIs, split: { firstFrame: i * third, endFrame: (i + 1) * third } }));
  const split = await rangeServer(Object.fromEntries(parts.map((bytes, i) => [`/${i}`, bytes])));
  const all = ([first, ...others]: readonly ByteSource[]) => together([first ?? bytesSource(elf), ...others]);
  const at = (name: string) => ({ url: `${split.origin}/${name}`, name: `part ${name}` });
  try {
    const here = await seen(all(parts.map((bytes, i) => bytesSource(bytes, `part ${i}`))));
    expect(here.leaves).toBe(300);
    const remote = remoteFiles();
    expect(await seen(all(await remote.openAll(['2', '0', '1'].map(at))))).toEqual(here);
    expect(remote.meter.traffic.bytes).toBeLessThan(0.5 * remote.meter.traffic.size);
    await expect(remote.openAll(['1', '9'].map(at))).rejects.toThrow('“part 9”: The server has no such file: 404.');
  } finally {
    await split.close();
  }
});
