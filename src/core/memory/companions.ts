import type { ByteSource } from './byte-source.ts';
import { isLossy } from './lossy-source.ts';

/** The source by itself. */
export const withoutCompanion = (source: ByteSource): ByteSource => ({
  name: source.name,
  size: source.size,
  read: (offset, length) => source.read(offset, length),
  ...(source.readInto && { readInto: source.readInto.bind(source) }),
  ...(source.origin && { origin: source.origin.bind(source) }),
  ...(isLossy(source) && { lost: (offset: number, length: number) => source.lost(offset, length) }),
});

export const withCompanion = (source: ByteSource, companion: ByteSource): ByteSource => ({ ...withoutCompanion(source), companion });
