import { useCallback, useEffect, useMemo, useReducer, useState } from 'react';
import type { PagingMode, Root } from '#core/paging/mode.ts';
import type { AtlasSummary, Questions, TablePath } from '#core/session/contract.ts';
import { type Anchor, anchorDepth, drawTree, type Tree, type TreeLine } from './lines.ts';
import { forgetClosed, noOpenings, type Openings, withRun, withTable, withTables } from './openings.ts';
import { TableAnswers } from './table-answers.ts';

export interface TreeState {
  readonly tree: Tree;
  /** False while an answer for what is now selected and open is under way. */
  readonly isSettled: boolean;
  readonly error: Error | undefined;
  /** Opens or closes a line. */
  open(line: TreeLine, isOpen: boolean): void;
  /**
   * Notes that the tree itself is about to select `page`: the line there stays the selected one however deep its address leads, and
   * nothing open closes. `depth` of its table, where the line is not on screen.
   */
  choose(line: TreeLine | undefined, page: number, depth?: number): void;
  /** True where the present selection was chosen in the tree. */
  readonly isOwn: boolean;
}

interface TreeSource {
  readonly questions: Questions;
  readonly atlas: AtlasSummary;
  readonly mode: PagingMode;
  readonly page: number;
}

/** The open tables of a root around the selected page, asked of the session as they are needed. */
export function useTree({ questions, atlas, mode, page }: TreeSource): TreeState {
  const answers = useMemo(() => new TableAnswers(questions, rootOf(atlas)), [questions, atlas]);
  const [version, renew] = useReducer((count: number) => count + 1, 0);
  const [error, setError] = useState<Error>();
  const [openings, setOpenings] = useState(noOpenings);
  const [anchor, setAnchor] = useState<Anchor>();
  const isOwn = anchor?.page === page;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for what `answers` holds.
  const tree = useMemo(
    () => drawTree({ mode, page, anchor, openings, answer: (need) => answers.get(need) }),
    [mode, page, anchor, openings, answers, version],
  );
  useEffect(() => {
    answers.fetch(tree.needs).then(
      (isNew) => isNew && renew(),
      (reason: Error) => setError(reason),
    );
  }, [answers, tree]);
  useEffect(() => {
    if (isOwn) return;
    setAnchor(undefined);
    setOpenings(forgetClosed);
  }, [isOwn]);
  const open = useCallback((line: TreeLine, isOpen: boolean) => setOpenings((now) => opened(now, line, isOpen)), []);
  const choose = useCallback(
    (line: TreeLine | undefined, chosen: number, depth = line ? anchorDepth(line) : 0) => {
      setAnchor({ page: chosen, depth });
      setOpenings((now) => withTables(now, openTables(tree.lines)));
    },
    [tree],
  );
  return { tree, isSettled: answers.hasAll(tree.needs), error, open, choose, isOwn };
}

const rootOf = ({ root }: AtlasSummary): Root => ({ address: root.address, mode: root.mode });

function opened(openings: Openings, line: TreeLine, isOpen: boolean): Openings {
  if (line.opens === 'run' && line.row) return withRun(openings, line.table.path, line.row, isOpen);
  return line.opens === 'table' ? withTable(openings, line.childPath, isOpen) : openings;
}

const openTables = (lines: readonly TreeLine[]): readonly TablePath[] =>
  lines.filter((line) => line.opens === 'table' && line.isOpen).map((line) => line.childPath);
