import type { FoldRun } from '#core/atlas/fold.ts';
import { bytesText, commas, hex } from '#core/base/hex.ts';
import type { TablePath, TableRow } from './contract.ts';
import { regionAt } from './region-at.ts';
import type { SlotFact } from './table-cells.ts';
import type { TablePlace } from './table-names.ts';
import type { TableQuestion } from './table-view.ts';

/** What a row's words are made from. */
export interface RowFacts {
  readonly question: TableQuestion;
  readonly place: TablePlace;
  readonly run: FoldRun;
  readonly fact: SlotFact;
  readonly firstPage: number;
  readonly pageCount: number;
  readonly loopTo: TablePath | undefined;
}

type Words = Pick<TableRow, 'text' | 'note'>;

/** The last column of a row in words: what the entry leads to, in the fewest that are exact. */
export function rowText(row: RowFacts): Words {
  switch (row.run.kind) {
    case 'leaf':
      return leafText(row);
    case 'loop':
      return loopText(row);
    case 'table':
      return tableText(row);
    case 'absent-table':
      return { text: regionName(row) ?? 'table not in this dump', note: 'not in this dump' };
    case 'not-zero':
      return { text: 'P 0, not zero' };
    default:
      return { text: holeText(row) };
  }
}

const regionName = ({ question, firstPage }: RowFacts): string | undefined => regionAt(question.regions, firstPage)?.name;

function leafText(row: RowFacts): Words {
  const { fact, run, place, question } = row;
  const size = bytesText((question.root.forest.shapes[place.level]?.pagesPerEntry ?? 1) * 4096);
  const table = question.root.names.pathOfFrame(fact.frame);
  if (run.order === 'same') return { text: 'same page', note: size };
  if (table && size === '4 KB')
    return { text: `shows ${run.count === 1 ? question.root.names.nameOf(table) : `${commas(run.count)} tables`}`, note: size };
  const spaced = run.step > 1 ? `${size}, 1 in ${run.step}` : size;
  return {
    text: regionAt(question.regions, row.firstPage)?.reserved ? (regionName(row) ?? size) : spaced,
    note: run.order === 'single' ? leafSizeNote(row, size) : run.order,
  };
}

function leafSizeNote(row: RowFacts, size: string): string {
  return regionAt(row.question.regions, row.firstPage)?.reserved ? size : 'page';
}

function loopText({ question, place, loopTo, fact, run }: RowFacts): Words {
  const name = loopTo ? question.root.names.nameOf(loopTo) : `frame ${hex(fact.frame)}`;
  if (run.count > 1) return { text: `${commas(run.count)} tables`, note: `from ${name}, as tables` };
  const isSelf = loopTo?.join() === place.path.join();
  return { text: name, note: isSelf ? 'this very table' : loopTo?.length === 0 ? 'the root, as a table' : 'as a table' };
}

function tableText(row: RowFacts): Words {
  const { question, fact, run } = row;
  const uses = question.root.forest.store.uses(fact.table);
  const kind = question.root.mode.levels[row.place.level + 1]?.tableName ?? 'table';
  if (run.count > 1 && run.order === 'same') return { text: `one ${kind}` };
  const region = regionAt(question.regions, row.firstPage);
  const words = region && region.firstPage + region.pageCount >= row.firstPage + row.pageCount ? region.name : '';
  return { text: words, ...(uses > 1 && { note: `${kind} shared, ${commas(uses)} uses` }) };
}

/** "424 slots, 848 MB, elided in the text", "6 slots, 12 MB: 2 shown zero, 4 elided", "256 slots by 2, 1 MB, zero". */
function holeText({ question, run, place }: RowFacts): string {
  const bytes = bytesText(run.count * (question.root.forest.shapes[place.level]?.pagesPerEntry ?? 1) * 4096);
  const slots = `${commas(run.count)} ${run.count === 1 ? 'slot' : 'slots'}${run.between > 0 ? (run.between === 2 ? ' by 2' : ' between') : ''}, ${bytes}`;
  if (run.kind === 'entry-absent') return `${slots}, not in this dump`;
  const zero = run.count - run.elided;
  if (run.elided === 0) return `${slots}, zero`;
  if (zero === 0) return `${slots}, elided${question.isText ? ' in the text' : ''}`;
  return `${slots}: ${commas(zero)} shown zero, ${commas(run.elided)} elided`;
}
