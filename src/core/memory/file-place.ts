import type { ByteSource, Origin } from './byte-source.ts';

/** Where a byte of a source comes from in the file as it was given. Plain data. */
export interface FilePlace {
  /** Of the byte itself, or of the packed piece that it comes out of. Undefined where the file was unpacked in one. */
  readonly fileOffset?: number;
  /** The name of that file, where there are several. */
  readonly file?: string;
  /** The packed pieces that it comes out of, the file's own first: bytes of the piece, and the place in it once it is unpacked. */
  readonly packed: readonly NonNullable<Origin['packed']>[];
}

/** Where a byte of a source lies in the file that all is made of. @throws what reading a list of places throws. */
export async function filePlace(source: ByteSource, offset: number): Promise<FilePlace & { readonly file: string }> {
  const packed: NonNullable<Origin['packed']>[] = [];
  let at: Origin = { source, offset };
  while (at.source.origin) {
    const from = await at.source.origin(at.offset);
    if (from === undefined) return { file: at.source.name, packed };
    if (from.packed) packed.unshift(from.packed);
    at = from;
  }
  return { fileOffset: at.offset, file: at.source.name, packed };
}
