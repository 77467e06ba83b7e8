import type { MachineAddress } from './address.ts';
import type { ByteSource } from './byte-source.ts';
import type { MachineRange, MemoryImage, MemoryPiece } from './memory-image.ts';
import type { PresenceRun } from './presence.ts';

/** Bytes of a source that could not be had although others around them can. */
export interface LostRun {
  readonly offset: number;
  readonly length: number;
  readonly reason: string;
}

/** A source that may find, when it is read, that parts of it are damaged: there it gives zeros, and tells. */
export interface LossySource extends ByteSource {
  /** What of a stretch is known to be lost, ascending: all of it once the stretch has been read. */
  lost(offset: number, length: number): readonly LostRun[];
}

export const isLossy = (source: ByteSource): source is LossySource => 'lost' in source;

/** An image over a source that may lose parts: what turns out lost when it is read is absent, with the reason, and never zero. */
export function withLosses(image: MemoryImage, source: LossySource): MemoryImage {
  const lostAt = (address: MachineAddress): string | undefined => {
    const place = image.locate(address);
    return place && source.lost(place.fileOffset, 1)[0]?.reason;
  };
  return {
    extents: image.extents,
    end: image.end,
    ...(image.absences && { absences: image.absences }),
    counters: image.counters,
    read: async (ranges: readonly MachineRange[]) => (await image.read(ranges)).map((piece) => withoutLost(piece, source)),
    readHeld: (range, buffer) => image.readHeld(range, buffer),
    whyAbsent: (address) => lostAt(address) ?? image.whyAbsent(address),
    locate: (address) => (lostAt(address) === undefined ? image.locate(address) : undefined),
    addressAt: (fileOffset) => (source.lost(fileOffset, 1).length > 0 ? undefined : image.addressAt(fileOffset)),
  };
}

function withoutLost(piece: MemoryPiece, source: LossySource): MemoryPiece {
  const presence = piece.presence.flatMap((run) => splitRun(run, source));
  return presence.length === piece.presence.length && presence.every((run, i) => run === piece.presence[i]) ? piece : { ...piece, presence };
}

/** A held run in parts: those that are lost become absent. */
function splitRun(run: PresenceRun, source: LossySource): PresenceRun[] {
  if (run.presence !== 'held' || run.fileOffset === undefined) return [run];
  const start = run.fileOffset;
  const lost = source.lost(start, run.length);
  if (lost.length === 0) return [run];
  const parts: PresenceRun[] = [];
  let at = start;
  const keep = (end: number): void => {
    if (end > at) parts.push({ ...run, offset: run.offset + at - start, length: end - at, fileOffset: at });
  };
  for (const { offset, length, reason } of lost) {
    keep(offset);
    const from = Math.max(at, offset);
    at = Math.min(start + run.length, offset + length);
    parts.push({ offset: run.offset + from - start, length: at - from, presence: 'absent', reason });
  }
  keep(start + run.length);
  return parts;
}
