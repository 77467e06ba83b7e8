import { type MouseEvent, type SyntheticEvent, useMemo } from 'react';
import type { PagingMode } from '#core/paging/mode.ts';
import type { RootChoice } from '#core/session/contract.ts';
import { useDesk } from '#ui/state/desk.ts';
import type { Columns } from './columns.ts';
import { lineWith, type Tree, type TreeLine } from './lines.ts';
import { slotsOf } from './slots.ts';
import { TreeRow } from './TreeRow.tsx';
import type { TreeActs } from './use-tree-acts.ts';
import type { TreeFocus } from './use-tree-focus.ts';
import type { TreeRows } from './use-tree-rows.ts';

interface TreeBodyProps {
  readonly tree: Tree;
  readonly mode: PagingMode;
  readonly root: RootChoice;
  readonly columns: Columns;
  readonly focus: TreeFocus;
  readonly rows: TreeRows;
  readonly acts: TreeActs;
}

/** The scrolling rows. Pointers are handled here, once for all rows; keys on the grid around it. */
export function TreeBody({ tree, focus, rows, acts, ...shared }: TreeBodyProps) {
  const marks = useMarks(tree, shared.mode);
  const lineOf = (event: SyntheticEvent): TreeLine | undefined => tree.lines[indexOf(event.target)];
  const onClick = (event: MouseEvent): void => {
    const line = lineOf(event);
    if (!line) return;
    focus.focus(line);
    acts.click(line, isTwisty(event.target));
  };
  const onDoubleClick = (event: MouseEvent): void => {
    const line = lineOf(event);
    if (line && line.opens !== 'table' && !isTwisty(event.target)) acts.follow(line);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid around it has the keys.
    <tbody
      style={{ height: rows.virtual.getTotalSize() }}
      onClick={onClick}
      onDoubleClick={onDoubleClick}
      onPointerOver={(event) => acts.hover(lineOf(event))}
    >
      {rows.virtual.getVirtualItems().map(({ index, key, start }) => {
        const line = tree.lines[index];
        return (
          line && (
            <TreeRow key={key} {...shared} {...marks(line, index)} at={index} top={start} line={line} isActive={index === focus.active} acts={acts} />
          )
        );
      })}
    </tbody>
  );
}

interface Marks {
  readonly isSelected: boolean;
  readonly isOnPath: boolean;
  readonly isLit: boolean;
  /** Slot of the table below that the selection goes through: the yellow cell. */
  readonly selectedBelow: number | undefined;
  readonly dimmed: ReadonlySet<string>;
}

/** How a line stands to the selection, to what is under the pointer, and to the legend. */
function useMarks(tree: Tree, mode: PagingMode): (line: TreeLine, at: number) => Marks {
  const dimmed = useDesk((desk) => desk.dimmed);
  const page = useDesk((desk) => desk.place.address.page);
  const hoverPage = useDesk((desk) => desk.hover?.address.page);
  const onPath = useMemo(() => new Set(tree.path), [tree]);
  const lit = useMemo(() => (hoverPage === undefined ? -1 : lineWith(tree.lines, hoverPage)), [tree, hoverPage]);
  const slots = slotsOf(mode, page);
  return (line, at) => ({
    isSelected: at === tree.path.at(-1),
    isOnPath: onPath.has(at),
    isLit: at === lit,
    selectedBelow: onPath.has(at) && line.row ? slots[line.table.path.length + 1] : undefined,
    dimmed,
  });
}

/** Index of the line an element belongs to; -1 outside rows. */
function indexOf(target: EventTarget): number {
  const row = target instanceof Element ? target.closest('[data-line]') : null;
  return Number(row?.getAttribute('data-line') ?? -1);
}

const isTwisty = (target: EventTarget): boolean => target instanceof Element && target.closest('[data-twisty]') !== null;
