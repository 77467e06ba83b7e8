import { virtualPage } from '#core/memory/address.ts';
import type { ExplainInput } from './explain-input.ts';
import { type RankedSentence, type SentenceRule, TELLS } from './sentence-rule.ts';
import { say, sentence, virtualLink, virtualText } from './words.ts';

/** Bytes of the widest plain access of a 32-bit guest. */
const WORD = 4;

/** A word that begins below the limit and ends above it is refused whole: the CPU checks the last byte too (SDM 3A 5.3). */
function acrossTheLimit(input: ExplainInput): readonly RankedSentence[] {
  const limit = input.layout.segmentLimitPage;
  const { page, offset } = input.translation.address;
  if (limit === undefined || page !== limit - 1 || offset <= 4096 - WORD) return [];
  const last = virtualLink(input, virtualPage(limit), offset + WORD - 1 - 4096);
  const parts = say`${WORD} bytes from here reach ${last}, past the segment limit ${virtualText(input, limit - 1, 0xfff)}: #GP in rings 1 to 3, though this byte alone is inside.`;
  return [sentence(TELLS.nature + 1, 'SDM 3A 5.3', parts)];
}

export default { sentences: acrossTheLimit } satisfies SentenceRule;
