import { lastAtOrBelow } from '#core/base/bisect.ts';
import { hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import { type MachineAddress, machineAddress } from './address.ts';
import { BlockCache } from './block-cache.ts';
import type { ByteSource } from './byte-source.ts';
import { type Extent, resolveExtents, rowAt } from './extents.ts';
import { FileOrder } from './file-order.ts';
import { type Absence, EXTENT_HELD, EXTENT_ZERO, type ExtentColumns, type MachineRange, type MemoryImage, type MemoryPiece } from './memory-image.ts';
import type { PresenceRun } from './presence.ts';

/** Which line of a text gave a byte: row i speaks of the bytes from starts[i] up to starts[i + 1]. */
export interface LineTable {
  /** Machine addresses, ascending. */
  readonly starts: Float64Array;
  /** Lines, 1-based; 0 = none. */
  readonly lines: Uint32Array;
}

export interface ExtentImageParts {
  readonly source: ByteSource;
  /** In any order; see `Extent`. */
  readonly extents: readonly Extent[];
  /** A better answer than the general one for an absent byte of which no extent says why. */
  readonly whyAbsent?: (address: MachineAddress) => string | undefined;
  readonly lines?: LineTable;
}

/** A memory image, and what was wrong with the extents it was made of (to be added to the dump's problems). */
export interface ExtentImage extends MemoryImage {
  readonly problems: readonly Problem[];
}

/** Memory as extents over a source: presence to the byte, reads joined and cached. What lies past the source's end is absent. */
export function createExtentImage(parts: ExtentImageParts): ExtentImage {
  const { columns, absences, problems } = resolveExtents(parts.extents, parts.source.size);
  return new SourceImage(parts, columns, absences, problems);
}

/** Memory as columns made by the caller, where there may be a million rows: ascending, disjoint, and within the source. */
export function createColumnImage(
  source: ByteSource,
  columns: ExtentColumns,
  whyAbsent: (address: MachineAddress) => string | undefined,
): ExtentImage {
  return new SourceImage({ source, extents: [], whyAbsent }, columns, [], []);
}

class SourceImage implements ExtentImage {
  readonly extents: ExtentColumns;
  readonly end: MachineAddress;
  readonly problems: readonly Problem[];
  readonly #parts: ExtentImageParts;
  readonly absences: readonly Absence[];
  readonly #absenceStarts: Float64Array;
  readonly #cache: BlockCache;
  /** Made when first asked. */
  #byFile: FileOrder | undefined;

  constructor(parts: ExtentImageParts, columns: ExtentColumns, absences: readonly Absence[], problems: readonly Problem[]) {
    this.#parts = parts;
    this.extents = columns;
    this.problems = problems;
    this.absences = absences;
    this.#absenceStarts = Float64Array.from(absences, ({ start }) => start);
    this.#cache = new BlockCache(parts.source);
    const last = columns.count - 1;
    this.end = machineAddress(last < 0 ? 0 : (columns.start[last] ?? 0) + (columns.length[last] ?? 0));
  }

  get counters(): { reads: number; bytes: number } {
    return this.#cache.counters;
  }

  async read(ranges: readonly MachineRange[]): Promise<readonly MemoryPiece[]> {
    const runs = ranges.map((range) => this.#runs(range));
    const held = runs.flatMap((list) => list.filter(isHeld));
    const read = await this.#cache.read(held.map(({ fileOffset, length }) => ({ offset: fileOffset, length })));
    const bytesOfRun = new Map(held.map((run, index) => [run, read[index] ?? new Uint8Array(0)]));
    return ranges.map((range, index) => assemble(range, runs[index] ?? [], bytesOfRun));
  }

  async readHeld(range: MachineRange, buffer: Uint8Array): Promise<Uint8Array> {
    const fileOffset = this.locate(range.start)?.fileOffset;
    const { source } = this.#parts;
    if (source.readInto === undefined || fileOffset === undefined) return (await this.read([range]))[0]?.bytes ?? buffer.subarray(0, 0);
    const read = await source.readInto(fileOffset, buffer);
    this.#cache.counters.reads++;
    this.#cache.counters.bytes += read;
    return buffer.subarray(0, read);
  }

  whyAbsent(address: MachineAddress): string {
    const absence = this.absences[lastAtOrBelow(this.#absenceStarts, address)];
    if (absence !== undefined && address < absence.end) return absence.reason;
    return this.#parts.whyAbsent?.(address) ?? this.#generalReason(address);
  }

  locate(address: MachineAddress): { readonly fileOffset: number; readonly line?: number } | undefined {
    const row = rowAt(this.extents, address);
    if (row < 0 || this.extents.kind[row] !== EXTENT_HELD) return undefined;
    const fileOffset = (this.extents.fileOffset[row] ?? 0) + address - (this.extents.start[row] ?? 0);
    const { line } = this.#lineAt(address);
    return line === undefined ? { fileOffset } : { fileOffset, line };
  }

  addressAt(fileOffset: number): MachineAddress | undefined {
    this.#byFile ??= new FileOrder(this.extents);
    return this.#byFile.addressAt(fileOffset);
  }

  /** Line of the byte, and the address where the next line's bytes begin. */
  #lineAt(address: number): { readonly line: number | undefined; readonly until: number } {
    const table = this.#parts.lines;
    if (table === undefined) return { line: undefined, until: Number.POSITIVE_INFINITY };
    const row = lastAtOrBelow(table.starts, address);
    const line = table.lines[row] ?? 0;
    return { line: line === 0 ? undefined : line, until: table.starts[row + 1] ?? Number.POSITIVE_INFINITY };
  }

  #runs(range: MachineRange): PresenceRun[] {
    const runs: PresenceRun[] = [];
    const end = range.start + range.length;
    for (let at: number = range.start; at < end; ) {
      const run = this.#runAt(at, end, at - range.start);
      runs.push(run);
      at += run.length;
    }
    return runs;
  }

  /** The run that begins at an address and ends where its extent, its line or the range does. `offset`: of the run in its piece. */
  #runAt(at: number, end: number, offset: number): PresenceRun {
    const row = rowAt(this.extents, at);
    if (row < 0) return this.#absentRun(at, end, offset);
    const { start, length, fileOffset, kind } = this.extents;
    const { line, until } = this.#lineAt(at);
    const stop = Math.min(end, until, (start[row] ?? 0) + (length[row] ?? 0));
    const known = line === undefined ? { offset, length: stop - at } : { offset, length: stop - at, line };
    if (kind[row] !== EXTENT_HELD) return { ...known, presence: kind[row] === EXTENT_ZERO ? 'zero' : 'assumed-zero' };
    return { ...known, presence: 'held', fileOffset: (fileOffset[row] ?? 0) + at - (start[row] ?? 0) };
  }

  #absentRun(at: number, end: number, offset: number): PresenceRun {
    const nextRow = lastAtOrBelow(this.extents.start, at) + 1;
    const nextStart = this.extents.start[nextRow];
    const stop = Math.min(end, this.#absenceEdge(at), nextRow < this.extents.count && nextStart !== undefined ? nextStart : end);
    return { offset, length: stop - at, presence: 'absent', reason: this.whyAbsent(machineAddress(at)) };
  }

  /** Where the reason for being absent may next change. */
  #absenceEdge(at: number): number {
    const row = lastAtOrBelow(this.#absenceStarts, at);
    const current = this.absences[row];
    if (current !== undefined && at < current.end) return current.end;
    return this.absences[row + 1]?.start ?? Number.POSITIVE_INFINITY;
  }

  #generalReason(address: number): string {
    if (this.extents.count === 0) return 'the dump holds no memory';
    if (address >= this.end) return `above the highest address in the dump (${hex(this.end - 1)})`;
    const row = lastAtOrBelow(this.extents.start, address);
    const before = row < 0 ? 0 : (this.extents.start[row] ?? 0) + (this.extents.length[row] ?? 0);
    return `in a gap of the dump (${hex(before)} to ${hex((this.extents.start[row + 1] ?? 0) - 1)})`;
  }
}

