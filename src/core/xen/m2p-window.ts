import { virtualHex } from '#core/base/hex.ts';
import type { Task } from '#core/base/task.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import type { TableForest } from '#core/tables/fetch-tables.ts';
import { type MappedStretch, mappedStretches, readVirtualPages, type VirtualPageBytes } from './guest-memory.ts';
import { type M2p, narrowM2pWord, PAGE_ABSENT, PAGE_HELD, PAGE_PARTLY, PAGE_UNMAPPED } from './m2p.ts';
import type { M2pBase } from './m2p-place.ts';

/** Where a layout says the M2P may be seen. */
export interface M2pSpan {
  readonly firstPage: number;
  readonly pageCount: number;
  readonly bytesPerWord: 4 | 8;
  /** False where the table may begin higher than the span: a 64-bit Xen places a dom0's compat window by the size of RAM. */
  readonly startsWithSpan: boolean;
}

/** The M2P as a root maps it. */
export interface M2pWindow extends M2pBase {
  /** What is mapped of it, low to high; never empty. */
  readonly stretches: readonly MappedStretch[];
  /** Words up to the end of what is mapped. */
  readonly entries: number;
}

/** 16 Mi words: the M2P of a machine of 64 GB. Beyond, words are read one by one when asked for. */
const MOST_WORDS = 2 ** 24;
/** 2 MB of table at a time. */
const BATCH_PAGES = 512;

/** The first of the spans in which anything is mapped. */
export function findM2pWindow(forest: TableForest, spans: readonly M2pSpan[]): M2pWindow | undefined {
  for (const span of spans) {
    const stretches = mappedStretches(forest, span.firstPage, span.pageCount);
    const first = stretches[0];
    const last = stretches.at(-1);
    if (!first || !last) continue;
    const base = m2pBase(span, first.page);
    const entries = ((last.page + last.pages - base.firstPage) * FRAME_BYTES) / span.bytesPerWord;
    return { ...base, stretches, entries };
  }
  return undefined;
}

/** The table in a span of which this is the first page that is mapped. */
export const m2pBase = ({ startsWithSpan, firstPage, bytesPerWord }: M2pSpan, firstMapped: number): M2pBase => ({
  firstPage: startsWithSpan ? firstPage : firstMapped,
  bytesPerWord,
});

/** Reads the window into one flat column, up to 64 GB of machine memory. */
export async function readM2p(image: MemoryImage, forest: TableForest, window: M2pWindow, task: Task): Promise<M2p> {
  const column = new M2pColumn(window);
  const pages = column.held.length;
  for (let at = 0; at < pages; at += BATCH_PAGES) {
    task.check();
    task.report({ step: 'reading the M2P', done: at, total: pages });
    const reads = await readVirtualPages(image, forest, window.firstPage + at, Math.min(BATCH_PAGES, pages - at));
    for (const read of reads) column.take(read);
  }
  const { words, held, parts, wordsPerPage } = column;
  const source = `the M2P mapped at ${virtualHex(window.firstPage, 0, forest.mode.virtualBits)}`;
  return { words, held, ...(parts.size > 0 && { parts }), wordsPerPage, source };
}

/** The column while it is being filled. */
class M2pColumn {
  readonly #window: M2pWindow;
  readonly wordsPerPage: number;
  readonly words: Uint32Array;
  readonly held: Uint8Array;
  readonly parts = new Map<number, Uint8Array>();

  constructor(window: M2pWindow) {
    this.#window = window;
    this.wordsPerPage = FRAME_BYTES / window.bytesPerWord;
    this.words = new Uint32Array(Math.min(window.entries, MOST_WORDS));
    this.held = new Uint8Array(Math.ceil(this.words.length / this.wordsPerPage)).fill(PAGE_UNMAPPED);
  }

  take({ page, bytes, partly }: VirtualPageBytes): void {
    const { bytesPerWord, firstPage } = this.#window;
    const row = page - firstPage;
    this.held[row] = bytes ? PAGE_HELD : partly ? PAGE_PARTLY : PAGE_ABSENT;
    if (partly) this.parts.set(row, wordMask(partly.mask, bytesPerWord));
    const read = bytes ?? partly?.bytes;
    if (read) copyWords(read, bytesPerWord, this.words, row * this.wordsPerPage);
  }
}

/** 1 for each word of which every byte is there. */
function wordMask(bytes: Uint8Array, bytesPerWord: 4 | 8): Uint8Array {
  const mask = new Uint8Array(bytes.length / bytesPerWord);
  for (let word = 0; word < mask.length; word++) mask[word] = bytes.subarray(word * bytesPerWord, (word + 1) * bytesPerWord).includes(0) ? 0 : 1;
  return mask;
}

function copyWords(bytes: Uint8Array, bytesPerWord: 4 | 8, into: Uint32Array, at: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let offset = 0, word = at; offset < bytes.length; offset += bytesPerWord, word++) {
    const low = view.getUint32(offset, true);
    into[word] = bytesPerWord === 4 ? low : narrowM2pWord(low, view.getUint32(offset + 4, true));
  }
}
