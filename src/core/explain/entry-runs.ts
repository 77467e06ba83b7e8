import { entriesAt, levelOf } from '#core/paging/modes.ts';
import type { TablePath } from '#core/session/contract.ts';
import type { EntryFact, ExplainInput } from './explain-input.ts';

export interface SlotRun {
  readonly first: number;
  readonly last: number;
}

/** Slots of a table at this depth: 4 in a PAE root. */
export function slotsAt(input: Pick<ExplainInput, 'mode'>, depth: number): number {
  return entriesAt(levelOf(input.mode, depth));
}

/** All entries of a table that the dump holds, with their slots. For small tables and rare questions: it makes an object each. */
export function entriesOf(input: ExplainInput, path: TablePath): readonly (EntryFact & { readonly slot: number })[] {
  return Array.from({ length: slotsAt(input, path.length) }, (_, slot) => {
    const entry = input.facts.entry(path, slot);
    return entry && { ...entry, slot };
  }).filter((entry) => entry !== undefined);
}

/** Slots of a table whose entries answer; entries that the dump lacks do not. */
export function slotsWhere(input: ExplainInput, path: TablePath, answers: (entry: EntryFact) => boolean): readonly number[] {
  const slots: number[] = [];
  const count = slotsAt(input, path.length);
  for (let slot = 0; slot < count; slot++) {
    const entry = input.facts.entry(path, slot);
    if (entry && answers(entry)) slots.push(slot);
  }
  return slots;
}

/** The longest stretch of slots around `slot` for which `alike` holds; undefined where it does not hold at `slot` itself. */
export function runAround(
  input: ExplainInput,
  path: TablePath,
  slot: number,
  alike: (entry: EntryFact, slot: number) => boolean,
): SlotRun | undefined {
  const holds = (at: number): boolean => {
    const entry = input.facts.entry(path, at);
    return entry !== undefined && alike(entry, at);
  };
  if (!holds(slot)) return undefined;
  let first = slot;
  let last = slot;
  while (first > 0 && holds(first - 1)) first--;
  while (last + 1 < slotsAt(input, path.length) && holds(last + 1)) last++;
  return { first, last };
}

/** First page that a slot of the table reached by `path` covers. */
export function pageOf(input: Pick<ExplainInput, 'mode'>, path: TablePath, slot: number): number {
  return [...path, slot].reduce((page, at, depth) => page + at * levelOf(input.mode, depth).pagesPerEntry, 0);
}

/** Path and slot of the entry that covers a page in a table at `depth`. */
export function slotFor(input: Pick<ExplainInput, 'mode'>, page: number, depth: number): { readonly path: TablePath; readonly slot: number } {
  const slots = input.mode.levels.slice(0, depth + 1).map((level) => Math.floor(page / level.pagesPerEntry) % entriesAt(level));
  return { path: slots.slice(0, -1), slot: slots.at(-1) ?? 0 };
}
