import { commas, hex } from '#core/base/hex.ts';
import { M2P_MEANING, type M2pWordKind } from '#core/xen/m2p.ts';
import { type M2pBase, m2pWordPlace, mfnOfWordAt } from '#core/xen/m2p-place.ts';
import type { ExplainInput } from './explain-input.ts';
import { guestM2p, type M2pWord, m2pAround, meaningOf, type OwnFrame, ownFrames, wordDigits, wordOf } from './m2p.ts';
import type { RankedSentence, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { frameLink, say, sentence, virtualLink, virtualText } from './words.ts';

/** What the selected word of an M2P says, and what its page can say at all. */
function m2pWord(input: ExplainInput): readonly RankedSentence[] {
  const { address, outcome } = input.translation;
  const m2p = m2pAround(input, address.page);
  if (!m2p || outcome.kind !== 'mapped' || address.page < m2p.firstPage) return [];
  // At the table’s first byte the table itself is asked for, anywhere else the word.
  const atStart = address.page === m2p.firstPage && address.offset === 0;
  const weight = atStart ? TELLS.place : TELLS.nature + 8;
  return [...thisWord(input, m2p, weight), ...covered(input, m2p, weight - 2), ...counted(input, m2p, weight - 1)];
}

function thisWord(input: ExplainInput, m2p: M2pBase, weight: number): readonly RankedSentence[] {
  const frame = mfnOfWordAt(m2p, input.translation.address);
  const word = wordOf(input, m2p, frame);
  const how = `(VA − ${virtualText(input, m2p.firstPage)}) / ${m2p.bytesPerWord}`;
  const parts = say`The word of MFN ${frameLink(frame)} = ${how}: ${valueParts(input, m2p, frame, word)}.`;
  return [sentence(weight, word?.line === undefined ? 'computed' : `line ${word.line}`, parts)];
}

const isKnown = (word: M2pWord | undefined): word is M2pWord => word !== undefined && word.presence !== 'absent';

function valueParts(input: ExplainInput, m2p: M2pBase, frame: number, word: M2pWord | undefined): RankedSentence['parts'] {
  const expected = expectedOf(input, frame);
  if (!isKnown(word)) return say`not in this dump${expected === undefined ? '' : `; PFN ${hex(expected)} expected`}`;
  const meaning = meaningOf(word, m2p.bytesPerWord);
  const digits = wordDigits(word, m2p.bytesPerWord);
  if (meaning === 'invalid') return say`${digits}, INVALID_M2P_ENTRY, no guest’s RAM`;
  if (meaning === 'debug-fill') return say`${digits}, Xen’s boot-time debug fill, never given out`;
  if (meaning !== 'valid') return say`${digits}, ${M2P_MEANING[meaning]}`;
  const agrees = expected === undefined ? '' : expected === word.low ? ', as expected' : `, where ${hex(expected)} was expected`;
  return say`PFN ${hex(word.high * 2 ** 32 + word.low)}${agrees}`;
}

const expectedOf = (input: ExplainInput, frame: number): number | undefined => ownFrames(input).find((own) => own.frame === frame)?.guestFrame;

/** "Of this page’s 1,024 words 64 are in the dump: 64 ffffffff (no guest’s RAM), none 55555555 (never given out)." */
function counted(input: ExplainInput, m2p: M2pBase, weight: number): readonly RankedSentence[] {
  const first = mfnOfWordAt(m2p, { page: input.translation.address.page, offset: 0 });
  const words = Array.from({ length: 4096 / m2p.bytesPerWord }, (_, index) => wordOf(input, m2p, first + index)).filter(isKnown);
  if (words.length === 0) return [];
  const of = (wanted: M2pWordKind): string => countText(words.filter((word) => meaningOf(word, m2p.bytesPerWord) === wanted).length);
  const fill = '55'.repeat(m2p.bytesPerWord);
  const kinds = `${of('invalid')} ${'ff'.repeat(m2p.bytesPerWord)}, ${of('debug-fill')} ${fill} (Xen’s debug fill: never given out), ${of('valid')} a PFN`;
  const lines = words.flatMap(({ line }) => (line === undefined ? [] : [line]));
  const parts = say`Of this page’s ${commas(4096 / m2p.bytesPerWord)} words ${commas(words.length)} are in the dump: ${kinds}.`;
  return [sentence(weight, lines.length === 0 ? 'counted' : linesText(lines), parts)];
}

const countText = (count: number): string => (count === 0 ? 'none' : commas(count));

function linesText(lines: readonly number[]): string {
  const first = Math.min(...lines);
  const last = Math.max(...lines);
  return first === last ? `line ${first}` : `lines ${first}–${last}`;
}

/** Which frames the words of this page are of, and, where none is this guest’s, where the words of its own frames are. */
function covered(input: ExplainInput, m2p: M2pBase, weight: number): readonly RankedSentence[] {
  const first = mfnOfWordAt(m2p, { page: input.translation.address.page, offset: 0 });
  const last = first + 4096 / m2p.bytesPerWord - 1;
  const owns = ownFrames(input);
  const range = `This page covers MFNs ${hex(first)}–${hex(last)} only`;
  if (owns.length === 0) return [sentence(weight, 'computed', say`${range}.`)];
  const elsewhere = owns.filter((own) => own.frame < first || own.frame > last);
  if (elsewhere.length < owns.length) return [];
  const named = elsewhere.flatMap((own, index) => [index === 0 ? '' : ' and ', ...ownWord(input, m2p, own)]);
  const anyHeld = elsewhere.some((own) => isKnown(wordOf(input, m2p, own.frame)));
  const parts = say`${range}. The guest’s own words: ${named}${anyHeld ? '' : '; not in this dump'}.`;
  return [sentence(weight, 'computed', parts)];
}

/** "F5BEC54C for fb153 (PFN 3ae expected)". */
function ownWord(input: ExplainInput, m2p: M2pBase, { frame, guestFrame }: OwnFrame): RankedSentence['parts'] {
  const place = m2pWordPlace(m2p, frame);
  const word = wordOf(input, m2p, frame);
  const value = isKnown(word) ? `PFN ${hex(word.low)}` : `expect PFN ${hex(guestFrame)}`;
  return say`${virtualLink(input, place.page, place.offset)} for ${hex(frame)} (${value})`;
}

/** What the M2P says, or should say, of the frame that a page of the guest’s maps: the end of a leaf’s sentence. */
export function guestFrameWords(input: ExplainInput): RankedSentence['parts'] {
  const { address, outcome } = input.translation;
  const m2p = guestM2p(input);
  if (!m2p || outcome.kind !== 'mapped') return [];
  const place = m2pWordPlace(m2p, outcome.frame);
  const link = virtualLink(input, place.page, place.offset);
  const word = wordOf(input, m2p, outcome.frame);
  const expected = input.facts.expectedGuestFrame(address.page);
  if (isKnown(word) && meaningOf(word, m2p.bytesPerWord) === 'valid') return say`, PFN ${hex(word.low)} by the M2P at ${link}`;
  if (expected === undefined) return [];
  return say`, PFN ${hex(expected)} expected: its M2P word is at ${link}, not in this dump`;
}

export default { sentences: m2pWord } satisfies SentenceRule;
