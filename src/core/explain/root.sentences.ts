import { hex } from '#core/base/hex.ts';
import { entriesOf, slotsAt, slotsWhere } from './entry-runs.ts';
import type { EntryFact, ExplainInput } from './explain-input.ts';
import type { RankedSentence, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { capitalised, countWord, frameLink, say, sentence } from './words.ts';

/** A PAE root is small enough to be told whole: its page directories, how their frames run, and which of them are empty. */
function root(input: ExplainInput): readonly RankedSentence[] {
  if (input.mode.rootEntries !== 4 || input.layout.rings === 'native') return [];
  const directories = entriesOf(input, []).filter((entry) => entry.present);
  const [first] = directories;
  const last = directories.at(-1);
  if (!first || !last || directories.length < 2) return [];
  const run = say`${countWord(directories.length)} PDs in frames ${frameLink(first.frame)}…${frameLink(last.frame)}${orderWords(directories)}`;
  return [sentence(TELLS.place - 1, rootSource(input), say`PDPT: ${run}${emptyWords(input)}.`)];
}

function orderWords(entries: readonly EntryFact[]): string {
  const steps = new Set(entries.slice(1).map((entry, index) => entry.frame - (entries[index]?.frame ?? 0)));
  if (steps.size !== 1) return '';
  return steps.has(-1) ? ', descending' : steps.has(1) ? ', ascending' : '';
}

function emptyWords(input: ExplainInput): string {
  const empty = entriesOf(input, []).filter((entry) => entry.present && isEmpty(input, entry.slot)).length;
  return empty === 0 ? '' : `; ${countWord(empty)} ${empty === 1 ? 'is' : 'are'} zero`;
}

/** Held and wholly zero: an assumed zero does not count. */
function isEmpty(input: ExplainInput, slot: number): boolean {
  const zero = slotsWhere(input, [slot], (entry) => entry.low === 0 && entry.high === 0 && (entry.presence === 'held' || entry.presence === 'zero'));
  return zero.length === slotsAt(input, 1);
}

const rootSource = (input: ExplainInput): string => capitalised(`root ${hex(Math.floor(input.root.address / 4096))}`);

export default { sentences: root } satisfies SentenceRule;
