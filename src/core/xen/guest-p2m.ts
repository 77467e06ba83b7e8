import { hex, virtualHex } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import { FRAME_BYTES, machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { TableForest } from '#core/tables/fetch-tables.ts';
import { NO_FRAME, type P2m } from './frame-numbers.ts';
import { readVirtualPages } from './guest-memory.ts';
import type { SharedInfo } from './shared-info.ts';
import type { GuestAddress, StartInfo } from './start-info.ts';

/** 64 Mi words: a guest of 256 GB. */
const MOST_WORDS = 2 ** 26;
const BATCH_PAGES = 512;

/** Page number of an address in the root's space, without the sign extension. */
export const pageOf = ({ low, high }: GuestAddress, virtualBits: number): number =>
  (virtualBits <= 32 ? 0 : (high % 2 ** (virtualBits - 32)) * 2 ** 20) + (low >>> 12);

/** The P2M that the guest was given at boot: `start_info.mfn_list`, by virtual address. Undefined where the dump holds none of it. */
export function readMfnList(image: MemoryImage, forest: TableForest, info: StartInfo, task: Task): Promise<P2m | undefined> {
  return readList(image, forest, { name: 'start_info.mfn_list', start: info.mfnList, entries: info.nrPages, wordBytes: info.wordBytes }, task);
}

/**
 * The P2M that Linux keeps in one virtual stretch since Xen 4.5: `shared_info.arch.p2m_vaddr`, of max_pfn words.
 * @param forest Of a root that maps it: the one of p2m_cr3, or any with the same kernel half.
 */
export async function readLinearP2m(
  image: MemoryImage,
  forest: TableForest,
  info: SharedInfo,
  wordBytes: 4 | 8,
  task: Task,
): Promise<P2m | undefined> {
  if (!info.linearP2m) return undefined;
  return readList(image, forest, { name: 'shared_info’s p2m_vaddr', start: info.linearP2m.start, entries: info.maxPfn, wordBytes }, task);
}

interface VirtualList {
  readonly name: string;
  readonly start: GuestAddress;
  readonly entries: number;
  readonly wordBytes: 4 | 8;
}

async function readList(image: MemoryImage, forest: TableForest, list: VirtualList, task: Task): Promise<P2m | undefined> {
  const { entries, wordBytes } = list;
  const page = pageOf(list.start, forest.mode.virtualBits);
  const offset = list.start.low % FRAME_BYTES;
  // A list that begins amid a page is read by another field of later kernels; builders align it.
  if (offset !== 0 || entries > MOST_WORDS) return undefined;
  const words = FRAME_BYTES / wordBytes;
  const pages = Math.ceil(entries / words);
  const mfns = new Uint32Array(entries).fill(NO_FRAME);
  for (let at = 0; at < pages; at += BATCH_PAGES) {
    task.check();
    for (const read of await readVirtualPages(image, forest, page + at, Math.min(BATCH_PAGES, pages - at)))
      if (read.bytes) copyMfns(read.bytes, wordBytes, mfns, (read.page - page) * words);
  }
  const source = `${list.name} at ${virtualHex(page, 0, forest.mode.virtualBits)}`;
  return nonEmpty({ mfns, count: countFrames(mfns), source, place: { kind: 'virtual', page, offset, wordBytes } });
}

/**
 * The P2M that the guest keeps for its saver: `shared_info.arch.pfn_to_mfn_frame_list_list`, a page of MFNs of pages of MFNs of pages
 * of the P2M. Three levels and no more, so a cycle ends by itself.
 */
export async function readFrameLists(image: MemoryImage, info: SharedInfo, wordBytes: 4 | 8): Promise<P2m | undefined> {
  const words = FRAME_BYTES / wordBytes;
  const entries = Math.min(info.maxPfn, MOST_WORDS, words ** 3);
  if (info.frameListList === 0 || info.frameListList >= NO_FRAME || entries === 0) return undefined;
  const lists = await framesOn(image, [info.frameListList], wordBytes, Math.ceil(entries / words ** 2));
  const pages = await framesOn(image, lists, wordBytes, Math.ceil(entries / words));
  const mfns = await framesOn(image, pages, wordBytes, entries);
  const source = `shared_info’s frame lists, from MFN ${hex(info.frameListList)}`;
  return nonEmpty({ mfns, count: countFrames(mfns), source });
}

const nonEmpty = (p2m: P2m): P2m | undefined => (p2m.count > 0 ? p2m : undefined);

/** The words of pages one after the other, `count` in all; NO_FRAME where a page is not held. */
async function framesOn(image: MemoryImage, frames: readonly number[] | Uint32Array, wordBytes: 4 | 8, count: number): Promise<Uint32Array> {
  const words = FRAME_BYTES / wordBytes;
  const found = new Uint32Array(count).fill(NO_FRAME);
  for (let at = 0; at < frames.length; at += BATCH_PAGES) {
    const batch = Array.from(frames.slice(at, at + BATCH_PAGES));
    const pieces = await image.read(batch.map((frame) => ({ start: machineAddress(frame * FRAME_BYTES), length: FRAME_BYTES })));
    pieces.forEach((piece, index) => {
      if (piece.presence.every(({ presence }) => presence === 'held')) copyMfns(piece.bytes, wordBytes, found, (at + index) * words);
    });
  }
  return found;
}

/** 32-bit: bit 31 marks a frame of another domain (FOREIGN_FRAME_BIT); 64-bit words with anything above bit 31 are no MFN. */
function copyMfns(bytes: Uint8Array, wordBytes: 4 | 8, into: Uint32Array, at: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let offset = 0, word = at; offset < bytes.length && word < into.length; offset += wordBytes, word++) {
    const low = view.getUint32(offset, true);
    const isFrame = wordBytes === 4 ? low < 0x8000_0000 : view.getUint32(offset + 4, true) === 0;
    into[word] = isFrame ? low : NO_FRAME;
  }
}

function countFrames(mfns: Uint32Array): number {
  let count = 0;
  for (const mfn of mfns) if (mfn !== NO_FRAME) count++;
  return count;
}
