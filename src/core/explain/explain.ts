import type { Explanation } from '#core/session/contract.ts';
import type { ExplainInput } from './explain-input.ts';
import { gatherSentences } from './sentence-rule.ts';
import { type VerdictGround, verdicts } from './verdict.ts';

export type { EntryFact, ExplainInput } from './explain-input.ts';
export { pagesWanted } from './m2p.ts';

/** What one virtual address is: a title, the few sentences that tell most about it, and who may touch it. */
export function explain(input: ExplainInput): Explanation {
  return { ...gatherSentences(input), verdicts: verdicts(groundOf(input)) };
}

function groundOf({ translation, mode, layout, root }: ExplainInput): VerdictGround {
  return { translation, mode, layout, features: root.features, ...(root.cpu && { cr4: root.cpu.cr4 }) };
}
