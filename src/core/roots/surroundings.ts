import { FRAME_BYTES } from '#core/memory/address.ts';
import { frameOfWide, P } from '#core/paging/entry.ts';
import type { KeptTables } from './kept-tables.ts';

const ROOT_BYTES = 32;
const LINES = FRAME_BYTES / ROOT_BYTES;

/** A frame in lines of 32 bytes. */
interface Lines {
  /** Present entries that lead where memory or devices may be. */
  readonly present: Uint8Array;
  /** Frame that the last entry names; -1 where it is not present. */
  readonly last: Float64Array;
}

/**
 * The frames that PAE roots lie in: an allocator puts such roots side by side, with what is left of former ones and other things as small,
 * while a piece of a page table has other entries around it.
 */
export class Surroundings {
  /** By frame. */
  readonly #lines = new Map<number, Lines>();
  readonly #roots = new Set<number>();

  async add({ reach, tables }: { readonly reach: { readonly highMost: number }; readonly tables: KeptTables }, address: number): Promise<void> {
    this.#roots.add(address);
    const frame = Math.floor(address / FRAME_BYTES);
    if (this.#lines.has(frame)) return;
    const [words] = await tables.read([frame]);
    this.#lines.set(frame, linesOf(words ?? new Uint32Array(0), reach.highMost));
  }

  /**
   * Present entries in the frame of a root, outside it, outside the other roots there and outside what ends with the same table as one of
   * these: that is left of a former root, into which the allocator has written.
   */
  around(address: number): number {
    const start = address - (address % FRAME_BYTES);
    const lines = this.#lines.get(start / FRAME_BYTES);
    if (lines === undefined) return 0;
    const isRoot = (line: number): boolean => this.#roots.has(start + line * ROOT_BYTES);
    const ends = new Set(lines.last.filter((_, line) => isRoot(line)));
    ends.delete(-1);
    return lines.present.reduce((sum, present, line) => (isRoot(line) || ends.has(lines.last[line] ?? -1) ? sum : sum + present), 0);
  }
}

function linesOf(words: Uint32Array, highMost: number): Lines {
  const lines = { present: new Uint8Array(LINES), last: new Float64Array(LINES).fill(-1) };
  for (let i = 0; i < words.length; i += 2) {
    const low = words[i] ?? 0;
    const high = (words[i + 1] ?? 0) & 0xf_ffff;
    if ((low & P) === 0 || high > highMost) continue;
    const line = Math.floor((i * 4) / ROOT_BYTES);
    lines.present[line] = (lines.present[line] ?? 0) + 1;
    if (i % 8 === 6) lines.last[line] = frameOfWide(low, high);
  }
  return lines;
}
