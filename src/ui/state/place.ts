import type { VirtualAddress } from '#core/memory/address.ts';
import { virtualPage } from '#core/memory/address.ts';
import type { Root } from '#core/paging/mode.ts';
import type { HexSpace } from '#core/session/contract.ts';

/** One hex pane: it follows the selection or its table, or is pinned to a page of a space. */
export interface HexPane {
  readonly id: number;
  readonly space: HexSpace;
  /** Undefined: follows the selection. Else the pinned page of `space`, and the byte in it. */
  readonly pinned?: { readonly page: number; readonly offset: number };
  /** What a pane that is not pinned follows: the selected byte (also when left out), or the table that holds its last entry. */
  readonly follows?: 'selection' | 'table';
  /** Bytes per word shown; undefined = what fits the contents (entry size in a table, else 1). */
  readonly wordBytes?: 1 | 2 | 4 | 8;
}

/** What a permalink carries: everything that two people must share to see the same. */
export interface Place {
  readonly root?: Root;
  /** Layout chosen by hand. */
  readonly layoutId?: string;
  /** The selection: one virtual byte. Everything on screen follows from it. */
  readonly address: VirtualAddress;
  /** The machine byte looked at, where the selection is a frame or a byte of the file that no page maps. */
  readonly machine?: number;
  /** Window of the address map; undefined = the whole space. */
  readonly window?: { readonly firstPage: number; readonly pageCount: number };
  readonly panes: readonly HexPane[];
  /** `explorer` = map, tree, hex, walk. `roots` = the page of roots. `m2p` = the machine-to-physical table. */
  readonly view: 'explorer' | 'roots' | 'm2p';
}

/** Some parts of a place anew; undefined takes an optional part away. */
export type PlaceChange = { readonly [Part in keyof Place]?: Place[Part] | undefined };

/** The place after a change. */
export function changed(place: Place, change: PlaceChange): Place {
  const kept = Object.entries({ ...place, ...change }).filter(([, value]) => value !== undefined);
  return { ...firstPlace, ...(Object.fromEntries(kept) as Partial<Place>) };
}

export const firstPlace: Place = {
  address: { page: virtualPage(0), offset: 0 },
  panes: [
    { id: 1, space: 'machine', follows: 'table' },
    { id: 2, space: 'virtual' },
  ],
  view: 'explorer',
};
