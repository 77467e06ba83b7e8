import { bytesText, commas, hex } from '#core/base/hex.ts';
import type { WalkOutcome, WalkStep } from '#core/session/contract.ts';
import { pageOf, runAround } from './entry-runs.ts';
import type { EntryFact, ExplainInput } from './explain-input.ts';
import type { RankedSentence, RankedTitle, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import {
  capitalised,
  entryLink,
  frameLink,
  pathOf,
  say,
  sentence,
  slotsText,
  stepSource,
  tableText,
  virtualLink,
  virtualText,
  wordText,
} from './words.ts';

type Ended<Kind extends WalkOutcome['kind']> = Extract<WalkOutcome, { readonly kind: Kind }>;

/** Why the walk ended before a frame. */
function ending(input: ExplainInput): readonly RankedSentence[] {
  const { outcome } = input.translation;
  switch (outcome.kind) {
    case 'not-present':
      return notPresent(input);
    case 'table-absent':
      return tableAbsent(input, outcome);
    case 'entry-absent':
      return entryAbsent(input, outcome);
    case 'mapped':
      return [];
  }
}

// ── Not present: zero, assumed zero, or not zero ─────────────────────────────────────────────────────────────

type Emptiness = 'zero' | 'elided' | 'not-zero';

function emptinessOf(entry: Pick<EntryFact, 'low' | 'high' | 'presence'>): Emptiness {
  if (entry.low !== 0 || entry.high !== 0) return 'not-zero';
  return entry.presence === 'assumed-zero' ? 'elided' : 'zero';
}

function notPresent(input: ExplainInput): readonly RankedSentence[] {
  const step = input.translation.steps.at(-1);
  if (!step) return [];
  const emptiness = emptinessOf(step);
  const first =
    emptiness === 'not-zero' ? notZero(input, step) : [sentence(TELLS.ending, stepSource(input, step), zeroParts(input, step, emptiness))];
  return [...first, ...extentOf(input, step, emptiness)];
}

function zeroParts(input: ExplainInput, step: WalkStep, emptiness: Emptiness): RankedSentence['parts'] {
  const where = `${tableText(input, step)} slot ${step.slot}`;
  if (emptiness === 'zero') return say`${where} is held and zero: nothing is mapped here.`;
  return say`${where} is left out of the text (“…”): assumed zero.`;
}

/** Neighbouring slots of the same emptiness, and the span of addresses they leave empty. */
function extentOf(input: ExplainInput, step: WalkStep, emptiness: Emptiness): readonly RankedSentence[] {
  const path = pathOf(input, step);
  const run = runAround(input, path, step.slot, (entry) => !entry.present && emptinessOf(entry) === emptiness);
  if (!run || run.first === run.last) return [];
  const perEntry = input.mode.levels[step.level]?.pagesPerEntry ?? 1;
  const count = run.last - run.first + 1;
  const from = pageOf(input, path, run.first);
  const to = virtualText(input, from + count * perEntry - 1, 0xfff);
  const word = emptiness === 'zero' ? 'zero' : emptiness === 'elided' ? 'elided' : 'P 0, not zero';
  const parts = say`${capitalised(slotsText(run.first, run.last))} are ${word}: ${virtualLink(input, from)}–${to}, ${bytesText(count * perEntry * 4096)}.`;
  return [sentence(TELLS.ending - 2, `${commas(count)} slots`, parts)];
}

/** P clear and something kept: the CPU ignores bits 63:1, the system that wrote them does not (reference 2.6). */
function notZero(input: ExplainInput, step: WalkStep): readonly RankedSentence[] {
  const source = stepSource(input, step);
  const parts = say`${entryLink(input, step)} has P clear, so the CPU reads no more of it; the system keeps something there.`;
  const meaning = input.layout.id.includes('linux') ? linuxMeaning(step) : '';
  return [sentence(TELLS.ending, source, parts), ...(meaning ? [sentence(TELLS.ending - 1, 'Linux, pgtable_types.h', say`${meaning}`)] : [])];
}

/** Linux marks PROT_NONE (and NUMA hints) by the G bit with P clear; all else is a swap entry. */
function linuxMeaning(step: WalkStep): string {
  return (step.low & 0x100) === 0x100
    ? 'Bit 8 is set: Linux’s PROT_NONE. The page is still in memory, but no access is allowed.'
    : 'Bit 8 is clear: a Linux swap entry. The page is not in memory.';
}

// ── Absent from the dump ─────────────────────────────────────────────────────────────────────────────────────

function tableAbsent(input: ExplainInput, outcome: Ended<'table-absent'>): readonly RankedSentence[] {
  const name = input.mode.levels[outcome.level]?.tableName ?? 'table';
  const above = input.translation.steps.at(-1);
  const entry = above ? say` named by ${entryLink(input, above)}` : [];
  const parts = say`The ${name} at frame ${frameLink(outcome.frame)}${entry} is not in this dump: ${sentenceEnd(outcome.reason)}`;
  return [sentence(TELLS.ending, above ? stepSource(input, above) : 'root', parts), ...soFar(input)];
}

function entryAbsent(input: ExplainInput, outcome: Ended<'entry-absent'>): readonly RankedSentence[] {
  const name = input.mode.levels[outcome.level]?.entryName ?? 'entry';
  const last = input.translation.steps.at(-1);
  const where = last ? ` at ${hex(last.tableFrame)}:${hex(last.entryAddress % 4096, 3)}` : '';
  return [
    sentence(TELLS.ending, last ? stepSource(input, last) : 'walk', say`The ${name}${where} is not in this dump: ${sentenceEnd(outcome.reason)}`),
    ...soFar(input),
  ];
}

const sentenceEnd = (reason: string): string => (reason.endsWith('.') ? reason : `${reason}.`);

/** "So far RW 1, US 1, XD 0. The last word is unknown, so no verdict is given." */
function soFar(input: ExplainInput): readonly RankedSentence[] {
  const { steps, rights } = input.translation;
  if (!steps.some((step) => step.present && input.mode.levels[step.level]?.hasRights)) return [];
  const bits = `RW ${rights.write ? 1 : 0}, US ${rights.user ? 1 : 0}${input.mode.entryBytes === 8 ? `, XD ${rights.fetch ? 0 : 1}` : ''}`;
  return [sentence(TELLS.ending - 3, 'entries so far', say`So far ${bits}. The last word is unknown, so no verdict is given.`)];
}

const TITLES: Readonly<Record<WalkOutcome['kind'], string>> = {
  'not-present': 'nothing is mapped here',
  'table-absent': 'behind a table that is not in this dump',
  'entry-absent': 'behind an entry that is not in this dump',
  mapped: '',
};

function title(input: ExplainInput): RankedTitle | undefined {
  const { outcome, steps } = input.translation;
  const last = steps.at(-1);
  if (outcome.kind === 'mapped') return undefined;
  if (outcome.kind !== 'not-present' || !last) return { weight: 50, text: TITLES[outcome.kind] };
  const emptiness = emptinessOf(last);
  const why = emptiness === 'zero' ? 'zero' : emptiness === 'elided' ? 'elided, assumed zero' : `P 0 in ${wordText(last)}`;
  return { weight: 50, text: `not present: ${tableText(input, last)} slot ${last.slot}, ${why}` };
}

export default { sentences: ending, title } satisfies SentenceRule;
