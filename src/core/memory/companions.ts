import type { ByteSource } from './byte-source.ts';
import { isLossy } from './lossy-source.ts';

/** A source and all that were given together with it. */
export function filesOf(source: ByteSource): ByteSource[] {
  const files: ByteSource[] = [];
  for (let file: ByteSource | undefined = source; file !== undefined; file = file.companion) files.push(file);
  return files;
}

/** Sources as they are given together: each the companion of the one before. */
export const together = ([first, ...others]: readonly [ByteSource, ...ByteSource[]]): ByteSource => {
  const [second, ...rest] = others;
  return second ? { ...withoutCompanion(first), companion: together([second, ...rest]) } : withoutCompanion(first);
};

/** The source by itself. */
export const withoutCompanion = (source: ByteSource): ByteSource => ({
  name: source.name,
  size: source.size,
  read: (offset, length) => source.read(offset, length),
  ...(source.readInto && { readInto: source.readInto.bind(source) }),
  ...(source.origin && { origin: source.origin.bind(source) }),
  ...(isLossy(source) && { lost: (offset: number, length: number) => source.lost(offset, length) }),
});
