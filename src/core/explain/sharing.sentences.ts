import { commas } from '#core/base/hex.ts';
import type { WalkStep } from '#core/session/contract.ts';
import { pageOf, slotsAt, slotsWhere } from './entry-runs.ts';
import type { ExplainInput } from './explain-input.ts';
import type { RankedSentence, RankedTitle, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { capitalised, countWord, pathOf, say, sentence, slotsText, tableText, virtualLink } from './words.ts';

/** Slots of one table that all name what this step’s entry names. */
interface Fork {
  readonly step: WalkStep;
  readonly slots: readonly number[];
  readonly entries: number;
}

/** Levels of the walk at which several slots hold the very same entry: their counts multiply. */
function forksOf(input: ExplainInput): readonly Fork[] {
  return input.translation.steps.flatMap((step) => {
    if (!step.present) return [];
    const slots = slotsWhere(input, pathOf(input, step), (entry) => entry.low === step.low && entry.high === step.high && entry.present);
    return slots.length > 1 ? [{ step, slots, entries: slotsAt(input, step.level) }] : [];
  });
}

function sharing(input: ExplainInput): readonly RankedSentence[] {
  const forks = forksOf(input);
  return forks.length === 0 ? elsewhere(input) : [...forkSentences(input, forks), ...product(input, forks)];
}

function forkSentences(input: ExplainInput, forks: readonly Fork[]): readonly RankedSentence[] {
  return forks.map((fork, index) => {
    const all = fork.slots.length === fork.entries ? `All ${fork.entries} slots` : `${capitalised(countWord(fork.slots.length))} slots`;
    const parts = say`${all} of ${tableText(input, fork.step)} hold the same entry: ${namedBy(input, fork.step)}${strideWords(fork)}.`;
    return sentence(TELLS.nature + 8 - index, slotsSource(fork.slots), parts);
  });
}

/** "one PD", "one page". */
function namedBy(input: ExplainInput, step: WalkStep): string {
  return step.isLeaf ? 'one page' : `one ${input.mode.levels[step.level + 1]?.tableName ?? 'table'}`;
}

function strideOf(slots: readonly number[]): number | undefined {
  const steps = new Set(slots.slice(1).map((slot, index) => slot - (slots[index] ?? 0)));
  return steps.size === 1 ? [...steps][0] : undefined;
}

function strideWords(fork: Fork): string {
  const stride = strideOf(fork.slots);
  return stride === undefined || stride === 1 ? '' : `, in every ${ordinal(stride)} slot`;
}

function ordinal(count: number): string {
  const tens = count % 100;
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${ending}`;
}

function slotsSource(slots: readonly number[]): string {
  const [first] = slots;
  const last = slots.at(-1);
  if (first === undefined || last === undefined) return 'slots';
  const stride = strideOf(slots);
  return stride === 1 ? slotsText(first, last) : `slots ${first}–${last}${stride ? ` by ${stride}` : ''}`;
}

function product(input: ExplainInput, forks: readonly Fork[]): readonly RankedSentence[] {
  const ways = waysOf(forks);
  const factors = forks.map((fork) => fork.slots.length).join(' × ');
  const parts = say`${factors === String(ways) ? '' : `${factors} = `}${commas(ways)} of the ${commas(input.atlas.leaves)} leaves are this one.`;
  return forks.at(-1)?.step.isLeaf ? [sentence(TELLS.nature, 'computed', parts)] : [];
}

const waysOf = (forks: readonly Fork[]): number => forks.reduce((ways, fork) => ways * fork.slots.length, 1);

/** The lowest table of the walk is also used at another place of the tree. */
function elsewhere(input: ExplainInput): readonly RankedSentence[] {
  const lowest = input.translation.steps.at(-1);
  if (!lowest || lowest.level === 0) return [];
  const own = pathOf(input, lowest);
  const other = input.facts.passport(lowest.tableFrame).asTable.find((use) => use.path.length === own.length && use.path.join() !== own.join());
  if (!other) return [];
  const above = other.path.slice(0, -1);
  const level = input.mode.levels[above.length]?.tableName ?? 'table';
  const holder = above.length === 0 ? level : `${level}[${above.at(-1)}]`;
  const parts = say`${holder} slot ${other.path.at(-1) ?? 0} names this very ${lowest.tableName}: ${virtualLink(input, pageOf(input, other.path, lowest.slot))} goes through the same entry.`;
  return [sentence(TELLS.alias - 2, `frame ${lowest.tableFrame.toString(16)}`, parts)];
}

function title(input: ExplainInput): RankedTitle | undefined {
  const forks = forksOf(input);
  const ways = waysOf(forks);
  if (input.translation.outcome.kind !== 'mapped' || ways < 2) return undefined;
  return { weight: 45, text: `one page, seen ${commas(ways)} times` };
}

export default { sentences: sharing, title } satisfies SentenceRule;
