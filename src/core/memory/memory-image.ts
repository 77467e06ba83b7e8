import type { MachineAddress } from './address.ts';
import type { PresenceRun } from './presence.ts';

/** A stretch of machine memory asked for or given, in bytes. */
export interface MachineRange {
  readonly start: MachineAddress;
  readonly length: number;
}

/** Bytes of a stretch, with what is known of each: where `presence` does not say `held`, the bytes are 0 and mean nothing. */
export interface MemoryPiece {
  readonly start: MachineAddress;
  readonly bytes: Uint8Array;
  /** Sorted, contiguous, covering `bytes` exactly. */
  readonly presence: readonly PresenceRun[];
}

/** What a dump is once opened, whatever its format: machine memory with holes. */
export interface MemoryImage {
  /** Stretches that the dump speaks of, ascending, not overlapping. */
  readonly extents: ExtentColumns;
  /** One past the highest byte that the dump speaks of. */
  readonly end: MachineAddress;
  /** Reads stretches, coalesced into few reads of the source; results in the order asked for. */
  read(ranges: readonly MachineRange[]): Promise<readonly MemoryPiece[]>;
  /** Bytes of a stretch that one extent holds whole, for one pass over the image: in `buffer`, which is as long, where the medium can. Fewer where the source ends. */
  readHeld(range: MachineRange, buffer: Uint8Array): Promise<Uint8Array>;
  /** Stretches that the dump names and does not hold, ascending, disjoint; left out where the format tells of each byte only when asked. */
  readonly absences?: readonly Absence[];
  /** Why a byte is absent, in a few words with numbers. */
  whyAbsent(address: MachineAddress): string;
  /** Where a held byte lies in the source, and on which line of a text. Undefined if not held. */
  locate(address: MachineAddress): { readonly fileOffset: number; readonly line?: number } | undefined;
  /** Machine address of a byte of the file, if the file's byte is one of memory. */
  addressAt(fileOffset: number): MachineAddress | undefined;
  /** Reads of the source so far, and bytes: for the figures shown to the user and the bench. */
  readonly counters: { reads: number; bytes: number };
}

/** A stretch that the dump names and does not hold. */
export interface Absence {
  readonly start: number;
  readonly end: number;
  readonly reason: string;
}

/** Extents as columns; row i is [start, start + length). Ascending by start, no overlap. */
export interface ExtentColumns {
  readonly count: number;
  /** Machine address of the first byte. */
  readonly start: Float64Array;
  /** Bytes. */
  readonly length: Float64Array;
  /** Where the bytes lie in the source; meaningless unless `kind` is HELD. */
  readonly fileOffset: Float64Array;
  /** EXTENT_HELD, EXTENT_ZERO or EXTENT_ASSUMED_ZERO. */
  readonly kind: Uint8Array;
}

export const EXTENT_HELD = 0;
export const EXTENT_ZERO = 1;
export const EXTENT_ASSUMED_ZERO = 2;
