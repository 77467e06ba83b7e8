import { bytesText, commas, hex } from '#core/base/hex.ts';
import type { BytePage, PageKind } from '#core/session/contract.ts';
import { isTable, slotAt } from './entry-facts.ts';
import { addressString, pagesText, stretchText } from './hex-address.ts';
import type { Block } from './hex-blocks.ts';
import { absenceReason, type FoldReason, type Line, NOT_IN_DUMP, PAGE_BYTES } from './hex-rows.ts';
import type { PlacedLine } from './hex-scroll.ts';
import type { PanePages } from './use-pane-pages.ts';

export interface LineProps {
  readonly placed: PlacedLine;
  readonly source: PanePages;
  readonly id: string;
  readonly isCursor: boolean;
  readonly isSelected: boolean;
  onOpen(): void;
  onStep(direction: 1 | -1): void;
}

/** Every line that is no row of words: page boundary, fold, bar, empty stretch. */
export function HexLine(props: LineProps) {
  const { line, block } = props.placed;
  switch (line.kind) {
    case 'edge':
      return block.page ? <PageEdge page={block.page} /> : null;
    case 'fold':
      return block.page ? <Fold {...props} page={block.page} line={line} /> : null;
    case 'bar':
      return <AbsentBar {...props} line={line} />;
    default:
      return <EmptyStretch {...props} />;
  }
}

/** Where one page ends and the next begins: they are neighbours here, and mostly nowhere else. */
function PageEdge({ page }: { readonly page: BytePage }) {
  const what = page.table?.name ?? (page.space === 'virtual' && page.frame !== undefined ? `frame ${hex(page.frame)}` : '');
  return (
    <div role="presentation" className="hex-edge" aria-hidden="true">
      <span>{what}</span>
    </div>
  );
}

type FoldLine = Extract<Line, { kind: 'fold' }>;

function Fold({ page, line, id, isCursor, isSelected, onOpen }: LineProps & { readonly page: BytePage; readonly line: FoldLine }) {
  const text = foldText(page, line);
  return (
    <div role="row" className={lineClass('hex-fold', isCursor, isSelected)} tabIndex={-1} data-page={page.page}>
      <span role="gridcell" tabIndex={-1} id={id} data-o={line.offset} data-fold={line.what === 'elided' ? undefined : ''}>
        {line.what === 'elided' ? (
          <span>{text}</span>
        ) : (
          <button type="button" tabIndex={-1} onClick={onOpen} title="Show these rows">
            {text}
          </button>
        )}
      </span>
    </div>
  );
}

const FOLD_WORDS: Readonly<Record<FoldReason, string>> = {
  zero: 'more bytes, held and all zero',
  'not-stored': 'more bytes, zero, not stored in the file',
  elided: 'bytes elided',
  same: 'more bytes, the same rows again',
};
const TABLE_WORDS: Readonly<Record<FoldReason, string>> = {
  ...FOLD_WORDS,
  zero: 'bytes zero',
  'not-stored': 'bytes zero, not stored',
  same: 'bytes, the same again',
};

/** "3,392 bytes elided, slots 4–427" in a table, "4,048 more bytes, held and all zero" elsewhere. */
export function foldText(page: BytePage, { what, offset, length }: FoldLine): string {
  const slots = isTable(page) ? slotsText(page, offset, length) : '';
  const words = (isTable(page) ? TABLE_WORDS : FOLD_WORDS)[what].replace(length === PAGE_BYTES ? /^more / : '', '');
  return `${commas(length)} ${words}${slots && `, ${slots}`}`;
}

function slotsText(page: Parameters<typeof slotAt>[0], offset: number, length: number): string {
  const first = slotAt(page, offset);
  const last = slotAt(page, offset + length - 1);
  if (first === undefined || last === undefined) return '';
  return first === last ? `slot ${first}` : `slots ${commas(first)}–${commas(last)}`;
}

type BarLine = Extract<Line, { kind: 'bar' }>;

function AbsentBar({ placed, source, line, id, isCursor, isSelected }: LineProps & { readonly line: BarLine }) {
  const range = stretchText(source.face, placed.block.first, line.offset, line.length);
  return (
    <div role="row" className={lineClass('hex-bar k-absent', isCursor, isSelected)} tabIndex={-1} data-page={placed.block.first}>
      <span role="gridcell" tabIndex={-1} id={id} data-o={line.offset}>
        <b className="n">{range}</b> {commas(line.length)} bytes {reasonText(line.reason)}
      </span>
    </div>
  );
}

/** The reason, with "not in this dump" before it unless it says so itself. */
function reasonText(reason: string): string {
  return reason.includes('not in this dump') ? reason : `${NOT_IN_DUMP}: ${reason}`;
}

const KIND_WORDS: Partial<Readonly<Record<PageKind, string>>> = {
  zero: 'not mapped: entries are zero',
  elided: 'not mapped as far as known: entries elided',
  'not-zero': 'not mapped: P clear, other bits set',
  absent: 'behind tables that this dump lacks',
};

function EmptyStretch({ placed, source, id, isCursor, isSelected, onStep }: LineProps) {
  const { block } = placed;
  const kind = block.empty?.kind;
  const hatched = kind === undefined || kind === 'absent';
  return (
    <div
      role="row"
      className={lineClass(hatched ? 'hex-bar hex-void k-absent' : 'hex-void', isCursor, isSelected)}
      tabIndex={-1}
      data-page={block.first}
    >
      <span role="gridcell" tabIndex={-1} id={id} data-o={0} title={voidText(block)}>
        <b className="n">{stretchName(block, source)}</b> {bytesText(block.count * PAGE_BYTES)} {voidText(block)}
      </span>
      <span role="gridcell" tabIndex={-1} className="hex-steps">
        <button type="button" tabIndex={-1} onClick={() => onStep(-1)} aria-label="P, previous bytes">
          ↑ <kbd>P</kbd>
        </button>
        <button type="button" tabIndex={-1} onClick={() => onStep(1)} aria-label="N, next bytes">
          ↓ <kbd>N</kbd>
        </button>
      </span>
    </div>
  );
}

function stretchName({ first, count }: Block, { face }: PanePages): string {
  return count === 1 ? addressString(face, first, 0) : pagesText(face, first, count);
}

export function voidText({ empty, page }: Block): string {
  const words = empty?.kind && KIND_WORDS[empty.kind];
  if (words) return words;
  return page ? reasonText(absenceReason(page, 0)) : NOT_IN_DUMP;
}

const lineClass = (base: string, isCursor: boolean, isSelected: boolean): string =>
  [base, isCursor ? 'hex-cursor' : '', isSelected ? 'hex-selected' : ''].filter(Boolean).join(' ');

/** A line without words, for a screen reader. */
export function lineSentence(block: Block, line: Line, source: PanePages): string {
  if (line.kind === 'fold' && block.page) return foldText(block.page, line) + (line.what === 'elided' ? '' : ', Enter opens');
  if (line.kind === 'bar')
    return `${stretchText(source.face, block.first, line.offset, line.length)}, ${commas(line.length)} bytes ${reasonText(line.reason)}`;
  if (line.kind === 'void') return `${stretchName(block, source)}, ${bytesText(block.count * PAGE_BYTES)}, ${voidText(block)}`;
  return '';
}
