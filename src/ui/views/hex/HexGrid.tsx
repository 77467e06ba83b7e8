import type { RefObject } from 'react';
import type { BytePage } from '#core/session/contract.ts';
import { HexLine } from './HexLine.tsx';
import { HexColumns, HexRow } from './HexRow.tsx';
import type { Block } from './hex-blocks.ts';
import { type ByteRange, type Cursor, rangeInPage } from './hex-cursor.ts';
import type { Line } from './hex-rows.ts';
import { lineOfByte, type PlacedLine } from './hex-scroll.ts';
import type { PanePages } from './use-pane-pages.ts';

interface HexGridProps {
  readonly gridRef: RefObject<HTMLDivElement | null>;
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly source: PanePages;
  readonly placed: readonly PlacedLine[];
  readonly cursor: Cursor;
  readonly range: ByteRange | undefined;
  /** Byte of the page that is pointed at here or in another pane; -1 if none. */
  hoverIn(page: BytePage): number;
  onOpen(page: number, offset: number): void;
  onStep(direction: 1 | -1): void;
  readonly handlers: Pick<
    React.HTMLAttributes<HTMLDivElement>,
    'onKeyDown' | 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerLeave' | 'onFocus' | 'onBlur'
  >;
}

/** The lines in sight. One element holds the focus; which word it means is said by `aria-activedescendant`. */
export function HexGrid(props: HexGridProps) {
  const { gridRef, id, title, caption, source, placed, cursor, handlers } = props;
  const top = placed[0]?.block.page;
  return (
    <div
      role="grid"
      ref={gridRef}
      id={id}
      className="hex-grid ring-in"
      tabIndex={0}
      aria-label={title}
      aria-rowcount={-1}
      aria-describedby={`${id}-word`}
      aria-activedescendant={activeId(id, source, placed, cursor)}
      {...handlers}
    >
      {top && <HexColumns shape={source.lay(top).shape} caption={caption} />}
      {placed.map((line) => (
        <GridLine key={`${line.block.first}-${line.index}`} {...props} at={line} />
      ))}
    </div>
  );
}

function GridLine({ at, ...props }: HexGridProps & { readonly at: PlacedLine }) {
  const { block, line } = at;
  if (line.kind === 'row' && block.page) return <Row {...props} page={block.page} line={line} />;
  const { source, cursor, id, onOpen, onStep } = props;
  return (
    <HexLine
      placed={at}
      source={source}
      id={cellId(id, block.first, line.offset)}
      isCursor={isOn(block, line, cursor)}
      isSelected={isSelected(block, line, source)}
      onOpen={() => onOpen(block.first, line.offset)}
      onStep={onStep}
    />
  );
}

function Row({ page, line, source, cursor, range, hoverIn, id }: HexGridProps & { readonly page: BytePage; readonly line: Line }) {
  const { shape, marks } = source.lay(page);
  const within = (byte: number) => byte >= line.offset && byte < line.offset + line.length;
  const chosen = rangeInPage(range, page.page);
  const hover = hoverIn(page);
  const word = cursor.offset - (cursor.offset % shape.wordBytes);
  return (
    <HexRow
      page={page}
      offset={line.offset}
      shape={shape}
      face={source.face}
      marks={marks}
      cursor={cursor.page === page.page && within(word) ? word : -1}
      hover={within(hover) ? hover : -1}
      from={clampTo(line, chosen?.from ?? 0)}
      to={clampTo(line, chosen?.to ?? 0)}
      idPrefix={id}
    />
  );
}

/** Bounds outside the row become its ends, so that a row far from the range is not drawn again. */
const clampTo = (line: Line, byte: number): number => Math.max(line.offset, Math.min(line.offset + line.length, byte));

const isOn = (block: Block, line: Line, cursor: Cursor): boolean =>
  cursor.page >= block.first && cursor.page < block.first + block.count && block.lines[lineOfByte(block, cursor.offset)] === line;

function isSelected(block: Block, line: Line, source: PanePages): boolean {
  const { selectedPage } = source;
  if (line.kind === 'void') return selectedPage !== undefined && selectedPage >= block.first && selectedPage < block.first + block.count;
  if (!block.page || line.length === 0) return false;
  return source
    .lay(block.page)
    .marks.some((mark) => mark.tone === 'selected' && mark.offset >= line.offset && mark.offset < line.offset + line.length);
}

const cellId = (id: string, page: number, offset: number): string => `${id}-${page}-${offset}`;

/** Id of the word or line that the keyboard is on, if it is in sight. */
export function activeId(id: string, source: PanePages, placed: readonly PlacedLine[], cursor: Cursor): string | undefined {
  const found = placed.find(({ block, line }) => isOn(block, line, cursor));
  if (!found) return undefined;
  const { block, line } = found;
  if (line.kind !== 'row' || !block.page) return cellId(id, block.first, line.offset);
  return cellId(id, cursor.page, cursor.offset - (cursor.offset % source.lay(block.page).shape.wordBytes));
}
