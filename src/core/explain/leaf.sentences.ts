import { bytesText, hex } from '#core/base/hex.ts';
import type { WalkStep } from '#core/session/contract.ts';
import type { ExplainInput } from './explain-input.ts';
import { guestFrameWords } from './m2p-word.sentences.ts';
import type { RankedSentence, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { entryLink, frameLink, say, sentence, stepSource } from './words.ts';

/** A large leaf is what people take for a table: there is none below it. */
function leafOrTable(input: ExplainInput): readonly RankedSentence[] {
  const { outcome, steps } = input.translation;
  const leaf = steps.at(-1);
  if (outcome.kind !== 'mapped' || !leaf?.isLeaf) return [];
  const entry = entryLink(input, leaf);
  const size = bytesText(outcome.pageFrames * 4096);
  if (outcome.pageFrames === 1) {
    const guest = guestFrameWords(input);
    const parts = say`A ${size} page: the ${leaf.entryName} ${entry}${flagWords(input, leaf)} names frame ${frameLink(outcome.frame)}${guest}.`;
    return [sentence(guest.length > 0 ? TELLS.place - 3 : TELLS.around - 5, stepSource(input, leaf), parts)];
  }
  const parts = say`A ${size} leaf: PS is set in ${entry}. There is no lower table.`;
  return [sentence(TELLS.nature, stepSource(input, leaf), parts), ...insideLeaf(outcome.pageFrame, outcome.pageFrames)];
}

/** " (P RW A D, supervisor)": a guest of Xen has few rights to tell, and the letters are what its author reads. */
function flagWords(input: ExplainInput, leaf: WalkStep): string {
  if (input.layout.rings === 'native') return '';
  const letters = leaf.bits.filter((bit) => bit.value === 1 && bit.name !== 'US').map((bit) => bit.name);
  const isUser = leaf.bits.some((bit) => bit.name === 'US' && bit.value === 1);
  return ` (${letters.join(' ')}, ${isUser ? 'user' : 'supervisor'})`;
}

function insideLeaf(first: number, frames: number): readonly RankedSentence[] {
  const parts = say`It maps frames ${frameLink(first)}–${hex(first + frames - 1)} in one piece.`;
  return [sentence(TELLS.around - 6, 'computed', parts)];
}

export default { sentences: leafOrTable } satisfies SentenceRule;
