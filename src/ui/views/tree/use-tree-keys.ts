import type { KeyboardEvent } from 'react';
import type { PagingMode } from '#core/paging/mode.ts';
import { actOf, type TreeAct, typedLine } from './keys.ts';
import type { TreeLine } from './lines.ts';
import type { TreeActs } from './use-tree-acts.ts';
import type { TreeFocus } from './use-tree-focus.ts';
import type { TreeRows } from './use-tree-rows.ts';
import { useTypeAhead } from './use-type-ahead.ts';

interface TreeKeys {
  readonly lines: readonly TreeLine[];
  readonly mode: PagingMode;
  readonly acts: TreeActs;
  readonly focus: TreeFocus;
  readonly rows: TreeRows;
}

/** Keys of the tree. Those it does not know go on to the page. */
export function useTreeKeys({ lines, mode, acts, focus, rows }: TreeKeys): (event: KeyboardEvent) => void {
  const typed = useTypeAhead();
  const focusLine = (at: number): void => {
    const line = lines[at];
    if (!line) return;
    focus.focus(line);
    rows.show(at, 'auto');
    acts.hover(line);
  };
  const perform = (act: TreeAct): void => {
    const line = lines[act.line];
    if (!line) return;
    if (act.kind === 'focus') {
      focusLine(act.line);
      return;
    }
    focus.focus(line);
    acts[act.kind](line);
    if (act.kind === 'follow' && line.isOpen) focusLine(act.line + 1);
  };
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const text = typed(event.key);
    const act = text === undefined ? actOf({ key: event.key, lines, at: focus.active, page: rows.pageRows() }) : undefined;
    if (text === undefined && !act) return;
    event.preventDefault();
    event.stopPropagation();
    if (act) perform(act);
    else focusLine(typedLine(text ?? '', lines, focus.active, mode));
  };
}
