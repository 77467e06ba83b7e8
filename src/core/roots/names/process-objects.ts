import { FRAME_BYTES } from '#core/memory/address.ts';
import type { WordStretch } from './guess.ts';

/** DISPATCHER_HEADER.Type of a process (Windows KOBJECTS, ProcessObject). */
const PROCESS_OBJECT = 3;
/** Words from the start of KPROCESS to DirectoryTableBase: 28 and 18 bytes in. */
const WIDE_BASE = 10;
const NARROW_BASE = 6;
/** Lowest high word of a kernel address, and lowest kernel address of 4 bytes. */
const WIDE_KERNEL = 0xffff_8000;
const NARROW_KERNEL = 0x8000_0000;
const MARKS = 2 ** 16;
/** Objects kept: a guest has hundreds of processes. */
const MOST = 4096;

/** A process object and the root that it names: machine addresses. */
export interface ProcessObject {
  readonly place: number;
  readonly root: number;
}

/** Places that have the shape of a Windows process object which names one of these roots. */
export class ProcessObjects {
  readonly found: ProcessObject[] = [];
  readonly #roots: ReadonlyMap<number, unknown>;
  readonly #wordBytes: 4 | 8;
  /** One where a root may have these low bits: nearly all words are told from roots by it. */
  readonly #marks = new Uint8Array(MARKS);

  constructor(roots: ReadonlyMap<number, unknown>, wordBytes: 4 | 8) {
    this.#roots = roots;
    this.#wordBytes = wordBytes;
    for (const root of roots.keys()) this.#marks[(root / this.#step) % MARKS] = 1;
  }

  get #step(): number {
    return this.#wordBytes === 8 ? FRAME_BYTES : 32;
  }

  look(stretch: WordStretch): void {
    if (this.#wordBytes === 8) this.#lookWide(stretch);
    else this.#lookNarrow(stretch);
  }

  /** Bits 11:0 are no part of a base: where CR4.PCIDE is set they tell of the TLB. */
  #lookWide({ start, words }: WordStretch): void {
    for (let i = WIDE_BASE; i + 1 < words.length; i += 2) {
      const low = words[i] ?? 0;
      if (this.#marks[(low >>> 12) & (MARKS - 1)] === 0) continue;
      const root = (words[i + 1] ?? 0) * 2 ** 32 + low - (low % FRAME_BYTES);
      if (this.#roots.has(root) && isWideObject(words, i, start)) this.#add(start + (i - WIDE_BASE) * 4, root);
    }
  }

  #lookNarrow({ start, words }: WordStretch): void {
    for (let i = NARROW_BASE; i < words.length; i++) {
      const root = words[i] ?? 0;
      if (this.#marks[(root >>> 5) & (MARKS - 1)] === 0) continue;
      if (this.#roots.has(root) && isNarrowObject(words, i, start)) this.#add(start + (i - NARROW_BASE) * 4, root);
    }
  }

  #add(place: number, root: number): void {
    if (this.found.length < MOST) this.found.push({ place, root });
  }
}

/** The list before the base is empty: both its pointers lead to itself. */
function isWideObject(words: Uint32Array, base: number, start: number): boolean {
  const list = base - 4;
  const high = words[list + 1] ?? 0;
  const isEmpty = words[list] === words[list + 2] && high === words[list + 3] && isAt(words[list] ?? 0, start + list * 4);
  return isEmpty && high >= WIDE_KERNEL && isHeader(words[base - WIDE_BASE] ?? 0);
}

function isNarrowObject(words: Uint32Array, base: number, start: number): boolean {
  const list = base - 2;
  const pointer = words[list] ?? 0;
  return pointer === words[list + 1] && pointer >= NARROW_KERNEL && isAt(pointer, start + list * 4) && isHeader(words[base - NARROW_BASE] ?? 0);
}

/** A page is mapped where it will, but a byte keeps its place within. */
const isAt = (pointer: number, place: number): boolean => pointer % FRAME_BYTES === place % FRAME_BYTES;

const isHeader = (word: number): boolean => (word & 0xff) === PROCESS_OBJECT;
