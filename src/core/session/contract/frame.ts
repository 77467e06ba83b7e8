import type { VirtualAddress } from '#core/memory/address.ts';
import type { Presence } from '#core/memory/presence.ts';
import type { PageKind } from './atlas.ts';
import type { Placed } from './file-place.ts';
import type { TablePath } from './table.ts';

/** One virtual place of a frame. */
export interface FramePlace {
  readonly firstPage: number;
  /** Neighbouring pages of the same frame (shared tables) folded: how many virtual places this row stands for. */
  readonly times: number;
  readonly rights: string;
  readonly kind: PageKind;
  readonly what: string;
  /** "PTE", "PDE, 2 MB": the entry that decides. */
  readonly decidedBy: string;
}

/** The guest's own number (PFN) of a machine frame, under Xen. None of these: nothing tells. */
export interface GuestNumber {
  /** As a P2M or M2P says. */
  readonly guestFrame?: number;
  /** Why it has no such number: the M2P says so, or it holds a table of Xen's own. */
  readonly noGuestFrame?: string;
  /** What it must be by how the guest was built, where the dump holds no word that says so. */
  readonly expectedGuestFrame?: number;
}

export interface FramePassport extends GuestNumber, Placed {
  readonly frame: number;
  readonly presence: Presence;
  readonly reason?: string;
  /** Virtual places in the open root, high to low, at most 200. */
  readonly places: readonly FramePlace[];
  /** All places, also those not listed. */
  readonly placeCount: number;
  /** If it is a page table of this root: the paths that lead to it, at most 20, with its level name. */
  readonly asTable: readonly { readonly path: TablePath; readonly name: string }[];
  /** P2M[guestFrame] and M2P[frame], each with its place. Under Xen only. */
  readonly p2m?: FrameWord;
  readonly m2p?: FrameWord;
}

/** One word of the table that leads from guest frames to machine frames (P2M), or back (M2P). */
export interface FrameWord extends Placed {
  readonly table: 'P2M' | 'M2P';
  /** PFN or MFN. */
  readonly index: number;
  /** Undefined where the word is not in the dump, or the guest has no such frame. Fills are values too. */
  readonly value?: number;
  /** "PFN 3ae, and P2M[3ae] leads back", "debug fill of Xen 3.0–4.1: never given to a domain". */
  readonly meaning: string;
  readonly seenAt?: VirtualAddress;
  readonly machineAddress?: number;
  /** Why it is not known. */
  readonly reason?: string;
}
