import type { VirtualAddress } from '#core/memory/address.ts';
import type { Presence } from '#core/memory/presence.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import type { Region } from './atlas.ts';
import type { Placed } from './file-place.ts';
import type { GuestNumber } from './frame.ts';
import type { TablePath } from './table.ts';

export type RightWord = 'allows' | 'refuses' | 'no-say';

export interface BitField {
  /** As the manual writes it: P, RW, US, PWT, PCD, A, D, PS, PAT, G, XD. */
  readonly name: string;
  /** Bit number, or lowest bit of a field. */
  readonly bit: number;
  readonly value: number;
  readonly meaning: string;
  /** SDM section. */
  readonly source: string;
}

export interface WalkStep extends Placed {
  readonly level: number;
  /** "PDPT", "PD", "PT". */
  readonly tableName: string;
  readonly entryName: string;
  readonly slot: number;
  readonly tableFrame: number;
  /** The guest's own number of the table's frame. */
  readonly tableNumber?: GuestNumber;
  /** Machine address of the entry. */
  readonly entryAddress: number;
  readonly line?: number;
  /** Virtual address at which the guest itself sees this entry, if any page maps it. */
  readonly seenAt?: VirtualAddress;
  readonly presence: Presence;
  readonly low: number;
  readonly high: number;
  readonly bits: readonly BitField[];
  readonly present: boolean;
  /** True where this entry maps memory itself. */
  readonly isLeaf: boolean;
  readonly write: RightWord;
  readonly user: RightWord;
  readonly fetch: RightWord;
  /** Reserved bits that are set, as a mask in words ("bits 1, 2"), and what a CPU would do. Empty if none. */
  readonly reserved: string;
}

export type WalkOutcome =
  | (GuestNumber &
      Placed & {
        readonly kind: 'mapped';
        readonly machineAddress: number;
        readonly frame: number;
        /** First frame and size of the page, in frames: 1, 512, 1024, 262144. */
        readonly pageFrame: number;
        readonly pageFrames: number;
        readonly presence: Presence;
        /** For an absent frame: why. */
        readonly reason?: string;
      })
  | {
      readonly kind: 'not-present';
      readonly level: number;
      /** What P=0 bits say: "all zero", "assumed zero", or "not zero". */
      readonly detail: string;
    }
  | { readonly kind: 'table-absent'; readonly level: number; readonly frame: number; readonly reason: string }
  | { readonly kind: 'entry-absent'; readonly level: number; readonly reason: string };

export interface Translation {
  readonly address: VirtualAddress;
  readonly mode: PagingModeId;
  readonly steps: readonly WalkStep[];
  readonly outcome: WalkOutcome;
  /** Over all levels; meaningful when mapped, else what is known so far. */
  readonly rights: { readonly write: boolean; readonly user: boolean; readonly fetch: boolean };
  /** Index of the step that first refused; undefined if none. */
  readonly writeRefusedAt?: number;
  readonly userRefusedAt?: number;
  readonly fetchRefusedAt?: number;
  /** Path of the table that holds the last entry read. */
  readonly path: TablePath;
  /** Slot of the last entry read. */
  readonly slot: number;
  readonly region?: Region;
}
