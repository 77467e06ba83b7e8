import { hex } from '#core/base/hex.ts';
import type { ExplainInput, SlipFact } from './explain-input.ts';
import type { RankedSentence, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { entryLink, frameLink, say, sentence, stepSource } from './words.ts';

const REASONS: Readonly<Record<SlipFact['reason'], string>> = {
  place: 'the builder put this PFN at this very address',
  table: 'at that PFN there is a page table',
  neighbour: 'the entries beside it lead to the PFNs beside it',
};

/** The classic slip of a port to Xen: what the guest calls the frame, where the hardware wants the machine’s number (reference 3.3). */
function pfnSlip(input: ExplainInput): readonly RankedSentence[] {
  const { slip } = input;
  if (!slip) return [];
  const { step, pfn, meant, reason } = slip;
  const holds = say`${step.entryName} ${entryLink(input, step)} holds ${hex(pfn)}, a PFN, where an MFN is due`;
  const parts = say`: ${REASONS[reason]}. P2M[${hex(pfn)}] is MFN ${frameLink(meant)}.`;
  return [sentence(TELLS.ending + 3, stepSource(input, step), [...holds, ...parts])];
}

export default { sentences: pfnSlip } satisfies SentenceRule;
