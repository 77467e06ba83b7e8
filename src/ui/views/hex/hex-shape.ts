import type { BytePage } from '#core/session/contract.ts';
import type { RowShape } from './hex-rows.ts';
import { PAGE_BYTES } from './hex-rows.ts';
import { type WordBytes, wordAt } from './hex-words.ts';
import { xenWordBytes } from './xen-words.ts';

/** Room for the words of a row, in characters of the number face; boxes cost extra. */
export interface Room {
  readonly characters: number;
  /** Characters that the box round a word and the gap to the next take: of a word of 16 digits, and of a shorter one. */
  readonly entryBox: number;
  readonly wordBox: number;
}

/** Words a row may hold, best first. */
const WORDS: Readonly<Record<2 | 4 | 8, readonly number[]>> = { 2: [8, 4, 2], 4: [8, 4, 2, 1], 8: [4, 2, 1] };

const BYTES: readonly RowShape[] = [
  { wordBytes: 1, wordsPerRow: 16, digits: 2, text: true },
  { wordBytes: 1, wordsPerRow: 8, digits: 2, text: true },
  { wordBytes: 1, wordsPerRow: 8, digits: 2, text: false },
  { wordBytes: 1, wordsPerRow: 4, digits: 2, text: false },
];

/** An entry without its six top digits still shows machine addresses up to 40 bits. */
const FOLDED_DIGITS = 10;

/** The shape that shows most in the room there is. A word is never cut: top zeros fold only where all words of the page have them. */
export function fitShape(page: BytePage | undefined, wordBytes: WordBytes, room: Room): RowShape {
  const candidates = wordBytes === 1 ? BYTES : wordShapes(wordBytes, wordBytes === 8 && page !== undefined && topsAreZero(page));
  const fitting = candidates.find((shape) => charactersOf(shape, room) <= room.characters);
  return fitting ?? candidates.at(-1) ?? { wordBytes, wordsPerRow: 1, digits: wordBytes * 2, text: false };
}

function wordShapes(wordBytes: 2 | 4 | 8, foldable: boolean): readonly RowShape[] {
  const digits = foldable ? [wordBytes * 2, FOLDED_DIGITS] : [wordBytes * 2];
  return WORDS[wordBytes].flatMap((wordsPerRow) => digits.map((d) => ({ wordBytes, wordsPerRow, digits: d, text: false })));
}

/** Characters between two bytes, more after every fourth, and before the text. */
const BYTE_GAP = 1;
const FOURS_GAP = 0.5;
const TEXT_GAP = 1.5;

function charactersOf(shape: RowShape, room: Room): number {
  const { wordsPerRow } = shape;
  if (shape.wordBytes > 1) return wordsPerRow * (shape.digits + (shape.digits === 16 ? room.entryBox : room.wordBox));
  const bytes = wordsPerRow * (2 + BYTE_GAP) - BYTE_GAP + (Math.ceil(wordsPerRow / 4) - 1) * FOURS_GAP;
  return bytes + (shape.text ? wordsPerRow + TEXT_GAP : 0);
}

/** True where the six top digits of every 8-byte word of the page are zero. */
function topsAreZero(page: BytePage): boolean {
  for (let offset = 0; offset < PAGE_BYTES; offset += 8) if (wordAt(page.bytes, offset, 8).high > 0xff) return false;
  return true;
}

/** Bytes of a word where the user chose none: an entry in a table, 4 where the words are frame numbers (M2P), else single bytes. */
export function naturalWordBytes(page: BytePage | undefined, regionName: string | undefined): WordBytes {
  if (page?.table) return page.table.entryBytes;
  return (page && xenWordBytes(page)) ?? (regionName?.startsWith('M2P') ? 4 : 1);
}
