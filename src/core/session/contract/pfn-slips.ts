import type { VirtualAddress } from '#core/memory/address.ts';
import type { SlipReason } from '#core/xen/slip-runs.ts';
import type { TablePath } from './table.ts';

/** Entries of a PV guest’s own page tables that hold a PFN where an MFN is due. */
export interface PfnSlips {
  /** Present entries looked at, each table once, the hypervisor’s spans left out. */
  readonly checked: number;
  /** Entries by the reason they are thought so. `number` alone may be chance: a device’s frame, or another domain’s. */
  readonly counts: Readonly<Record<SlipReason, number>>;
  /** Runs in all, and those of the window asked for, by ascending page. */
  readonly runs: number;
  readonly rows: readonly PfnSlip[];
}

/** Neighbouring entries that hold ascending PFNs. */
export interface PfnSlip {
  readonly reason: SlipReason;
  /** Where the first entry is: the table, its name, and the slot in it. */
  readonly path: TablePath;
  readonly tableName: string;
  readonly firstSlot: number;
  readonly entries: number;
  readonly namesTable: boolean;
  /** Where its table is first met, what the first entry maps. */
  readonly page: VirtualAddress;
  /** Machine address of the first entry. */
  readonly entryAddress: number;
  /** What the first entry holds, and the MFN that was probably meant: P2M of it. */
  readonly pfn: number;
  readonly meant: number;
  /** What the M2P says of the frame that the first entry names. */
  readonly m2p: string;
}
