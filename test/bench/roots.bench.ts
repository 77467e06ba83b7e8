/**
 * What looking for roots costs, beside plainly reading the same file through the same reader: a raw image of 256 MiB as a guest's memory is
 * made up (zeros, noise, text, pointers, page tables), on disk and read before, so that the disk is not what is measured.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bench } from 'tinybench';
import { openFile } from '#cli/node-byte-source.ts';
import { quietTask } from '#core/base/task.ts';
import { openDump } from '#core/formats/index.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { findRoots } from '#core/roots/find-roots.ts';
import { SparseMemory } from '../support/dump-builder.ts';
import { TableBuilder } from '../support/table-builder.ts';

const FRAMES = 65_536;
const FRAME = 4096;
const BLOCK = 8 * 2 ** 20;
/** Of ten frames: six of zeros, then noise, text, and pointers as heaps hold them. */
const KINDS = ['zero', 'zero', 'zero', 'zero', 'zero', 'zero', 'noise', 'text', 'pointers', 'pointers'] as const;
const TEXT = 'The quick brown fox jumps over the lazy dog. ';

/** xorshift32: the same image every time. */
let state = 1;
function random(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state >>> 0;
}

function fillFrame(bytes: Uint8Array, kind: (typeof KINDS)[number]): void {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, FRAME / 4);
  if (kind === 'noise') for (let i = 0; i < words.length; i++) words[i] = random();
  if (kind === 'text') for (let i = 0; i < FRAME; i++) bytes[i] = TEXT.charCodeAt(i % TEXT.length);
  if (kind === 'pointers')
    for (let i = 0; i < words.length; i += 2 + (random() % 8)) {
      words[i & ~1] = (random() & ~7) >>> 0;
      words[i | 1] = 0xffff_8880;
    }
}

function guestMemory(): Uint8Array {
  const bytes = new Uint8Array(FRAMES * FRAME);
  for (let frame = 0; frame < FRAMES; frame++)
    fillFrame(bytes.subarray(frame * FRAME, (frame + 1) * FRAME), KINDS[random() % KINDS.length] ?? 'zero');
  const memory = new SparseMemory();
  for (let process = 0; process < 8; process++) {
    const tables = new TableBuilder(memory, 'pae', { root: (0x1000 + process) * FRAME, firstFrame: 0x2000 + process * 0x100 });
    for (let page = 0; page < 16_384; page++) tables.map(BigInt(0xc000_0000 + page * FRAME), BigInt(page * FRAME), { flags: 0x63n });
    for (let page = 0; page < 64; page++) tables.map(BigInt(0x40_0000 + page * FRAME), BigInt((random() % FRAMES) * FRAME));
  }
  for (const [frame, content] of memory.frames) bytes.set(content, frame * FRAME);
  return bytes;
}

async function readPlainly(source: ByteSource): Promise<void> {
  for (let at = 0; at < source.size; at += BLOCK) await source.read(at, BLOCK);
}

async function measure(source: ByteSource): Promise<void> {
  const { dump } = await openDump(source, quietTask, { formatId: 'raw' });
  const bench = new Bench({ time: 0, iterations: 7, warmupTime: 0, warmupIterations: 1 });
  let found = 0;
  bench.add('plain', () => readPlainly(source));
  bench.add('scan', async () => {
    found = (await findRoots(dump.image, quietTask, () => undefined)).length;
  });
  await bench.run();
  const [plain, scan] = bench.tasks.map(({ result }) => ('latency' in result ? result.latency.p50 : Number.NaN));
  if (plain === undefined || scan === undefined || found === 0) throw new Error('nothing was measured, or no root found');
  const speed = (milliseconds: number) => `${(source.size / milliseconds / 1e6).toFixed(2)} GB/s  ${milliseconds.toFixed(0).padStart(6)} ms`;
  const lines = [
    '256 MiB raw image, six frames of ten zero',
    `  plain reading, one block after another   ${speed(plain)}`,
    `  root scan, ${found} roots found               ${speed(scan)}   ${((plain / scan) * 100).toFixed(0)} % of plain reading   aim: 80 %`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

const folder = await mkdtemp(join(tmpdir(), 'pagewalk-bench-'));
try {
  const path = join(folder, 'image.raw');
  await writeFile(path, guestMemory());
  const file = await openFile(path);
  await measure(file.source);
  await file.close();
} finally {
  await rm(folder, { recursive: true, force: true });
}
