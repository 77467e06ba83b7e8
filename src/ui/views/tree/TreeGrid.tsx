import { type CSSProperties, useMemo, useRef } from 'react';
import type { PagingMode } from '#core/paging/mode.ts';
import type { AtlasSummary } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import { useFrameWord } from '#ui/state/selection.ts';
import { type Columns, columnsOf, hasStride, slotText } from './columns.ts';
import type { TreeLine } from './lines.ts';
import { TreeBody } from './TreeBody.tsx';
import { TreeHead } from './TreeHead.tsx';
import type { TreeState } from './use-tree.ts';
import { useTreeActs } from './use-tree-acts.ts';
import { useTreeFocus } from './use-tree-focus.ts';
import { useTreeKeys } from './use-tree-keys.ts';
import { useSelectionInView, useTreeRows } from './use-tree-rows.ts';

interface TreeGridProps {
  readonly state: TreeState;
  readonly mode: PagingMode;
  readonly atlas: AtlasSummary;
}

/**
 * The tables as a treegrid. Its semantics are our own rather than React Aria's Tree or GridList: those keep every item in a collection and
 * have no columns beside a hierarchy, while here rows are folded, split by the selection and virtual, and `.`, `,`, F and type-ahead on
 * addresses are ours anyway. The pattern is WAI-ARIA's treegrid with the focus on rows: one tab stop, levels, positions, expanded.
 */
export function TreeGrid({ state, mode, atlas }: TreeGridProps) {
  const { lines, path } = state.tree;
  const body = useRef<HTMLDivElement>(null);
  const page = useDesk((desk) => desk.place.address.page);
  const frameWord = useFrameWord();
  const focus = useTreeFocus(body, lines, path.at(-1) ?? -1);
  const rows = useTreeRows(body, lines, focus.active);
  const acts = useTreeActs(state, mode);
  const onKeyDown = useTreeKeys({ lines, mode, acts, focus, rows });
  useSelectionInView(state, page, (at, align) => {
    const line = lines[at];
    if (line) focus.point(line);
    // Scrolling has the page laid out: in a task of its own, not in the one that drew the rows.
    setTimeout(() => rows.show(at, align));
  });
  const columns = useMemo(() => columnsOf(mode, lines), [mode, lines]);
  const widths = useMemo(() => columnStyle(columns, lines), [columns, lines]);
  const isWide = mode.virtualBits > 32;
  return (
    <div ref={body} className={`tree-scroll${columns.guestDigits > 0 ? ' tree-with-guest' : ''}${isWide ? ' tree-wide' : ''}`} style={widths}>
      <table
        role="treegrid"
        aria-label="Tables"
        className="tree-grid"
        aria-rowcount={lines.length + 1}
        onKeyDown={onKeyDown}
        onPointerLeave={() => acts.hover(undefined)}
      >
        <TreeHead columns={columns} frameWord={frameWord} vaWord={isWide ? `VA ${mode.virtualBits - 1}:0` : 'VA'} />
        <TreeBody tree={state.tree} mode={mode} root={atlas.root} columns={columns} focus={focus} rows={rows} acts={acts} />
      </table>
    </div>
  );
}

/** Digits of each column, for widths in tree.css: one digit is half the size of the number face. */
function columnStyle(columns: Columns, lines: readonly TreeLine[]): CSSProperties {
  return {
    '--tree-va': columns.vaDigits,
    '--tree-entry': columns.entryDigits,
    '--tree-frame': columns.frameDigits,
    '--tree-guest': columns.guestDigits,
    ...slotStyle(lines),
  } as CSSProperties;
}

/** Room for "by 2" after the slots, in digits. */
const BY_DIGITS = 5;

/** Indents and digits of the line that needs the widest slot column, with strides in words and without them (narrow panes). */
function slotStyle(lines: readonly TreeLine[]): Readonly<Record<string, number>> {
  const plain = widest(lines.map((line) => ({ depth: line.depth, digits: slotText(line).length })));
  const full = widest(lines.map((line) => ({ depth: line.depth, digits: slotText(line).length + (hasStride(line) ? BY_DIGITS : 0) })));
  return { '--tree-depth': full.depth, '--tree-slot': full.digits, '--tree-depth-plain': plain.depth, '--tree-slot-plain': plain.digits };
}

interface SlotWidth {
  readonly depth: number;
  readonly digits: number;
}

/** An indent takes about two digits. */
const widest = (widths: readonly SlotWidth[]): SlotWidth =>
  widths.reduce((most, one) => (one.depth * 2 + one.digits > most.depth * 2 + most.digits ? one : most), { depth: 3, digits: 7 });
