import type { Root } from '#core/paging/mode.ts';
import type { RootChoice } from '#core/session/contract.ts';
import { sameRoot } from '#ui/state/first-look.ts';
import { useQuestion } from '#ui/state/question.ts';

/** The root in use where the dump does not name it: what the session thinks of it. Undefined where it is a known one. */
export function useConsidered(inUse: Root | undefined, roots: readonly RootChoice[]): RootChoice | undefined {
  const unknown = inUse && !roots.some((root) => sameRoot(root, inUse)) ? inUse : undefined;
  const key = unknown ? `${unknown.address} ${unknown.mode}` : '';
  const { value, stale } = useQuestion(key, (questions) => unknown && questions.considerRoot(unknown.address, unknown.mode));
  return unknown && !stale ? value : undefined;
}
