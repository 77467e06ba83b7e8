import type { HoleRow, MapRow } from './rows.ts';
import { rowAt } from './scaled-rows.ts';

/** The holes right above and below the row of `page` that one key turns: those still folded, or all of them if none is. */
export function holesToTurn(rows: readonly MapRow[], page: number): readonly HoleRow[] {
  const selected = rowAt(rows, page);
  const at = selected ? rows.indexOf(selected) : -1;
  const beside = [nearestHole(rows.slice(0, Math.max(0, at)).toReversed()), nearestHole(rows.slice(at + 1))].filter((row) => row !== undefined);
  const folded = beside.filter((row) => !row.open);
  return folded.length > 0 ? folded : beside;
}

/** Borders may stand between a row and its hole. */
const nearestHole = (rows: readonly MapRow[]): HoleRow | undefined => {
  const next = rows.find((row) => row.kind !== 'border');
  return next?.kind === 'hole' ? next : undefined;
};
