import { hex, virtualHex } from '#core/base/hex.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { type FrameWord, fileFact, fileText } from '#core/session/contract.ts';

/** One line of what is known of a word. */
export interface Fact {
  readonly name: string;
  readonly value?: string;
  readonly aside?: string;
  /** A hatched gap: the dump lacks it. */
  readonly hatched?: boolean;
}

interface WordFacts {
  readonly word: FrameWord;
  /** P2M of the word's PFN, where the word is one. */
  readonly back: FrameWord | undefined;
  readonly mode: PagingMode;
  readonly digits: number;
  readonly bytesPerWord: 4 | 8;
}

/** Where a frame's word lies by all its numbers, what it says, and whether the P2M agrees. */
export function factsOf({ word, back, mode, digits, bytesPerWord }: WordFacts): readonly Fact[] {
  return [
    { name: 'frame', value: hex(word.index, digits), aside: 'MFN' },
    { name: 'word at', ...placeOf(word, mode), aside: `base + ${hex(word.index)} × ${bytesPerWord}` },
    { name: 'machine', ...(word.machineAddress === undefined ? { aside: 'not mapped' } : { value: hex(word.machineAddress) }) },
    { ...fileFact(word), ...(word.fileOffset === undefined && { hatched: true, aside: word.reason ?? 'not in this dump' }) },
    { name: 'value', ...(word.value === undefined ? { hatched: true } : { value: hex(word.value, 8) }), aside: word.meaning },
    ...(back ? [{ name: `P2M[${hex(back.index)}]`, ...backOf(word, back) }, ...backPlace(back, mode)] : []),
  ];
}

function placeOf({ seenAt }: FrameWord, mode: PagingMode): Partial<Fact> {
  return seenAt ? { value: virtualHex(seenAt.page, seenAt.offset, mode.virtualBits) } : { hatched: true };
}

/** Where the word of the P2M lies: an address for the guest's own list, a place in the file for the dump's index. */
function backPlace(word: FrameWord, mode: PagingMode): readonly Fact[] {
  const { seenAt, fileOffset, reason } = word;
  if (!seenAt && fileOffset === undefined) return [];
  const aside = fileOffset === undefined ? (reason ?? 'not in this dump') : fileText(word);
  return [{ name: 'which is at', ...(seenAt && { value: virtualHex(seenAt.page, seenAt.offset, mode.virtualBits) }), aside }];
}

function backOf(word: FrameWord, back: FrameWord): Partial<Fact> {
  if (back.value === undefined) return { aside: back.meaning };
  return { value: hex(back.value), aside: back.value === word.index ? 'leads back: they agree' : 'another frame: they disagree' };
}
