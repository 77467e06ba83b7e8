import { bytesText, commas } from '#core/base/hex.ts';
import { FRAME_BYTES } from '#core/memory/address.ts';
import type { FoldRun } from './fold.ts';

/** What the words of a row need besides the row. */
export interface FoldWordsInput {
  /** Pages one slot covers. */
  readonly pagesPerEntry: number;
  /** The table one level down: "PD", "PT"; empty for a PT. */
  readonly tableBelow: string;
  /** Name of the region, or what else is known of it: "M2P, read-only". */
  readonly region?: string;
  /** For tables: true where nothing in or below them is present. */
  readonly isEmpty?: boolean;
  /** For one loop: the table it shows, "PD[0]", "the root"; and whether it is the table that holds it. */
  readonly loop?: { readonly name: string; readonly isSelf: boolean };
}

/** Words for a row's last column: `text` in ink, `note` dim and first to go when the pane is narrow. The count stands elsewhere. */
export interface FoldWords {
  readonly text: string;
  readonly note: string;
}

export function foldWords(run: FoldRun, about: FoldWordsInput): FoldWords {
  switch (run.kind) {
    case 'not-present':
    case 'elided':
    case 'entry-absent':
      return { text: nothingWords(run, about), note: '' };
    case 'leaf':
      return leafWords(run, about);
    case 'table':
      return { text: run.order === 'same' ? `one ${about.tableBelow}` : about.isEmpty ? 'empty' : (about.region ?? ''), note: '' };
    case 'loop':
      return loopWords(run, about);
    case 'absent-table':
      return { text: about.region ?? `${about.tableBelow} not in this dump`, note: about.region ? 'not in this dump' : '' };
    case 'not-zero':
      return { text: 'P 0, not zero', note: about.region ?? '' };
  }
}

/** "424 slots, 848 MB, elided in the text", "6 slots, 12 MB: 2 shown zero, 4 elided", "256 slots by 2, 1 MB, zero". */
function nothingWords(run: FoldRun, { pagesPerEntry }: FoldWordsInput): string {
  const spacing = run.step > 1 ? ` by ${run.step}` : run.between > 0 ? ' between' : '';
  const size = `${commas(run.count)} ${run.count === 1 ? 'slot' : 'slots'}${spacing}, ${bytesText(run.count * pagesPerEntry * FRAME_BYTES)}`;
  if (run.kind === 'entry-absent') return `${size}, not in this dump`;
  if (run.elided === 0) return `${size}, zero`;
  return run.elided === run.count ? `${size}, elided in the text` : `${size}: ${run.count - run.elided} shown zero, ${run.elided} elided`;
}

/** "M2P, read-only" and "2 MB"; without a region "4 KB, 1 in 2" and "in order", "same page", "2 MB page". */
function leafWords(run: FoldRun, { pagesPerEntry, region }: FoldWordsInput): FoldWords {
  const size = bytesText(pagesPerEntry * FRAME_BYTES);
  const order = run.order === 'single' ? '' : run.order;
  if (region) return { text: region, note: run.count === 1 ? size : order };
  if (run.order === 'same') return { text: 'same page', note: size };
  if (run.count === 1) return { text: `${size} page`, note: '' };
  return { text: run.step > 1 ? `${size}, 1 in ${run.step}` : size, note: order };
}

/** "PD[0]" and "as a table"; "3 tables". */
function loopWords(run: FoldRun, { loop }: FoldWordsInput): FoldWords {
  if (run.count > 1) return { text: run.order === 'same' ? (loop?.name ?? 'one table') : `${run.count} tables`, note: 'as tables' };
  return { text: loop?.name ?? 'a table', note: loop?.isSelf ? 'this very table' : 'as a table' };
}
