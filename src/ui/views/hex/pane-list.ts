import type { HexPane } from '#ui/state/place.ts';

/** Fewer would not show a table and its page side by side. */
export const LEAST_PANES = 2;

export function withPane(panes: readonly HexPane[], changed: HexPane): readonly HexPane[] {
  return panes.map((pane) => (pane.id === changed.id ? changed : pane));
}

/** A pane more, below its model, pinned to where that looks. */
export function withNewPane(panes: readonly HexPane[], model: HexPane, at: { page: number; offset: number }): readonly HexPane[] {
  const id = Math.max(0, ...panes.map((pane) => pane.id)) + 1;
  return panes.flatMap((pane) => (pane.id === model.id ? [pane, { ...model, id, pinned: at }] : [pane]));
}

export function withoutPane(panes: readonly HexPane[], id: number): readonly HexPane[] {
  return panes.length <= LEAST_PANES ? panes : panes.filter((pane) => pane.id !== id);
}

export function pinnedAt(pane: HexPane, at: { page: number; offset: number }): HexPane {
  return { ...pane, pinned: at };
}

export function following(pane: HexPane, follows: 'selection' | 'table'): HexPane {
  const { pinned: _, ...rest } = pane;
  return { ...rest, follows };
}

export function withWordBytes(pane: HexPane, wordBytes: HexPane['wordBytes']): HexPane {
  const { wordBytes: _, ...rest } = pane;
  return wordBytes === undefined ? rest : { ...rest, wordBytes };
}
