import type { Translation, WalkStep } from '#core/session/contract.ts';
import type { ExplainInput } from './explain-input.ts';
import type { RankedSentence, RankedTitle, SentenceRule } from './sentence-rule.ts';
import { TELLS } from './sentence-rule.ts';
import { entryLink, say, sentence, stepSource } from './words.ts';

function rights(input: ExplainInput): readonly RankedSentence[] {
  if (input.translation.outcome.kind !== 'mapped') return [];
  return [...shutAbove(input), ...writableAndFetchable(input), ...written(input)];
}

/** An upper entry that takes rights away is easily missed when one looks at the leaf alone. */
function shutAbove(input: ExplainInput): readonly RankedSentence[] {
  const { steps } = input.translation;
  return steps.slice(0, -1).flatMap((step, index) => {
    const shut = refusedAt(input.translation, index);
    if (shut.length === 0) return [];
    const words = shut.length === 3 ? 'write, user and fetch at once' : shut.join(' and ');
    return [sentence(TELLS.rights + 4, stepSource(input, step), say`The ${step.tableName} entry ${entryLink(input, step)} already shuts ${words}.`)];
  });
}

function refusedAt(translation: Translation, index: number): readonly string[] {
  const { writeRefusedAt, userRefusedAt, fetchRefusedAt } = translation;
  return [writeRefusedAt === index ? 'write' : '', userRefusedAt === index ? 'user' : '', fetchRefusedAt === index ? 'fetch' : ''].filter(
    (word) => word !== '',
  );
}

function writableAndFetchable(input: ExplainInput): readonly RankedSentence[] {
  const { rights: given } = input.translation;
  if (!(given.write && given.fetch) || input.layout.rings !== 'native') return [];
  const noXd = input.mode.entryBytes === 8 && input.root.features.nxe ? 'No entry on the way sets XD' : 'Nothing forbids fetch here';
  const who = given.user ? 'ring 3' : 'the kernel';
  return [sentence(given.user ? TELLS.rights + 5 : TELLS.rights - 2, rightsSource(input), say`${noXd}: ${who} may write it and run it.`)];
}

function rightsSource(input: ExplainInput): string {
  const names = input.translation.steps.filter((step) => input.mode.levels[step.level]?.hasRights).map((step) => step.tableName);
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)} entries` : `${names[0] ?? 'no'} entry`;
}

/** Xen and Linux preset A and D in their own mappings, so only a user page's tell what was done (reference 2.5). */
function written(input: ExplainInput): readonly RankedSentence[] {
  const leaf = input.translation.steps.at(-1);
  if (!leaf || input.layout.rings !== 'native' || !input.translation.rights.user) return [];
  const words = writtenWords(leaf);
  return words === '' ? [] : [sentence(TELLS.around, stepSource(input, leaf), say`${words}`)];
}

function writtenWords(leaf: WalkStep): string {
  const isSet = (name: string): boolean => leaf.bits.some((bit) => bit.name === name && bit.value === 1);
  if (isSet('D') && isSet('A')) return 'Dirty and accessed are set: it was written.';
  if (isSet('A')) return 'Accessed is set and dirty is not: read, not written, since they were cleared.';
  return 'Neither accessed nor dirty is set: not touched since they were cleared.';
}

function title(input: ExplainInput): RankedTitle | undefined {
  const { outcome, rights: given } = input.translation;
  if (outcome.kind !== 'mapped') return undefined;
  const whose = given.user ? 'a user page' : input.layout.rings === 'native' ? 'a kernel page' : 'a supervisor page';
  const write = given.write ? 'writable' : 'read-only';
  const fetch = input.mode.entryBytes === 8 && input.root.features.nxe ? (given.fetch ? ' and executable' : ', not executable') : '';
  return { weight: 10, text: `${whose}, ${write}${fetch}` };
}

export default { sentences: rights, title } satisfies SentenceRule;
