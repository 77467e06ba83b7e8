import { bytesText } from '#core/base/hex.ts';
import { pageOf, runAround } from './entry-runs.ts';
import type { ExplainInput } from './explain-input.ts';
import type { RankedSentence, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { capitalised, countWord, frameLink, pathOf, say, sentence, slotsText, stepSource, tableText, virtualLink, virtualText } from './words.ts';

/** Neighbouring directory slots that name page tables: "Slots 0–3 of PD[3] name four page tables: C0000000–C07FFFFF, 8 MB." */
function tables(input: ExplainInput): readonly RankedSentence[] {
  const directory = input.translation.steps.find((step) => step.level === input.mode.levels.length - 2);
  if (!directory?.present || directory.isLeaf) return [];
  const path = pathOf(input, directory);
  const run = runAround(input, path, directory.slot, (entry) => entry.present && !entry.isLeaf);
  if (!run || run.first === run.last) return [];
  const count = run.last - run.first + 1;
  const perEntry = input.mode.levels[directory.level]?.pagesPerEntry ?? 1;
  const from = pageOf(input, path, run.first);
  const span = say`${virtualLink(input, from)}–${virtualText(input, from + count * perEntry - 1, 0xfff)}, ${bytesText(count * perEntry * 4096)}`;
  const frames = say`${frameOf(input, path, run.first)}…${frameOf(input, path, run.last)}`;
  const parts = say`${capitalised(slotsText(run.first, run.last))} of ${tableText(input, directory)} name ${countWord(count)} page tables, ${frames}: ${span}.`;
  return [sentence(input.layout.rings === 'native' ? TELLS.around - 1 : TELLS.around + 8, stepSource(input, directory), parts)];
}

function frameOf(input: ExplainInput, path: readonly number[], slot: number): ReturnType<typeof frameLink> {
  return frameLink(input.facts.entry(path, slot)?.frame ?? 0);
}

export default { sentences: tables } satisfies SentenceRule;
