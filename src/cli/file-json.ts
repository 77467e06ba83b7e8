import type { Placed } from '#core/session/contract.ts';

/**
 * Keys are part of the command line's promise: add, never rename. `fileOffset` is the file's own, null where the byte is packed or not held;
 * of a file that is packed or rearranged `unpackedOffset` counts what it unpacks to, and `packed` tells the piece, its file's own first.
 */
export function fileJson({ fileOffset, filePlace }: Placed): object {
  if (!filePlace) return { fileOffset: fileOffset ?? null };
  const { file, packed } = filePlace;
  const isPlain = packed.length === 0;
  return {
    fileOffset: (isPlain ? filePlace.fileOffset : undefined) ?? null,
    ...(file !== undefined && { file }),
    unpackedOffset: fileOffset ?? null,
    ...(!isPlain && { packed: { fileOffset: filePlace.fileOffset ?? null, pieces: packed } }),
  };
}
