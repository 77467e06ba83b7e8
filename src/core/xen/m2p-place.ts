import { FRAME_BYTES, type VirtualAddress, virtualPage } from '#core/memory/address.ts';

/** Where the table begins, and how wide its words are: all that places of words are worked out from. */
export interface M2pBase {
  /** Page of word 0. */
  readonly firstPage: number;
  readonly bytesPerWord: 4 | 8;
}

/** Virtual place of M2P[mfn]. */
export function m2pWordPlace({ firstPage, bytesPerWord }: M2pBase, mfn: number): VirtualAddress {
  const bytes = mfn * bytesPerWord;
  return { page: virtualPage(firstPage + Math.floor(bytes / FRAME_BYTES)), offset: bytes % FRAME_BYTES };
}

/** MFN of the word at an address; negative before the table. */
export const mfnOfWordAt = ({ firstPage, bytesPerWord }: M2pBase, { page, offset }: Pick<VirtualAddress, 'page' | 'offset'>): number =>
  Math.floor(((page - firstPage) * FRAME_BYTES + offset) / bytesPerWord);
