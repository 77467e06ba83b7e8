import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useRef } from 'react';
import { commas, hex } from '#core/base/hex.ts';
import { M2P_KINDS, type M2pCells, m2pWordPlace } from '#core/session/contract.ts';
import { paintSoon } from '#ui/kit/paint-soon.ts';
import { useThemeSignal } from '#ui/kit/theme-signal.ts';
import { useDesk } from '#ui/state/desk.ts';
import { useQuestion } from '#ui/state/question.ts';
import { KIND_LOOKS } from './kinds.ts';
import { paintCells } from './m2p-painter.ts';
import { keyOf, useM2p } from './use-m2p.ts';

export const COLUMNS = 64;

interface PictureProps {
  readonly title: string;
  readonly caption: string;
  readonly firstMfn: number;
  readonly wordsPerCell: number;
  readonly cells: number;
}

/** A stretch of the table, 64 cells a line; a click or the arrow keys choose a word. */
export function Picture({ title, caption, firstMfn, wordsPerCell, cells }: PictureProps) {
  const { selection, digits } = useM2p();
  const rows = Math.ceil(cells / COLUMNS);
  const { value } = useQuestion(`${keyOf('m2p cells', selection)} ${firstMfn} ${wordsPerCell} ${cells}`, (questions) =>
    questions.m2pCells(selection.root, firstMfn, wordsPerCell, cells),
  );
  return (
    <section className="m2p-picture" aria-label={title}>
      <h3>
        <span className="n">{title}</span> <span className="c">{caption}</span>
      </h3>
      <div className="m2p-field">
        <div className="m2p-axis" aria-hidden="true">
          {Array.from({ length: rows }, (_, row) => (
            <span key={hex(row)} className="n">
              {hex(firstMfn + row * COLUMNS * wordsPerCell, digits)}
            </span>
          ))}
        </div>
        <Cells label={title} rows={rows} cells={cells} wordsPerCell={wordsPerCell} firstMfn={firstMfn} answer={value} />
      </div>
    </section>
  );
}

interface CellsProps {
  readonly label: string;
  readonly rows: number;
  readonly cells: number;
  readonly firstMfn: number;
  readonly wordsPerCell: number;
  readonly answer: M2pCells | undefined;
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -COLUMNS,
  ArrowDown: COLUMNS,
  PageUp: -4 * COLUMNS,
  PageDown: 4 * COLUMNS,
};

function Cells({ label, rows, cells, firstMfn, wordsPerCell, answer }: CellsProps) {
  const { mfn, pick, summary, digits } = useM2p();
  const setHover = useDesk((desk) => desk.setHover);
  const box = useRef<HTMLDivElement>(null);
  const at = Math.floor((mfn - firstMfn) / wordsPerCell);
  const isHere = at >= 0 && at < cells;
  const choose = (cell: number) => pick(firstMfn + Math.max(0, Math.min(cells - 1, cell)) * wordsPerCell);
  const press = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    choose((isHere ? at : 0) + step);
  };
  const cellUnder = (event: { readonly clientX: number; readonly clientY: number }) => cellAt(box.current, event, rows);
  const hover = (event: PointerEvent) => {
    const cell = cellUnder(event);
    const first = firstMfn + cell * wordsPerCell;
    if (cell < cells && first < summary.words)
      setHover({ address: m2pWordPlace(summary, first), pageCount: 1, words: cellWords(answer, cell, first, wordsPerCell, digits) });
  };
  return (
    <div
      ref={box}
      className="m2p-cells ring-in"
      role="slider"
      aria-label={`Frame, in ${label}`}
      aria-valuemin={firstMfn}
      aria-valuemax={firstMfn + cells * wordsPerCell - 1}
      aria-valuenow={isHere ? mfn : firstMfn}
      aria-valuetext={isHere ? cellWords(answer, at, firstMfn + at * wordsPerCell, wordsPerCell, digits) : 'not in this part'}
      tabIndex={0}
      onKeyDown={press}
      onClick={(event) => choose(cellUnder(event))}
      onPointerMove={hover}
      onPointerLeave={() => setHover(undefined)}
    >
      <CellCanvas rows={rows} answer={answer} />
      {isHere && <i className="m2p-here" style={placeOf(at, rows)} />}
    </div>
  );
}

function CellCanvas({ rows, answer }: Pick<CellsProps, 'rows' | 'answer'>) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useThemeSignal();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `theme` stands for the tokens' values.
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const paint = () =>
      paintSoon(element, (context, target, scale) => answer && paintCells(context, target, scale, { columns: COLUMNS, rows }, answer));
    paint();
    if (typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(paint);
    observer.observe(element);
    return () => observer.disconnect();
  }, [answer, rows, theme]);
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas without tabIndex takes no focus; the slider around it says in words what it shows.
  return <canvas ref={canvas} aria-hidden="true" />;
}

function cellAt(box: HTMLElement | null, { clientX, clientY }: { readonly clientX: number; readonly clientY: number }, rows: number): number {
  const rect = box?.getBoundingClientRect();
  if (!rect || rect.width === 0 || rect.height === 0) return 0;
  const part = (offset: number, whole: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor((offset / whole) * count)));
  return part(clientY - rect.top, rect.height, rows) * COLUMNS + part(clientX - rect.left, rect.width, COLUMNS);
}

const placeOf = (cell: number, rows: number) => ({
  left: `${((cell % COLUMNS) / COLUMNS) * 100}%`,
  top: `${(Math.floor(cell / COLUMNS) / rows) * 100}%`,
  width: `${100 / COLUMNS}%`,
  height: `${100 / rows}%`,
});

/** "MFN 000–03ff: 64 invalid, 960 not in this dump". */
function cellWords(answer: M2pCells | undefined, cell: number, firstMfn: number, wordsPerCell: number, digits: number): string {
  const span = wordsPerCell === 1 ? hex(firstMfn, digits) : `${hex(firstMfn, digits)}–${hex(firstMfn + wordsPerCell - 1, digits)}`;
  if (!answer) return `MFN ${span}`;
  const counts = M2P_KINDS.flatMap((kind, column) => {
    const count = answer.counts[cell * M2P_KINDS.length + column] ?? 0;
    const name = KIND_LOOKS[kind].name.toLowerCase();
    return count === 0 ? [] : [wordsPerCell === 1 ? name : `${commas(count)} ${name}`];
  });
  return `MFN ${span}: ${counts.join(', ')}`;
}
