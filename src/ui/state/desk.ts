import { createContext, useContext } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import type { Progress } from '#core/base/task.ts';
import type { VirtualAddress } from '#core/memory/address.ts';
import type { AtlasSummary, CoverageColumn, ImageSummary, Questions, Target } from '#core/session/contract.ts';
import type { Place } from './place.ts';
import { firstPlace } from './place.ts';

/** What is under the pointer, anywhere: map, tree, hex and walk light together. Never moves or scrolls anything. */
export interface Hover {
  readonly address: VirtualAddress;
  /** How many pages light up: 1 for a byte, an entry's span for a tree row. */
  readonly pageCount: number;
  /** Words for the status bar: "slot 484, 8 bytes, line 50". */
  readonly words: string;
}

/** Where the page is between nothing and an open dump. */
export type Phase =
  | { readonly kind: 'empty' }
  | { readonly kind: 'opening'; readonly name: string; readonly progress: Progress | undefined }
  | { readonly kind: 'failed'; readonly name: string; readonly title: string; readonly reason: string; readonly advice: string }
  | { readonly kind: 'open' };

/**
 * The desk: everything the page shows besides what it asks of the session. Views read it by selectors and change it by its
 * actions only; down go data, up come `select`, `jump` and `look`.
 */
export interface Desk {
  readonly phase: Phase;
  readonly image: ImageSummary | undefined;
  /** Atlas of `place.root`; undefined while it is being read. */
  readonly atlas: AtlasSummary | undefined;
  readonly place: Place;
  readonly hover: Hover | undefined;
  /** Kinds dimmed by the legend. */
  readonly dimmed: ReadonlySet<CoverageColumn>;
  /** The session that answers; undefined while nothing is open. */
  readonly questions: Questions | undefined;

  /** Moves the selection without a history entry: a click, an arrow key. */
  select(address: VirtualAddress): void;
  /** Moves the selection as a deliberate jump (go-to, Enter, a link in a sentence): adds a history entry. */
  jump(target: Target): void;
  /** Changes the place in other ways (window, panes, root, view); `jump` adds a history entry. */
  look(change: Partial<Place>, jump?: boolean): void;
  setHover(hover: Hover | undefined): void;
  toggleKind(kind: CoverageColumn): void;
}

export type DeskStore = StoreApi<Desk>;

/** A desk with nothing open. The shell replaces parts of it as dumps come and go; tests give `initial` with a real session. */
export function createDesk(initial: Partial<Desk> = {}): DeskStore {
  return createStore<Desk>((set, get) => ({
    phase: { kind: 'empty' },
    image: undefined,
    atlas: undefined,
    place: firstPlace,
    hover: undefined,
    dimmed: new Set<CoverageColumn>(),
    questions: undefined,
    select: (address) => set({ place: { ...withoutMachine(get().place), address } }),
    jump: (target) => set({ place: placeAt(get().place, target) }),
    look: (change) => set({ place: { ...get().place, ...change } }),
    setHover: (hover) => set({ hover }),
    toggleKind: (kind) => set({ dimmed: toggled(get().dimmed, kind) }),
    ...initial,
  }));
}

function withoutMachine(place: Place): Place {
  const { machine: _, ...rest } = place;
  return rest;
}

function placeAt(place: Place, target: Target): Place {
  switch (target.kind) {
    case 'virtual':
      return { ...withoutMachine(place), address: target.address };
    case 'frame':
      return { ...place, machine: target.frame * 4096 + target.offset };
    default:
      return place;
  }
}

function toggled<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

export const DeskContext = createContext<DeskStore | undefined>(undefined);

/** Reads the desk. Select narrow values, so that a view redraws only when its own part changes. */
export function useDesk<T>(selector: (desk: Desk) => T): T {
  const store = useContext(DeskContext);
  if (!store) throw new Error('useDesk outside a DeskContext');
  return useStore(store, selector);
}
