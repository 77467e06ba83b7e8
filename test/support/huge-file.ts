import { open } from 'node:fs/promises';
import { SparseMemory } from './dump-builder.ts';
import { TableBuilder } from './table-builder.ts';

const GIB = 2 ** 30;

/** Root, tables and data of `writeHugeFile` lie far up: an offset cut to 31, 32, 33 or 35 bits would meet zeros. */
export const HUGE = {
  /** Bytes of the file. */
  size: 64 * GIB,
  /** A PML4. */
  root: 62 * GIB + 0x5000,
  /** Machine address of the first of 64 mapped pages, which begins with `text`; from there on 1 MiB is no zeros. */
  data: 63 * GIB + 0x123000,
  virtual: 0x7f12_3456_7000n,
  text: 'far above it all',
  /** Machine memory has "byte N GiB" at each. */
  marks: [2, 4, 8, 32].map((gibibytes) => ({ address: gibibytes * GIB, text: `byte ${gibibytes} GiB` })),
} as const;

const DATA_FRAMES = 256;

/** Raw memory of 64 GiB that takes some 1 MB of disk: the rest of the file is a hole. */
export async function writeHugeFile(path: string): Promise<void> {
  const memory = new SparseMemory();
  const builder = new TableBuilder(memory, '4-level', { root: HUGE.root, firstFrame: (62 * GIB) / 4096 + 16 });
  for (let page = 0n; page < 64n; page++) builder.map(HUGE.virtual + page * 4096n, BigInt(HUGE.data) + page * 4096n);
  for (const { address, text } of HUGE.marks) memory.write(address, new TextEncoder().encode(text.padEnd(16)));
  for (let frame = 0; frame < DATA_FRAMES; frame++) {
    const bytes = memory.frame(HUGE.data / 4096 + frame);
    for (let at = 0; at < bytes.length; at++) bytes[at] = 1 + ((at * at + frame) % 251);
  }
  memory.write(HUGE.data, new TextEncoder().encode(HUGE.text));
  const file = await open(path, 'w');
  await file.truncate(HUGE.size);
  for (const [frame, content] of memory.frames) await file.write(content, 0, content.length, frame * 4096);
  await file.close();
}
