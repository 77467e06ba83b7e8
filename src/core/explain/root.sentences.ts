import { hex, virtualHex } from '#core/base/hex.ts';
import { entriesOf } from './entry-runs.ts';
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
  const run = say`${countWord(directories.length)} page directories, frames ${frameLink(first.frame)}…${frameLink(last.frame)}${orderWords(directories)}`;
  return [sentence(TELLS.place - 1, rootSource(input), say`The PDPT names ${run}${emptyWords(input)}.`)];
}

function orderWords(entries: readonly EntryFact[]): string {
  const steps = new Set(entries.slice(1).map((entry, index) => entry.frame - (entries[index]?.frame ?? 0)));
  if (steps.size !== 1) return '';
  return steps.has(-1) ? ', descending' : steps.has(1) ? ', ascending' : '';
}

function emptyWords(input: ExplainInput): string {
  const empty = input.mode.levels[0] ? entriesOf(input, []).filter((entry) => entry.present && isEmpty(input, entry.slot)) : [];
  if (empty.length === 0) return '';
  const pages = input.mode.levels[0]?.pagesPerEntry ?? 1;
  const [first] = empty;
  const last = empty.at(-1);
  if (!first || !last) return '';
  const inRow = last.slot - first.slot + 1 === empty.length;
  const span = `${virtualHex(first.slot * pages, 0, 32)}–${virtualHex((last.slot + 1) * pages - 1, 0xfff, 32)}`;
  return `; ${countWord(empty.length)} of them ${empty.length === 1 ? 'is' : 'are'} zero${inRow ? `, ${span}` : ''}`;
}

/** Held and wholly zero: an assumed zero does not count. */
function isEmpty(input: ExplainInput, slot: number): boolean {
  const entries = entriesOf(input, [slot]);
  return (
    entries.length > 0 && entries.every((entry) => entry.low === 0 && entry.high === 0 && (entry.presence === 'held' || entry.presence === 'zero'))
  );
}

const rootSource = (input: ExplainInput): string => capitalised(`root ${hex(Math.floor(input.root.address / 4096))}`);

export default { sentences: root } satisfies SentenceRule;
