/**
 * Derives a slim sparse ELF from a large ELF memory dump of a PAE guest: every page table reachable from the given roots, the frames
 * behind the given virtual addresses, and the notes of the original, so that roots and modes are found as in the whole.
 *
 *   node test/support/make-slim.mjs IN.elf OUT.elf.gz ROOT[,ROOT…] VA[+PAGES][,VA[+PAGES]…]      (all numbers hex)
 */
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const FRAME = 4096;
const [input, output, rootList, addressList] = process.argv.slice(2);
if (!addressList) throw new Error('IN.elf OUT.elf.gz ROOTS ADDRESSES');
const numbers = (text) => text.split(',').map((part) => Number.parseInt(part, 16));

const file = openSync(input, 'r');
const bytesAt = (offset, length) => {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
};

const head = bytesAt(0, 64);
if (head.readUInt32BE(0) !== 0x7f454c46 || head[4] !== 2) throw new Error('not a 64-bit class ELF');
const segments = segmentsOf(Number(head.readBigUInt64LE(32)), head.readUInt16LE(56));
const notes = segments.filter(({ type }) => type === 4);
const loads = segments.filter(({ type }) => type === 1);

function segmentsOf(offset, count) {
  const table = bytesAt(offset, count * 56);
  return Array.from({ length: count }, (_, i) => ({
    type: table.readUInt32LE(i * 56),
    offset: Number(table.readBigUInt64LE(i * 56 + 8)),
    address: Number(table.readBigUInt64LE(i * 56 + 24)),
    size: Number(table.readBigUInt64LE(i * 56 + 32)),
  }));
}

function frameBytes(frame) {
  const at = frame * FRAME;
  const load = loads.find(({ address, size }) => at >= address && at + FRAME <= address + size);
  return load && bytesAt(load.offset + at - load.address, FRAME);
}

const kept = new Map();
function keep(frame) {
  if (!kept.has(frame)) kept.set(frame, frameBytes(frame));
  return kept.get(frame);
}

const frameOf = (bytes, offset) => Number((bytes.readBigUInt64LE(offset) >> 12n) & 0xff_ffff_ffffn);
const low = (bytes, offset) => bytes.readUInt32LE(offset);

/** Tables below a table: PDPT (level 0), PD (1), PT (2). */
function keepTables(address, level, entries) {
  const bytes = keep(Math.floor(address / FRAME));
  if (!bytes || level === 2) return;
  for (let i = 0; i < entries; i++) {
    const at = (address % FRAME) + i * 8;
    const isTable = (low(bytes, at) & 1) === 1 && (level === 0 || (low(bytes, at) & 0x80) === 0);
    if (isTable) keepTables(frameOf(bytes, at) * FRAME, level + 1, 512);
  }
}

/** The frame that a root maps at a virtual page, if it maps one. */
function frameAt(root, page) {
  const pdpt = keep(Math.floor(root / FRAME));
  const slot = (root % FRAME) + Math.floor(page / 2 ** 18) * 8;
  if (!pdpt || (low(pdpt, slot) & 1) === 0) return undefined;
  const pd = keep(frameOf(pdpt, slot));
  const pde = (Math.floor(page / 512) % 512) * 8;
  if (!pd || (low(pd, pde) & 1) === 0) return undefined;
  if ((low(pd, pde) & 0x80) !== 0) return frameOf(pd, pde) - (frameOf(pd, pde) % 512) + (page % 512);
  const pt = keep(frameOf(pd, pde));
  const pte = (page % 512) * 8;
  return pt && (low(pt, pte) & 1) === 1 ? frameOf(pt, pte) : undefined;
}

for (const root of numbers(rootList)) {
  keepTables(root, 0, 4);
  for (const part of addressList.split(',')) {
    const [address, pages = '1'] = part.split('+');
    const first = Number.parseInt(address, 16) / FRAME;
    for (let page = first; page < first + Number.parseInt(pages, 16); page++) {
      const frame = frameAt(root, page);
      if (frame !== undefined) keep(frame);
    }
  }
}

/** Neighbouring frames become one segment. */
function runsOf(frames) {
  const runs = [];
  for (const frame of frames) {
    const last = runs.at(-1);
    if (last && last.first + last.count === frame) last.count += 1;
    else runs.push({ first: frame, count: 1 });
  }
  return runs;
}

const frames = [...kept].filter(([, bytes]) => bytes?.length === FRAME).map(([frame]) => frame);
frames.sort((one, other) => one - other);
const runs = runsOf(frames);
const noteBytes = Buffer.concat(notes.map(({ offset, size }) => bytesAt(offset, size)));
closeSync(file);

const headers = 1 + runs.length;
const noteOffset = 64 + headers * 56;
const dataOffset = Math.ceil((noteOffset + noteBytes.length) / FRAME) * FRAME;
const out = Buffer.alloc(dataOffset);
head.copy(out, 0, 0, 64);
out.writeBigUInt64LE(64n, 32);
out.writeBigUInt64LE(0n, 40);
out.writeUInt16LE(headers, 56);
out.fill(0, 58, 64);
noteBytes.copy(out, noteOffset);

function writeHeader(index, type, offset, address, size) {
  const at = 64 + index * 56;
  out.writeUInt32LE(type, at);
  out.writeBigUInt64LE(BigInt(offset), at + 8);
  out.writeBigUInt64LE(BigInt(address), at + 24);
  out.writeBigUInt64LE(BigInt(size), at + 32);
  out.writeBigUInt64LE(BigInt(size), at + 40);
}

writeHeader(0, 4, noteOffset, 0, noteBytes.length);
let offset = dataOffset;
runs.forEach(({ first, count }, i) => {
  writeHeader(1 + i, 1, offset, first * FRAME, count * FRAME);
  offset += count * FRAME;
});
const packed = gzipSync(Buffer.concat([out, ...frames.map((frame) => kept.get(frame))]), { level: 9 });
writeFileSync(output, packed);
process.stdout.write(`${frames.length} frames in ${runs.length} segments, ${packed.length} bytes packed\n`);
