import { zlibSync } from 'fflate';
import { compress as snappy } from 'snappyjs';
import { joinBytes, type SparseMemory } from './dump-builder.ts';

/** How a page is stored: a descriptor's flags, and the bytes. */
export interface StoredPage {
  readonly flags: number;
  readonly bytes: Uint8Array;
}

export interface KdumpShape {
  /** Fields of a 32-bit header. */
  readonly narrow?: boolean;
  readonly version?: number;
  readonly status?: number;
  readonly dumpLevel?: number;
  readonly split?: { readonly firstFrame: number; readonly endFrame: number };
  /** ELF notes. */
  readonly notes?: Uint8Array;
  readonly vmcoreinfo?: string;
  readonly physBase?: bigint;
  /** DISKDUMP: then the sub header is another. */
  readonly disk?: boolean;
  /** Frames that are memory and were left out. */
  readonly leftOut?: readonly number[];
  /** Frames up to which the dump speaks; by default one past the last. */
  readonly frames?: number;
  /** What the headers say of them, where it is not true. */
  readonly toldFrames?: number;
  pack?(page: Uint8Array, frame: number): StoredPage;
}

const BLOCK = 4096;

export const asIs = (bytes: Uint8Array): StoredPage => ({ flags: 0, bytes });
export const byZlib = (bytes: Uint8Array): StoredPage => ({ flags: 1, bytes: zlibSync(bytes) });
export const bySnappy = (bytes: Uint8Array): StoredPage => ({ flags: 4, bytes: snappy(bytes) });

/** A kdump-compressed dump, written from the description of the format (makedumpfile IMPLEMENTATION), not from what reads it. */
export function kdumpDump(memory: SparseMemory, shape: KdumpShape = {}): Uint8Array<ArrayBuffer> {
  const { narrow = false, version = 6, leftOut = [], pack = byZlib, split } = shape;
  const stored = [...memory.frames.keys()].sort((a, b) => a - b).filter((frame) => !split || (frame >= split.firstFrame && frame < split.endFrame));
  const frames = shape.frames ?? Math.max(0, ...memory.frames.keys(), ...leftOut) + 1;
  const notes = shape.notes ?? new Uint8Array(0);
  const info = new TextEncoder().encode(shape.vmcoreinfo ?? '');
  const subBytes = narrow ? 80 : 104;
  const subBlocks = Math.ceil((subBytes + notes.length + info.length) / BLOCK);
  const half = Math.ceil(frames / 8 / BLOCK);
  const header = headerBlock({
    disk: shape.disk ?? false,
    narrow,
    version,
    status: shape.status ?? 1,
    subBlocks,
    bitmapBlocks: 2 * half,
    frames: shape.toldFrames ?? frames,
  });
  const sub = new Uint8Array(subBlocks * BLOCK);
  writeSub(new DataView(sub.buffer), {
    narrow,
    frames: shape.toldFrames ?? frames,
    notes: notes.length,
    info: info.length,
    level: shape.dumpLevel ?? 0,
    split,
  });
  if (shape.physBase !== undefined) new DataView(sub.buffer).setBigInt64(0, shape.physBase, true);
  if (shape.disk) sub.fill(0xa5);
  sub.set(notes, subBytes);
  sub.set(info, subBytes + notes.length);
  const bitmaps = joinBytes([bitmap([...memory.frames.keys(), ...leftOut], half), bitmap(split ? [...memory.frames.keys()] : stored, half)]);
  const dataAt = (1 + subBlocks + 2 * half) * BLOCK + stored.length * 24;
  return joinBytes([
    header,
    sub,
    bitmaps,
    ...pages(
      stored.map((frame) => pack(memory.frame(frame), frame)),
      dataAt,
    ),
  ]);
}

interface HeaderFields {
  readonly disk: boolean;
  readonly narrow: boolean;
  readonly version: number;
  readonly status: number;
  readonly subBlocks: number;
  readonly bitmapBlocks: number;
  readonly frames: number;
}

