import { memo } from 'react';
import { hex } from '#core/base/hex.ts';
import type { BytePage } from '#core/session/contract.ts';
import { cellKind, isTable, slotAt } from './entry-facts.ts';
import { type AddressFace, addressText } from './hex-address.ts';
import type { Mark } from './hex-marks.ts';
import { ABSENT, ASSUMED_ZERO, presenceCodes, type RowShape } from './hex-rows.ts';
import { leadingZeros, printable, wordAt, wordText } from './hex-words.ts';
import { xenClass } from './xen-words.ts';

export interface HexRowProps {
  readonly page: BytePage;
  readonly offset: number;
  readonly shape: RowShape;
  readonly face: AddressFace;
  readonly marks: readonly Mark[];
  /** Byte of the word the keyboard is on, of the one under the pointer; -1 if not in this row. */
  readonly cursor: number;
  readonly hover: number;
  /** Bytes chosen in this row, [from, to); equal if none. */
  readonly from: number;
  readonly to: number;
  readonly idPrefix: string;
}

/** One line of words with its address; drawn again only when something in it changed. */
export const HexRow = memo(function HexRow(props: HexRowProps) {
  const { page, offset, shape, face } = props;
  const address = addressText(face, page.page, offset);
  const offsets = Array.from({ length: shape.wordsPerRow }, (_, i) => offset + i * shape.wordBytes);
  return (
    <div role="row" className={rowClass(shape)} tabIndex={-1} data-page={page.page}>
      <span role="rowheader" className="hex-address n">
        <i className="z">{address.zeros}</i>
        {address.digits}
      </span>
      {offsets.map((at) => (
        <HexWord key={at} {...props} offset={at} />
      ))}
      {shape.text && <RowText {...props} />}
    </div>
  );
});

function rowClass({ wordBytes, digits }: RowShape): string {
  if (wordBytes === 1) return 'hex-row hex-bytes';
  return digits === 16 ? 'hex-row hex-entries' : 'hex-row hex-short';
}

function HexWord(props: HexRowProps) {
  const { page, offset, shape, idPrefix, cursor } = props;
  const known = knownOf(page, offset, shape.wordBytes);
  const classes = ['hex-w', 'n', ...wordClasses(props)];
  const text = known === 'held' ? wordText(wordAt(page.bytes, offset, shape.wordBytes), shape.wordBytes, shape.digits) : '';
  const zeros = leadingZeros(text);
  return (
    <span
      role="gridcell"
      tabIndex={-1}
      id={`${idPrefix}-${page.page}-${offset}`}
      data-o={offset}
      className={classes.join(' ')}
      aria-selected={cursor === offset}
    >
      {known === 'held' ? (
        <>
          <i className="z">{text.slice(0, zeros)}</i>
          {text.slice(zeros)}
        </>
      ) : (
        <HexGap known={known} digits={shape.digits} />
      )}
    </span>
  );
}

/** As wide as the digits it stands for, so that the column keeps its line. */
function HexGap({ known, digits }: { readonly known: 'elided' | 'absent'; readonly digits: number }) {
  const name = known === 'absent' ? 'not in this dump' : 'elided';
  return (
    <span role="img" aria-label={name} className={`gap hex-gap ${known === 'absent' ? 'k-absent' : 'k-elided'}`} style={{ width: `${digits}ch` }} />
  );
}

/** A word is shown only if all its bytes are known. */
function knownOf(page: BytePage, offset: number, size: number): 'held' | 'elided' | 'absent' {
  const codes = codesOf(page);
  let worst = 0;
  for (let i = offset; i < offset + size; i++) worst = Math.max(worst, codes[i] ?? ABSENT);
  if (worst === ABSENT) return 'absent';
  return worst === ASSUMED_ZERO ? 'elided' : 'held';
}

const codes = new WeakMap<BytePage, Uint8Array>();
function codesOf(page: BytePage): Uint8Array {
  const known = codes.get(page) ?? presenceCodes(page);
  codes.set(page, known);
  return known;
}

function wordClasses({ page, offset, shape, marks, cursor, hover, from, to }: HexRowProps): readonly string[] {
  const size = shape.wordBytes;
  const holds = (byte: number) => byte >= offset && byte < offset + size;
  const mark = marks.find((m) => m.offset < offset + size && m.offset + m.length > offset);
  return [
    outlineOf(page, offset),
    mark ? `hex-${mark.tone}` : '',
    offset < to && offset + size > from ? 'hex-chosen' : '',
    holds(hover) ? 'hex-hover' : '',
    holds(cursor) ? 'hex-cursor' : '',
  ].filter(Boolean);
}

/** An entry's outline says its kind; entries that are not present have none. */
function outlineOf(page: BytePage, offset: number): string {
  const slot = isTable(page) ? slotAt(page, offset) : undefined;
  if (!isTable(page) || slot === undefined) return xenClass(page, offset);
  return OUTLINES[cellKind(page, slot)] ?? '';
}

const OUTLINES: Readonly<Record<string, string>> = {
  writable: 'hex-e-rw',
  'read-only': 'hex-e-ro',
  loop: 'hex-e-table',
  absent: 'hex-e-absent',
  'not-zero': 'hex-e-not-zero',
  table: 'hex-e-names',
};

function RowText(props: HexRowProps) {
  const { page, offset, shape } = props;
  const offsets = Array.from({ length: shape.wordsPerRow }, (_, i) => offset + i);
  return (
    <span role="gridcell" tabIndex={-1} className="hex-text n" aria-label={offsets.map((at) => printable(page.bytes[at] ?? 0)).join('')}>
      {offsets.map((at) => (
        <HexCharacter key={at} {...props} offset={at} />
      ))}
    </span>
  );
}

function HexCharacter(props: HexRowProps) {
  const { page, offset } = props;
  const byte = page.bytes[offset] ?? 0;
  const unknown = knownOf(page, offset, 1) !== 'held';
  const classes = [
    ...wordClasses(props).filter((name) => !name.startsWith('hex-e-') && !name.startsWith('hex-m-')),
    printable(byte) === '·' || unknown ? 'z' : '',
  ].filter(Boolean);
  return (
    <i data-o={offset} className={classes.join(' ')}>
      {unknown ? ' ' : printable(byte)}
    </i>
  );
}

/** As wide as the word below, whatever the size of the head's own letters. */
function columnWidth({ wordBytes, digits }: RowShape): string {
  const box = wordBytes === 1 ? 0 : digits === 16 ? 6 : 4;
  return `calc(var(--digit) * ${digits} + ${box}px)`;
}

/** The heads of the columns: +00 +08 … over words, the last digits of the address over bytes. */
export function HexColumns({ shape, caption }: { readonly shape: RowShape; readonly caption: string }) {
  const offsets = Array.from({ length: shape.wordsPerRow }, (_, i) => i * shape.wordBytes);
  return (
    <div role="row" className={`${rowClass(shape)} hex-columns`} tabIndex={-1}>
      <span role="columnheader" className="hex-address c">
        {caption}
      </span>
      {offsets.map((offset) => (
        <span role="columnheader" key={offset} className="hex-w n" style={{ width: columnWidth(shape) }}>
          {shape.wordBytes === 1 ? hex(offset, 2) : `+${hex(offset, 2)}`}
        </span>
      ))}
      {shape.text && (
        <span role="columnheader" className="hex-text c">
          text
        </span>
      )}
    </div>
  );
}