interface HeldRun extends PresenceRun {
  readonly fileOffset: number;
}

const isHeld = (run: PresenceRun): run is HeldRun => run.presence === 'held' && run.fileOffset !== undefined;

/** Where the source gave fewer bytes than its size promised, the rest of the run becomes absent. */
function assemble(range: MachineRange, runs: readonly PresenceRun[], bytesOfRun: ReadonlyMap<PresenceRun, Uint8Array>): MemoryPiece {
  const only = runs[0];
  const whole = only === undefined ? undefined : bytesOfRun.get(only);
  if (runs.length === 1 && whole?.length === range.length) return { start: range.start, bytes: whole, presence: runs };
  const bytes = new Uint8Array(range.length);
  const presence = runs.flatMap((run) => {
    const read = bytesOfRun.get(run);
    if (read !== undefined) bytes.set(read, run.offset);
    return read === undefined || read.length === run.length ? [run] : shortRun(run, read.length);
  });
  return { start: range.start, bytes, presence };
}

function shortRun(run: PresenceRun, read: number): PresenceRun[] {
  const lost: PresenceRun = {
    offset: run.offset + read,
    length: run.length - read,
    presence: 'absent',
    reason: 'the file gave fewer bytes than its size says',
  };
  return read === 0 ? [lost] : [{ ...run, length: read }, lost];
}
