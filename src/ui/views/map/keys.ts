import type { MapActions } from './use-map-actions.ts';

/** What keys can do: the actions of the map, and what only the drawn plot knows. */
export interface KeyActions extends MapActions {
  /** Opens the holes beside the selection, or folds them if all are open. */
  turnHoles(): void;
}

const QUARTER = 0.25;

/** What each key does on the map; keys are compared in lower case, without modifiers. */
const KEYS: Readonly<Record<string, (actions: KeyActions, page: number) => void>> = {
  arrowup: (actions) => actions.stepRegion(1),
  arrowdown: (actions) => actions.stepRegion(-1),
  home: (actions) => actions.outermost(1),
  end: (actions) => actions.outermost(-1),
  n: (actions) => actions.stepMapped(1),
  p: (actions) => actions.stepMapped(-1),
  w: (actions, page) => actions.zoom(page, 1 / 2),
  s: (actions, page) => actions.zoom(page, 2),
  a: (actions) => actions.pan(-QUARTER),
  d: (actions) => actions.pan(QUARTER),
  o: (actions) => actions.turnHoles(),
  f: (actions) => actions.fitSelection(),
  enter: (actions) => actions.fitSelection(),
  '0': (actions) => actions.whole(),
};

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** Does what the key means; false where it means nothing here. `page`: what zooming keeps in place. */
export function pressKey(press: KeyPress, actions: KeyActions, page: number): boolean {
  if (press.ctrlKey || press.altKey || press.metaKey) return false;
  const action = KEYS[press.key.toLowerCase()];
  action?.(actions, page);
  return action !== undefined;
}
