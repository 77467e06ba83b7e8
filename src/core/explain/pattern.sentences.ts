import { slotsAt, slotsWhere } from './entry-runs.ts';
import type { ExplainInput } from './explain-input.ts';
import type { RankedSentence, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { pathOf, say, sentence, tableText } from './words.ts';

/** How full the page table around a 4 KB page is, where that is a pattern: "256 of the 512 pages around it are mapped, one in two." */
function pattern(input: ExplainInput): readonly RankedSentence[] {
  const leaf = input.translation.steps.at(-1);
  if (input.translation.outcome.kind !== 'mapped' || leaf?.level !== input.mode.levels.length - 1) return [];
  const present = slotsWhere(input, pathOf(input, leaf), (entry) => entry.present);
  const count = slotsAt(input, leaf.level);
  if (present.length === count || present.length < 2) return [];
  const parts = say`${present.length} of the ${count} pages around it are mapped${strideWords(present)}.`;
  return [sentence(TELLS.around + 3, tableText(input, leaf), parts)];
}

const ORDINALS: Readonly<Record<number, string>> = { 2: 'two', 3: 'three', 4: 'four', 8: 'eight' };

function strideWords(slots: readonly number[]): string {
  const steps = new Set(slots.slice(1).map((slot, index) => slot - (slots[index] ?? 0)));
  const [stride] = steps;
  return steps.size !== 1 || stride === undefined || stride === 1 ? '' : `, one in ${ORDINALS[stride] ?? stride}`;
}

export default { sentences: pattern } satisfies SentenceRule;
