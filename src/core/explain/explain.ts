import { FRAME_BYTES, virtualPage } from '#core/memory/address.ts';
import type { Explanation, ExplanationCard } from '#core/session/contract.ts';
import type { ExplainInput } from './explain-input.ts';
import type { VerdictGround } from './gates.ts';
import { linearWindows } from './linear-window.ts';
import { m2pAround } from './m2p.ts';
import { gatherSentences } from './sentence-rule.ts';
import { verdicts } from './verdict.ts';

export type { EntryFact, ExplainInput } from './explain-input.ts';
export { pagesWanted } from './m2p.ts';

/** What one virtual address is: a title, the few sentences that tell most about it, and who may touch it. */
export function explain(input: ExplainInput): Explanation {
  return { ...gatherSentences(input), cards: cardsOf(input), verdicts: verdicts(groundOf(input)) };
}

/** A recursive map is wanted where one looks at one that is out of reach, or at slots that are free. */
function cardsOf(input: ExplainInput): readonly ExplanationCard[] {
  const { address, outcome } = input.translation;
  const inWindow = linearWindows(input).some((window) => address.page >= window.firstPage && address.page < window.firstPage + window.pageCount);
  const plan = input.mode.id.startsWith('pae') && input.layout.rings === 'xen-pv-32' && (inWindow || outcome.kind === 'not-present');
  return [...(m2pAround(input, address.page) ? (['m2p'] as const) : []), ...(plan ? (['plan'] as const) : [])];
}

function groundOf({ translation, mode, layout, root, facts, accessBytes = 1 }: ExplainInput): VerdictGround {
  const { page, offset } = translation.address;
  const crosses = offset + accessBytes > FRAME_BYTES && page + 1 < mode.pageCount;
  return {
    ...{ translation, mode, layout, features: root.features, accessBytes },
    ...(crosses && { beyond: facts.translate({ page: virtualPage(page + 1), offset: 0 }) }),
    ...(root.cpu && { cr4: root.cpu.cr4 }),
  };
}
