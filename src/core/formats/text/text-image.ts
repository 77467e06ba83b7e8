import { lastAtOrBelow } from '#core/base/bisect.ts';
import { FRAME_BYTES, type MachineAddress, machineAddress } from '#core/memory/address.ts';
import { bytesSource } from '#core/memory/byte-source.ts';
import { createExtentImage, type ExtentImage } from '#core/memory/extent-image.ts';
import type { Extent } from '#core/memory/extents.ts';
import { EXTENT_HELD, type ExtentColumns, type MachineRange, type MemoryImage, type MemoryPiece } from '#core/memory/memory-image.ts';
import type { PresenceRun } from '#core/memory/presence.ts';
import type { Fragment } from './fragments.ts';
import { layPage, type PageRun } from './page-runs.ts';
import type { PrintedBytes } from './printed-bytes.ts';
import type { TextRow } from './reading.ts';
import type { SourceText } from './source-text.ts';

/** Printed bytes in their place. */
interface PlacedBytes {
  /** Index in `PrintedBytes`. */
  readonly at: number;
  readonly length: number;
  /** Machine address. */
  readonly start: number;
  /** True where they were printed as the bytes of another place, of which this is the original. */
  readonly copy: boolean;
}

/** A text as machine memory: bytes come from what was printed, places are those of the words in the text. */
export class TextImage implements MemoryImage {
  readonly extents: ExtentColumns;
  readonly #image: ExtentImage;
  readonly #text: SourceText;
  readonly #printed: PrintedBytes;
  readonly #originals: readonly PlacedBytes[];
  readonly #originalAt: Float64Array;

  /** @param placed Where the printed bytes lie in memory; the same bytes may lie in several places, of which one is no copy. */
  constructor(image: ExtentImage, placed: readonly PlacedBytes[], printed: PrintedBytes, text: SourceText) {
    this.#image = image;
    this.#printed = printed;
    this.#text = text;
    this.#originals = [...placed]
      .sort((a, b) => a.at - b.at || Number(a.copy) - Number(b.copy))
      .filter((row, index, all) => all[index - 1]?.at !== row.at);
    this.#originalAt = Float64Array.from(this.#originals, ({ at }) => at);
    const { extents } = image;
    this.extents = { ...extents, fileOffset: extents.fileOffset.map((at, row) => (extents.kind[row] === EXTENT_HELD ? this.#fileOffset(at) : at)) };
  }

  get end(): MachineAddress {
    return this.#image.end;
  }

  get counters(): { reads: number; bytes: number } {
    return this.#image.counters;
  }

  async read(ranges: readonly MachineRange[]): Promise<readonly MemoryPiece[]> {
    const pieces = await this.#image.read(ranges);
    return pieces.map((piece) => ({ ...piece, presence: piece.presence.map((run) => this.#inText(run)) }));
  }

  readHeld(range: MachineRange, buffer: Uint8Array): Promise<Uint8Array> {
    return this.#image.readHeld(range, buffer);
  }

  whyAbsent(address: MachineAddress): string {
    return this.#image.whyAbsent(address);
  }

  locate(address: MachineAddress): { readonly fileOffset: number; readonly line?: number } | undefined {
    const inner = this.#image.locate(address);
    return inner === undefined ? undefined : { fileOffset: this.#fileOffset(inner.fileOffset), line: this.#printed.lineOf(inner.fileOffset) };
  }

  addressAt(fileOffset: number): MachineAddress | undefined {
    const byte = this.#printed.byteAtText(this.#text.indexAt(fileOffset));
    if (byte === undefined) return undefined;
    const row = this.#originals[lastAtOrBelow(this.#originalAt, byte)];
    return row !== undefined && byte < row.at + row.length ? machineAddress(row.start + byte - row.at) : undefined;
  }

  #fileOffset(printedIndex: number): number {
    return this.#text.fileOffset(this.#printed.textIndexOf(printedIndex));
  }

  #inText(run: PresenceRun): PresenceRun {
    return run.fileOffset === undefined ? run : { ...run, fileOffset: this.#fileOffset(run.fileOffset) };
  }
}

/** A frame (or, of what could not be placed, a virtual page) and all that the text says of it. */
export interface SaidPage {
  readonly number: number;
  readonly fragments: readonly Fragment[];
}

/** Memory made of what a text says; `wideZeros` yield to everything else. */
export function textImage(pages: Iterable<SaidPage>, wideZeros: readonly TextRow[], printed: PrintedBytes, text: SourceText): TextImage {
  const extents: Extent[] = [];
  const starts: number[] = [];
  const lines: number[] = [];
  const placed: PlacedBytes[] = [];
  for (const { number, fragments } of pages) {
    for (const run of layPage(fragments, printed).runs) {
      extents.push(extentOf(run, number * FRAME_BYTES));
      starts.push(number * FRAME_BYTES + run.offset);
      lines.push(run.fragment.line);
      if (run.fragment.presence === 'held') placed.push(placedBytes(run, number * FRAME_BYTES));
    }
  }
  const wide = wideZeros.map(({ page, offset, length }): Extent => ({ start: page * FRAME_BYTES + offset, length, presence: 'zero' }));
  const image = createExtentImage({
    source: bytesSource(printed.bytes, 'text'),
    extents: [...extents, ...wide],
    whyAbsent: () => 'not printed in the text',
    lines: { starts: Float64Array.from(starts), lines: Uint32Array.from(lines) },
  });
  return new TextImage(image, placed, printed, text);
}

function placedBytes({ offset, length, fragment }: PageRun, base: number): PlacedBytes {
  return { at: fragment.at + offset - fragment.offset, length, start: base + offset, copy: fragment.copy !== undefined };
}

/** One run as an extent over the printed bytes. */
function extentOf({ offset, length, fragment }: PageRun, base: number): Extent {
  const start = base + offset;
  if (fragment.presence === 'held') return { start, length, fileOffset: fragment.at + offset - fragment.offset };
  if (fragment.presence !== 'absent') return { start, length, presence: fragment.presence };
  return { start, length, presence: 'absent', reason: fragment.reason ?? 'not printed in the text' };
}
