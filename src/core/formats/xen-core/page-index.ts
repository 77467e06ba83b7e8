import type { Task } from '#core/base/task.ts';
import type { ByteSource } from '#core/memory/byte-source.ts';
import { NO_FRAME } from '#core/xen/frame-numbers.ts';
import type { Section } from './sections.ts';

/** Row i speaks of page i of the file. NO_FRAME in either column: padding, or a number that no x86 machine has. */
export interface PageIndex {
  readonly pfns: Uint32Array;
  readonly mfns: Uint32Array;
  /** Rows the section should have; more than the columns' length where the file ends early. */
  readonly promised: number;
  /** Rows of ~0, which pad the dump of a running guest. */
  readonly padding: number;
}

/** How numbers stand in an index. */
export interface IndexShape {
  /** Words in an entry and their width: (PFN, MFN) pairs, or one number. */
  readonly words: 1 | 2;
  readonly wordBytes: 4 | 8;
}

/** 4 MiB at a time. */
const CHUNK = 4 * 2 ** 20;

/** Reads an index of numbers: pairs (pfn, mfn), or single numbers, which are put in both columns. At most `most` rows. */
export async function readIndex(source: ByteSource, section: Section, shape: IndexShape, most: number, task: Task): Promise<PageIndex> {
  const entryBytes = shape.words * shape.wordBytes;
  const promised = Math.floor(section.fileBytes / entryBytes);
  const held = Math.max(0, Math.floor((source.size - section.offset) / entryBytes));
  const rows = Math.min(promised, held, most);
  const pfns = new Uint32Array(rows);
  const mfns = shape.words === 1 ? pfns : new Uint32Array(rows);
  let done = 0;
  while (done < rows) {
    task.check();
    task.report({ step: 'reading the index of frames', done, total: rows });
    const bytes = await source.read(section.offset + done * entryBytes, Math.min(rows - done, CHUNK / entryBytes) * entryBytes);
    const got = Math.floor(bytes.length / entryBytes);
    if (got === 0) break;
    const view = new DataView(bytes.buffer, bytes.byteOffset, got * entryBytes);
    column(view, 0, shape, pfns, done);
    if (shape.words === 2) column(view, shape.wordBytes, shape, mfns, done);
    done += got;
  }
  const padding = countPadding(pfns, mfns, done);
  return { pfns: pfns.subarray(0, done), mfns: mfns.subarray(0, done), promised, padding };
}

function column(view: DataView, from: number, { words, wordBytes }: IndexShape, into: Uint32Array, at: number): void {
  const step = words * wordBytes;
  for (let offset = from, row = at; offset < view.byteLength; offset += step, row++) {
    const high = wordBytes === 8 ? view.getUint32(offset + 4, true) : 0;
    into[row] = high === 0 ? view.getUint32(offset, true) : NO_FRAME;
  }
}

function countPadding(pfns: Uint32Array, mfns: Uint32Array, rows: number): number {
  let padding = 0;
  for (let row = 0; row < rows; row++) if (pfns[row] === NO_FRAME || mfns[row] === NO_FRAME) padding++;
  return padding;
}
