import type { FilePlace } from '#core/memory/file-place.ts';

export type { FilePlace };

/** Something that has a place in the file. */
export interface Placed {
  /** Offset in the space `file`: in the file, or in what it unpacks to. Undefined where the dump does not hold it. */
  readonly fileOffset?: number;
  /** Set where the file is packed or rearranged: then `fileOffset` is no offset of the file's own. */
  readonly filePlace?: FilePlace;
}
