import { virtualHex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import type { Change, Conflict } from './page-runs.ts';
import type { TextMemory } from './placement/text-memory.ts';

/** Places told one by one; a text that contradicts itself everywhere is told so by the first. */
const MOST_TOLD = 50;

/** Bytes that the text gives twice with different values: changed by a command in between, or just different. */
export function timeProblems(memory: TextMemory, mode: PagingMode): Problem[] {
  const problems: Problem[] = [];
  for (const page of memory.pages) {
    const { changes, conflicts } = memory.laidPage(page);
    const name = (offset: number): string => virtualHex(page, offset, mode.virtualBits);
    for (const change of changes) problems.push(changed(name, change));
    for (const conflict of conflicts) problems.push(contradicted(name, conflict));
    if (problems.length >= MOST_TOLD) return problems.slice(0, MOST_TOLD);
  }
  return problems;
}

function changed(name: (offset: number) => string, { earlier, event, later }: Change): Problem {
  const offset = Math.max(earlier.offset, event.offset, later.offset);
  return {
    kind: 'text-changed-in-time',
    severity: 'note',
    text: `${name(offset)} is printed on line ${earlier.line} and again on line ${later.line}; the command on line ${event.line} changed it in between. The later is used.`,
  };
}

function contradicted(name: (offset: number) => string, { offset, earlier, later }: Conflict): Problem {
  return {
    kind: 'text-given-twice',
    severity: 'note',
    text: `${name(offset)} is given twice with different bytes, on line ${earlier.line} and line ${later.line}. The later is used: memory may have changed in between.`,
  };
}
