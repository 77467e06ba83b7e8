import type { Translation } from '#core/session/contract.ts';

/** What a page that maps nothing is: the same different nothings as everywhere. */
export function pageText(translation: Translation): string {
  const { outcome, steps } = translation;
  const level = 'level' in outcome ? (steps.find((step) => step.level === outcome.level)?.entryName ?? 'entry') : '';
  if (outcome.kind === 'not-present') return `not present: ${level} ${outcome.detail.replace('all zero', 'zero')}`;
  if (outcome.kind === 'table-absent') return 'table not in this dump';
  if (outcome.kind === 'entry-absent') return `${level} not in this dump`;
  return '';
}

export const rightsText = ({ rights }: Translation): string => `r${rights.write ? 'w' : '-'}${rights.fetch ? 'x' : '-'}`;
