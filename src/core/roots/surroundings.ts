import { FRAME_BYTES } from '#core/memory/address.ts';
import { P } from '#core/paging/entry.ts';
import type { KeptTables } from './kept-tables.ts';

const ROOT_BYTES = 32;
const LINES = FRAME_BYTES / ROOT_BYTES;

/** The frames that PAE roots lie in: an allocator puts such roots side by side, while a piece of a page table has other entries around it. */
export class Surroundings {
  /** By frame: present entries in each line of 32 bytes. */
  readonly #present = new Map<number, Uint8Array>();
  readonly #roots = new Set<number>();

  async add(tables: KeptTables, address: number): Promise<void> {
    this.#roots.add(address);
    const frame = Math.floor(address / FRAME_BYTES);
    if (this.#present.has(frame)) return;
    const [words] = await tables.read([frame]);
    const lines = new Uint8Array(LINES);
    for (let i = 0; words && i < words.length; i += 2) {
      const line = Math.floor(i / (ROOT_BYTES / 4));
      if (((words[i] ?? 0) & P) !== 0) lines[line] = (lines[line] ?? 0) + 1;
    }
    this.#present.set(frame, lines);
  }

  /** Present entries in the frame of a root, outside it and outside the other roots there. */
  around(address: number): number {
    const start = address - (address % FRAME_BYTES);
    const lines = this.#present.get(start / FRAME_BYTES) ?? new Uint8Array(0);
    let sum = 0;
    lines.forEach((present, line) => {
      if (!this.#roots.has(start + line * ROOT_BYTES)) sum += present;
    });
    return sum;
  }
}
