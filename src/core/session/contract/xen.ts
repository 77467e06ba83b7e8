import type { VirtualAddress } from '#core/memory/address.ts';
import type { CrossCheck } from '#core/xen/cross-check.ts';
import type { M2pRun } from '#core/xen/m2p-runs.ts';
import type { P2mDifference } from '#core/xen/p2m-differences.ts';
import type { StructField } from '#core/xen/struct-field.ts';
import type { Placed } from './file-place.ts';
import type { PfnSlips } from './pfn-slips.ts';

/** A structure or page of Xen's, where it lies under both numbers. */
export interface FoundPage extends Placed {
  /** Undefined where it is in none of the guest's: a saved guest's shared_info is a record of its own. */
  readonly frame?: number;
  readonly guestFrame?: number;
  readonly seenAt?: VirtualAddress;
}

/** What was found of Xen under one root. Plain data. */
export interface XenFacts {
  /** Of a saved PV guest: all frames are PFNs, and neither table is part of it. */
  readonly isSaved?: true;
  readonly p2ms: readonly { readonly source: string; readonly count: number; readonly highestPfn: number }[];
  /** Where the first P2M and another give different frames. */
  readonly p2mDifferences: readonly P2mDifference[];
  readonly m2p?: {
    readonly source: string;
    readonly seenAt: VirtualAddress;
    readonly bytesPerWord: 4 | 8;
    readonly entries: number;
    /** Pages of the table that the dump holds, wholly or in part; those that no entry maps; and all of them. */
    readonly heldPages: number;
    readonly unmappedPages: number;
    readonly pages: number;
    readonly runs: readonly M2pRun[];
    readonly runsCut: boolean;
  };
  readonly startInfo?: FoundPage & { readonly wordBytes: 4 | 8; readonly fields: readonly StructField[] };
  readonly sharedInfo?: FoundPage & { readonly fields: readonly StructField[] };
  readonly hypercallPage?: FoundPage;
  readonly check?: CrossCheck;
  /** Entries that hold a PFN where an MFN is due; undefined where no P2M was found. */
  readonly slips?: PfnSlips;
}
