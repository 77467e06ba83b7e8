import { lastAtOrBelow } from '#core/base/bisect.ts';
import { type MachineAddress, machineAddress } from './address.ts';
import { EXTENT_HELD, type ExtentColumns } from './memory-image.ts';

/** The held extents in order of where they lie in the file: from a byte of the file to the byte of memory. */
export class FileOrder {
  readonly #extents: ExtentColumns;
  /** Rows of the extents, by file offset. */
  readonly #rows: Float64Array;
  readonly #offsets: Float64Array;
  /** #reach[i]: furthest end of rows 0 … i, since one part of a file may stand for several stretches of memory. */
  readonly #reach: Float64Array;

  constructor(extents: ExtentColumns) {
    const { fileOffset, length } = extents;
    const held = Array.from({ length: extents.count }, (_, row) => row).filter((row) => extents.kind[row] === EXTENT_HELD);
    this.#extents = extents;
    this.#rows = Float64Array.from(held.sort((a, b) => (fileOffset[a] ?? 0) - (fileOffset[b] ?? 0)));
    this.#offsets = this.#rows.map((row) => fileOffset[row] ?? 0);
    let reach = 0;
    this.#reach = this.#rows.map((row) => {
      reach = Math.max(reach, (fileOffset[row] ?? 0) + (length[row] ?? 0));
      return reach;
    });
  }

  addressAt(fileOffset: number): MachineAddress | undefined {
    const { start, length } = this.#extents;
    let at = lastAtOrBelow(this.#offsets, fileOffset);
    for (; at >= 0 && (this.#reach[at] ?? 0) > fileOffset; at--) {
      const row = this.#rows[at] ?? 0;
      const within = fileOffset - (this.#offsets[at] ?? 0);
      if (within < (length[row] ?? 0)) return machineAddress((start[row] ?? 0) + within);
    }
    return undefined;
  }
}
