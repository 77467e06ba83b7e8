/** The table of RESULTS.md: written from figures, and read back by the test that keeps it true. */
import type { Aim, Figure, Row } from './row.ts';

export interface Machine {
  readonly processors: string;
  /** Of Node and the browser. */
  readonly versions: string;
  /** Load averages of 1, 5 and 15 minutes when the benches ended. */
  readonly load: readonly number[];
}

/** A row as it stands in the table: the text of its cells. */
export interface Cells {
  readonly what: string;
  readonly beside: string;
  readonly ratio: string;
  readonly aim: string;
  readonly met: string;
  readonly milliseconds: string;
  readonly note: string;
}

const NOT_TOLD = 'not told';

export function cellsOf(row: Row, { ratio, milliseconds, note = '' }: Figure): Cells {
  const cells = { what: row.what, beside: row.beside, ratio: ratioText(row, ratio), aim: aimText(row.aim), milliseconds: digits(milliseconds) };
  const met = metText(row.aim, cells.ratio, cells.milliseconds);
  const why = met === 'no' ? (row.why ?? '') : '';
  return { ...cells, met, note: [note, why].filter(Boolean).join('; ') };
}

const ratioText = ({ unit = '×' }: Row, ratio: number | undefined): string =>
  ratio === undefined ? NOT_TOLD : `${unit === '%' ? ratio.toFixed(0) : digits(ratio)} ${unit}`;

/** Three digits or so: what a second run would give again. */
function digits(value: number | undefined): string {
  if (value === undefined) return '';
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

export function aimText(aim: Aim | undefined): string {
  if (!aim) return '';
  if ('most' in aim) return `≤ ${aim.most} ×`;
  return 'least' in aim ? `≥ ${aim.least} %` : `≤ ${aim.mostMilliseconds} ms`;
}

/** By the figures as they are printed, so that the table never contradicts itself. */
export function metText(aim: Aim | undefined, ratio: string, milliseconds: string): string {
  if (!aim) return '';
  if (ratio === NOT_TOLD) return NOT_TOLD;
  const [value, spent] = [Number.parseFloat(ratio), Number.parseFloat(milliseconds)];
  const isMet = 'most' in aim ? value <= aim.most : 'least' in aim ? value >= aim.least : spent <= aim.mostMilliseconds;
  return isMet ? 'yes' : 'no';
}

const HEAD = ['| measured | beside | ratio | aim | met | ms | |', '| --- | --- | ---: | ---: | --- | ---: | --- |'];

const lineOf = ({ what, beside, ratio, aim, met, milliseconds, note }: Cells): string =>
  `| ${[what, beside, ratio, aim, met, milliseconds, note].join(' | ')} |`;

/** The whole of RESULTS.md. */
export function resultsPage(measured: readonly { readonly row: Row; readonly figure: Figure }[], { processors, versions, load }: Machine): string {
  const lines = (judged: boolean): string[] =>
    measured.filter(({ row }) => (row.judged ?? false) === judged).map(({ row, figure }) => lineOf(cellsOf(row, figure)));
  return [
    '# Speed',
    '',
    "Written by `npm run bench`; do not edit. Ratios are what counts, each to something measured in the same run: milliseconds are the machine's.",
    '',
    ...[...HEAD, ...lines(true), ''],
    `- Machine: ${processors}; ${versions}`,
    `- Load averages at the end: ${load.map((value) => value.toFixed(1)).join(', ')} (above the number of processors, others were at work and ratios are worse than they need be)`,
    ...['', '## Measured along with them', ''],
    ...[...HEAD, ...lines(false), ''],
  ].join('\n');
}

/** The rows of a page, in its order. */
export function rowsOnPage(page: string): readonly Cells[] {
  const lines = page.split('\n').filter((line) => line.startsWith('| ') && !HEAD.includes(line));
  return lines.map((line) => {
    const [what = '', beside = '', ratio = '', aim = '', met = '', milliseconds = '', note = ''] = line
      .slice(2)
      .split('|')
      .map((cell) => cell.trim());
    return { what, beside, ratio, aim, met, milliseconds, note };
  });
}
