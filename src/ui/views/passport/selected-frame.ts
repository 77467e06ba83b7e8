import type { Translation } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import { useSelection, useTranslation } from '#ui/state/selection.ts';

/** The frame the selection is about, or why there is none. */
export interface SelectedFrame {
  readonly frame?: number;
  readonly none?: string;
}

/** The frame looked at: of the machine byte where one is chosen, else the one that the selected page maps. */
export function useSelectedFrame(): SelectedFrame {
  const machine = useDesk((desk) => desk.place.machine);
  const { value } = useTranslation(useSelection());
  if (machine !== undefined) return { frame: Math.floor(machine / 4096) };
  if (!value) return {};
  return value.outcome.kind === 'mapped' ? { frame: value.outcome.frame } : { none: NONE[value.outcome.kind] };
}

const NONE: Readonly<Record<Exclude<Translation['outcome']['kind'], 'mapped'>, string>> = {
  'not-present': 'none: this page is not present',
  'table-absent': 'unknown: behind a table that is not in this dump',
  'entry-absent': 'unknown: its entry is not in this dump',
};