function headerBlock({ disk, narrow, version, status, subBlocks, bitmapBlocks, frames }: HeaderFields): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const view = new DataView(block.buffer);
  block.set(new TextEncoder().encode(disk ? 'DISKDUMP' : 'KDUMP   '));
  view.setUint32(8, version, true);
  block.set(new TextEncoder().encode('Linux'), 12);
  block.set(new TextEncoder().encode('x86_64'), 12 + 4 * 65);
  const at = narrow ? 412 : 424;
  [status, BLOCK, subBlocks, bitmapBlocks, Math.min(frames, 0xffff_ffff)].forEach((word, i) => {
    view.setUint32(at + i * 4, word, true);
  });
  return block;
}

interface SubFields {
  readonly narrow: boolean;
  readonly frames: number;
  readonly notes: number;
  readonly info: number;
  readonly level: number;
  readonly split: KdumpShape['split'];
}

function writeSub(view: DataView, { narrow, frames, notes, info, level, split }: SubFields): void {
  const notesAt = BLOCK + (narrow ? 80 : 104);
  const u64 = (at: number, value: number): void => view.setBigUint64(at, BigInt(value), true);
  const word = (at: number, value: number): void => (narrow ? view.setUint32(at, value, true) : u64(at, value));
  view.setUint32(narrow ? 4 : 8, level, true);
  view.setUint32(narrow ? 8 : 12, split ? 1 : 0, true);
  u64(narrow ? 20 : 32, info > 0 ? notesAt + notes : 0);
  word(narrow ? 28 : 40, info);
  u64(narrow ? 32 : 48, notesAt);
  word(narrow ? 40 : 56, notes);
  const pfns = narrow ? 56 : 80;
  [split?.firstFrame ?? 0, split?.endFrame ?? 0, frames].forEach((value, i) => {
    u64(pfns + i * 8, value);
  });
}

function bitmap(frames: readonly number[], blocks: number): Uint8Array {
  const bits = new Uint8Array(blocks * BLOCK);
  for (const frame of frames) bits[frame >> 3] = (bits[frame >> 3] ?? 0) | (1 << (frame & 7));
  return bits;
}

/** Descriptors, then the pages; like ones are stored once, as makedumpfile does with pages of zeros. */
function pages(stored: readonly StoredPage[], dataAt: number): Uint8Array[] {
  const descriptors = new DataView(new ArrayBuffer(stored.length * 24));
  const places = new Map<string, number>();
  const data: Uint8Array[] = [];
  let at = dataAt;
  stored.forEach(({ flags, bytes }, i) => {
    const key = `${flags} ${Buffer.from(bytes).toString('latin1')}`;
    const place = places.get(key) ?? at;
    if (place === at) {
      places.set(key, at);
      data.push(bytes);
      at += bytes.length;
    }
    descriptors.setBigUint64(i * 24, BigInt(place), true);
    descriptors.setUint32(i * 24 + 8, bytes.length, true);
    descriptors.setUint32(i * 24 + 12, flags, true);
  });
  return [new Uint8Array(descriptors.buffer), ...data];
}

/** As `makedumpfile -F` streams a file: pieces of some size, the first written twice, and the last first. */
export function flattened(file: Uint8Array, pieceBytes = 5000): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(4096);
  header.set(new TextEncoder().encode('makedumpfile'));
  new DataView(header.buffer).setBigInt64(16, 1n);
  new DataView(header.buffer).setBigInt64(24, 1n);
  const places = Array.from({ length: Math.ceil(file.length / pieceBytes) }, (_, i) => i * pieceBytes);
  const piece = (at: number, bytes: Uint8Array): Uint8Array[] => [bigEndian(at), bigEndian(bytes.length), bytes];
  const early = piece(0, new Uint8Array(Math.min(64, file.length)).fill(0xee));
  const pieces = places.reverse().flatMap((at) => piece(at, file.subarray(at, at + pieceBytes)));
  return joinBytes([header, ...early, ...pieces, bigEndian(-1), bigEndian(-1)]);
}

function bigEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value));
  return bytes;
}
