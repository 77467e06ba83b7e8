import { hex } from '#core/base/hex.ts';
import type { ExplainInput } from './explain-input.ts';
import type { RankedSentence, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { spanAt } from './spans.ts';
import { frameLink, say, sentence, virtualText } from './words.ts';

/** In a direct map the machine address follows from the virtual one; whether the entry agrees is worth a word. */
function directMap(input: ExplainInput): readonly RankedSentence[] {
  const { address, outcome } = input.translation;
  const span = spanAt(input, address.page);
  if (span?.role !== 'direct-map') return [];
  const expected = address.page - span.firstPage;
  const how = `VA − ${virtualText(input, span.firstPage)}`;
  if (outcome.kind !== 'mapped')
    return [
      sentence(TELLS.place + 3, 'computed', say`As a direct map it should show machine address ${hex(expected * 4096 + address.offset)}: ${how}.`),
    ];
  const agrees = outcome.frame === expected;
  const parts = agrees
    ? say`Direct map: machine address = ${how}, and the entry agrees.`
    : say`Direct map: ${how} gives frame ${frameLink(expected)}, but the entry names ${frameLink(outcome.frame)}.`;
  return [sentence(agrees ? TELLS.place : TELLS.purpose, 'computed', parts)];
}

export default { sentences: directMap } satisfies SentenceRule;
