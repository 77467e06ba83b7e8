import type { ExplainInput } from './explain-input.ts';
import type { RankedSentence, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { entryLink, say, sentence, stepSource } from './words.ts';

/** Reserved bits that are set. In a PAE PDPTE they are common (QEMU sets A, 64-bit Xen sets RW and US) and told last. */
function reserved(input: ExplainInput): readonly RankedSentence[] {
  return input.translation.steps
    .filter((step) => step.present && step.reserved !== '')
    .map((step) => {
      const weight = input.mode.levels[step.level]?.hasRights ? TELLS.ending + 2 : TELLS.around - 20;
      return sentence(
        weight,
        stepSource(input, step),
        say`${step.entryName} ${entryLink(input, step)} sets ${step.reserved.replace(' reserved:', ', reserved: a strict CPU gives')}.`,
      );
    });
}

export default { sentences: reserved } satisfies SentenceRule;
