import { bytesText, commas } from '#core/base/hex.ts';
import type { TableRow, TableView } from '#core/session/contract.ts';
import type { Tree } from './lines.ts';

/** What the head line says of the selected table: `fact` always, `detail` where there is room. */
export interface HeadWords {
  readonly fact: string;
  readonly detail: string;
}

/** About the lowest table on the selection's path that has tables below it: a PT is better seen than counted. */
export function headWords(tree: Tree): HeadWords | undefined {
  const tables = tree.path.flatMap((at) => tree.lines[at]?.table ?? []);
  const table = tables.findLast((one) => one.pagesPerEntry > 1) ?? tables.at(-1);
  if (!table) return undefined;
  const fact = `${commas(table.present)} of ${commas(table.entries)} slots present in ${table.name}`;
  return { fact, detail: sharedWords(tree) ?? makeUp(table) };
}

/** "20 point at tables, 16 are 2 MB leaves". */
function makeUp(table: TableView): string {
  const tables = slots(table.rows, (row) => row.kind === 'table' || row.kind === 'loop' || row.kind === 'absent-table');
  const leaves = slots(table.rows, (row) => row.kind === 'leaf');
  const parts = [
    tables > 0 ? `${commas(tables)} ${tables === 1 ? 'points at a table' : 'point at tables'}` : '',
    leaves > 0
      ? `${commas(leaves)} ${leaves === 1 ? 'is a' : 'are'} ${bytesText(table.pagesPerEntry * 4096)} ${leaves === 1 ? 'leaf' : 'leaves'}`
      : '',
  ];
  return parts.filter(Boolean).join(', ');
}

const slots = (rows: readonly TableRow[], isCounted: (row: TableRow) => boolean): number =>
  rows.reduce((sum, row) => sum + (isCounted(row) ? row.count : 0), 0);

/** Where tables on the path are shared: "65,536 = 4 × 512 × 32 ways to one page". */
function sharedWords(tree: Tree): string | undefined {
  const path = tree.path.flatMap((at) => tree.lines[at] ?? []);
  const times = path.flatMap((line) => (line.opens === 'table' && line.row && line.row.count > 1 ? [line.row.count] : []));
  const last = path.at(-1);
  if (times.length === 0 || last?.row?.kind !== 'leaf') return undefined;
  const same = slots(last.table.rows, (row) => row.kind === 'leaf' && row.frame === last.row?.frame && (row.order === 'same' || row.count === 1));
  const factors = same > 1 ? [...times, same] : times;
  const product = factors.reduce((total, factor) => total * factor, 1);
  return `${commas(product)}${factors.length > 1 ? ` = ${factors.map(commas).join(' × ')}` : ''} ways to one page`;
}
