import { createContext, useContext } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import type { Progress } from '#core/base/task.ts';
import type { VirtualAddress } from '#core/memory/address.ts';
import { NO_TRAFFIC, type Traffic } from '#core/memory/remote/traffic.ts';
import type { AtlasSummary, CoverageColumn, ImageSummary, OpenOptions, Questions, Target } from '#core/session/contract.ts';
import type { Naming } from './naming.ts';
import type { Notice, Phase } from './phase.ts';
import { changed, firstPlace, type Place, type PlaceChange } from './place.ts';
import type { RootSearch } from './root-search.ts';
import { resolveTarget } from './targets.ts';

export type { Phase };

/** What is under the pointer, anywhere: map, tree, hex and walk light together. Never moves or scrolls anything. */
export interface Hover {
  readonly address: VirtualAddress;
  /** How many pages light up: 1 for a byte, an entry's span for a tree row. */
  readonly pageCount: number;
  /** Words for the status bar: "slot 484, 8 bytes, line 50". */
  readonly words: string;
}

/**
 * The desk: everything the page shows besides what it asks of the session. Views read it by selectors and change it by its
 * actions only; down go data, up come `select`, `jump` and `look`.
 */
export interface Desk {
  readonly phase: Phase;
  readonly image: ImageSummary | undefined;
  /** Atlas of `place.root`: the two change together. Undefined where the image has no root, or its tables cannot be read. */
  readonly atlas: AtlasSummary | undefined;
  /** Set while the atlas of another root or layout is being read; the old one is still shown. */
  readonly atlasProgress: Progress | undefined;
  readonly place: Place;
  readonly hover: Hover | undefined;
  /** Kinds dimmed by the legend. */
  readonly dimmed: ReadonlySet<CoverageColumn>;
  /** The session that answers; undefined while nothing is open. */
  readonly questions: Questions | undefined;
  /** How the image was opened, where not by default; travels in the link. */
  readonly options: OpenOptions;
  /** Id of our own sample, where the image is one. */
  readonly sample: string | undefined;
  /** The text dump as it came inside the link, kept in the address so that a reload needs nothing. */
  readonly packedText: string | undefined;
  /** Where the image is read from, where that is a server: its address, or those of its files. */
  readonly remoteUrls: readonly string[];
  /** What was fetched from there so far. */
  readonly traffic: Traffic;
  /** The search for roots of this image; undefined where none was begun. */
  readonly rootSearch: RootSearch | undefined;
  /** The naming of the roots found; undefined where none was begun. */
  readonly naming: Naming | undefined;
  readonly notices: readonly Notice[];
  /** Deliberate jumps so far: each is an entry of the browser's history. */
  readonly jumps: number;

  /** Moves the selection without a history entry: a click, an arrow key. */
  select(address: VirtualAddress): void;
  /** Moves the selection as a deliberate jump (go-to, Enter, a link in a sentence): adds a history entry. */
  jump(target: Target): void;
  /** Changes the place in other ways (window, panes, root, view); `jump` adds a history entry. */
  look(change: PlaceChange, jump?: boolean): void;
  setHover(hover: Hover | undefined): void;
  /** Looks for roots in all of the image; what is found joins `image.roots`. */
  findRoots(): void;
  /** Names the roots found by the processes that they probably are of. */
  nameRoots(): void;
  /** Ends the search, or the naming. */
  stopFinding(): void;
  toggleKind(kind: CoverageColumn): void;
  /** Tells the user something that stays until put away. */
  tell(title: string, text: string): void;
  putAway(noticeId: number): void;
}

export type DeskStore = StoreApi<Desk>;

const nothing = {
  phase: { kind: 'empty' },
  image: undefined,
  atlas: undefined,
  atlasProgress: undefined,
  place: firstPlace,
  hover: undefined,
  dimmed: new Set<CoverageColumn>(),
  questions: undefined,
  options: {},
  sample: undefined,
  packedText: undefined,
  remoteUrls: [],
  traffic: NO_TRAFFIC,
  rootSearch: undefined,
  naming: undefined,
  notices: [],
  jumps: 0,
} as const satisfies Partial<Desk>;

/** A desk with nothing open. The shell replaces parts of it as dumps come and go; tests give `initial` with a real session. */
export function createDesk(initial: Partial<Desk> = {}): DeskStore {
  let noticeCount = 0;
  return createStore<Desk>((set, get) => ({
    ...nothing,
    select: (address) => set({ place: { ...withoutMachine(get().place), address } }),
    jump: (target) => void jumpTo(target, get),
    look: (change, jump = false) => set(moved(get(), change, jump)),
    setHover: (hover) => set({ hover }),
    findRoots: () => undefined,
    nameRoots: () => undefined,
    stopFinding: () => undefined,
    toggleKind: (kind) => set({ dimmed: toggled(get().dimmed, kind) }),
    tell: (title, text) => {
      noticeCount += 1;
      set({ notices: [...get().notices, { id: noticeCount, title, text }] });
    },
    putAway: (noticeId) => set({ notices: get().notices.filter((notice) => notice.id !== noticeId) }),
    ...initial,
  }));
}

/** The desk's parts that change with the place; a new address ends the look at a machine byte. */
export function moved(desk: Desk, change: PlaceChange, jump: boolean): Partial<Desk> {
  const place = changed(desk.place, change.address ? { machine: undefined, ...change } : change);
  return { place, jumps: desk.jumps + (jump ? 1 : 0) };
}

async function jumpTo(target: Target, get: () => Desk): Promise<void> {
  if (target.kind === 'virtual') return get().look({ address: target.address }, true);
  const { questions, place } = get();
  try {
    get().look(await resolveTarget(questions, place, target), true);
  } catch (error) {
    get().tell('That place could not be found', error instanceof Error ? error.message : String(error));
  }
}

function withoutMachine(place: Place): Place {
  const { machine: _, ...rest } = place;
  return rest;
}

function toggled<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

export const DeskContext = createContext<DeskStore | undefined>(undefined);

/** The desk itself, for handlers that read it when something happens; components read by `useDesk`. */
export function useDeskStore(): DeskStore {
  const store = useContext(DeskContext);
  if (!store) throw new Error('useDesk outside a DeskContext');
  return store;
}

/** Reads the desk. Select narrow values, so that a view redraws only when its own part changes. */
export function useDesk<T>(selector: (desk: Desk) => T): T {
  return useStore(useDeskStore(), selector);
}
