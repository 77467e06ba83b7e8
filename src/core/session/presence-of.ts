import { machineAddress } from '#core/memory/address.ts';
import { rowAt } from '#core/memory/extents.ts';
import { EXTENT_ASSUMED_ZERO, EXTENT_ZERO, type MemoryImage } from '#core/memory/memory-image.ts';
import type { Presence } from '#core/memory/presence.ts';

/** What the dump says of one machine byte, without reading it. */
export interface BytePresence {
  readonly presence: Presence;
  readonly fileOffset?: number;
  readonly line?: number;
  readonly reason?: string;
}

export function presenceOf(image: MemoryImage, address: number): BytePresence {
  const at = machineAddress(address);
  const place = image.locate(at);
  if (place) return { presence: 'held', ...place };
  const { extents } = image;
  const kind = extents.kind[rowAt(extents, address)];
  if (kind === EXTENT_ZERO) return { presence: 'zero' };
  if (kind === EXTENT_ASSUMED_ZERO) return { presence: 'assumed-zero' };
  return { presence: 'absent', reason: image.whyAbsent(at) };
}
