import type { Problem } from '#core/base/problem.ts';
import type { RootHint } from '#core/formats/format.ts';

export interface FoundRoots {
  readonly roots: readonly RootHint[];
  readonly problems: readonly Problem[];
}

/** One choice per CPU even where two share their tables: CPUs differ in mode and registers, and users ask "what did CPU 1 see". */
export function withTwin(root: RootHint, before: readonly RootHint[]): RootHint {
  const twin = before.find(({ address, mode }) => address === root.address && mode === root.mode);
  return twin === undefined ? root : { ...root, reason: `${root.reason} The same tables as ${twin.origin}.` };
}
