import { useMemo } from 'react';
import { virtualPage } from '#core/memory/address.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import type { TablePath } from '#core/session/contract.ts';
import { type Desk, useDesk } from '#ui/state/desk.ts';
import type { TreeLine } from './lines.ts';
import { cellWords, firstPageOf, hoverWords } from './row-facts.ts';
import type { TreeState } from './use-tree.ts';

/** What can be done with a line, by pointer or key. */
export interface TreeActs {
  open(line: TreeLine): void;
  close(line: TreeLine): void;
  /** Selects the line's first page. */
  choose(line: TreeLine): void;
  /** Enter: opens what opens, jumps to the table a loop means, or to the frame a leaf maps. */
  follow(line: TreeLine): void;
  /** Fits the map to the line. */
  fit(line: TreeLine): void;
  /** A click: selects, and opens a table; a second one closes it. On the twisty: opens or closes, selecting nothing. */
  click(line: TreeLine, onTwisty: boolean): void;
  /** Lights the line's span everywhere; undefined: nothing. */
  hover(line: TreeLine | undefined): void;
  /** The same for one slot of the table below the line, or for the line where no slot is meant. */
  hoverCell(line: TreeLine, slot: number | undefined): void;
  /** Selects the first page of one slot of the table below the line. */
  selectCell(line: TreeLine, slot: number): void;
}

type DeskActs = Pick<Desk, 'select' | 'jump' | 'look' | 'setHover'>;

export function useTreeActs(state: TreeState, mode: PagingMode): TreeActs {
  const select = useDesk((desk) => desk.select);
  const jump = useDesk((desk) => desk.jump);
  const look = useDesk((desk) => desk.look);
  const setHover = useDesk((desk) => desk.setHover);
  const { tree, open, choose } = state;
  return useMemo(
    () => treeActs({ select, jump, look, setHover }, { open, choose, selected: tree.lines[tree.path.at(-1) ?? -1]?.key }, mode),
    [select, jump, look, setHover, tree, open, choose, mode],
  );
}

interface Chosen extends Pick<TreeState, 'open' | 'choose'> {
  /** Key of the selected line. */
  readonly selected: string | undefined;
}

const addressOf = (page: number) => ({ page: virtualPage(page), offset: 0 });

function treeActs(desk: DeskActs, tree: Chosen, mode: PagingMode): TreeActs {
  const choose = (line: TreeLine): void => {
    tree.choose(line, line.firstPage);
    desk.select(addressOf(line.firstPage));
  };
  return {
    open: (line) => tree.open(line, true),
    close: (line) => tree.open(line, false),
    choose,
    follow: (line) => follow(line, desk, tree, choose, mode),
    fit: ({ firstPage, pageCount }) => desk.look({ window: { firstPage, pageCount } }),
    click: (line, onTwisty) => {
      const isChosen = line.isOpen && line.key === tree.selected;
      if (onTwisty || line.opens === 'table') tree.open(line, onTwisty ? !line.isOpen : !isChosen);
      if (!onTwisty) choose(line);
    },
    hover: (line) => desk.setHover(line && { address: addressOf(line.firstPage), pageCount: line.pageCount, words: hoverWords(line) }),
    ...cellActs(desk, mode),
  };
}

/** Acts on one slot of the table below a line, by its cell in the thumbnail. */
function cellActs(desk: DeskActs, mode: PagingMode): Pick<TreeActs, 'hoverCell' | 'selectCell'> {
  const below = (line: TreeLine): number => mode.levels[line.table.level + 1]?.pagesPerEntry ?? 1;
  return {
    hoverCell: (line, slot) => {
      const page = line.firstPage + (slot ?? 0) * below(line);
      const words =
        slot === undefined ? hoverWords(line) : `slot ${slot} of the table of ${hoverWords(line)}: ${cellWords(line.row?.thumbnail?.[slot] ?? 0)}`;
      desk.setHover({ address: addressOf(page), pageCount: slot === undefined ? line.pageCount : below(line), words });
    },
    selectCell: (line, slot) => desk.select(addressOf(line.firstPage + slot * below(line))),
  };
}

function follow(line: TreeLine, desk: DeskActs, tree: Chosen, choose: (line: TreeLine) => void, mode: PagingMode): void {
  const { row } = line;
  if (line.opens) tree.open(line, true);
  else if (row?.loopTo) jumpTo(row.loopTo, desk, tree, mode);
  else {
    choose(line);
    if (row?.kind === 'leaf' && row.frame !== undefined) desk.jump({ kind: 'frame', frame: row.frame, offset: 0 });
  }
}

/** To the row of the table that a loop means: that row is then the selected one, not the first page of what it covers. */
function jumpTo(path: TablePath, desk: DeskActs, tree: Chosen, mode: PagingMode): void {
  tree.choose(undefined, firstPageOf(mode, path), path.length - 1);
  desk.jump({ kind: 'table', path, slot: 0 });
}
