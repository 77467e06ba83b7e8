import { hex } from '#core/base/hex.ts';
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

/** A root for each CPU, or what is wrong with it. */
export function rootsOfCpus<Cpu>(cpus: readonly Cpu[], rootOf: (cpu: Cpu, index: number) => RootHint | Problem): FoundRoots {
  const roots: RootHint[] = [];
  const problems: Problem[] = [];
  cpus.forEach((cpu, index) => {
    const found = rootOf(cpu, index);
    if ('kind' in found) problems.push(found);
    else roots.push(withTwin(found, roots));
  });
  return { roots, problems };
}

/** @param fileOffset Of CR0. */
export const pagingOff = (index: number, cr0: number, fileOffset: number): Problem => ({
  kind: 'cpu-paging-off',
  text: `CPU ${index} had paging switched off (CR0 is ${hex(cr0, 8)}): it has no page tables.`,
  severity: 'note',
  fileOffset,
});
