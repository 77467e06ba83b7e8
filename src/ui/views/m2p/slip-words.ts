import { commas, hex } from '#core/base/hex.ts';
import type { PfnSlip, PfnSlips } from '#core/session/contract.ts';

/** "none of 1,053 entries", "3 of 1,053 entries". */
export function slipCount({ counts, checked }: PfnSlips): string {
  const sure = counts.place + counts.table + counts.neighbour;
  return `${sure === 0 ? 'none' : commas(sure)} of ${commas(checked)} entries`;
}

/** "PT[0], slots 15–17: PFN b8 and up for MFN f8b8". */
export function slipHolds({ tableName, firstSlot, entries, pfn, meant }: PfnSlip): string {
  const slots = entries === 1 ? `slot ${firstSlot}` : `slots ${firstSlot}–${firstSlot + entries - 1}`;
  return `${tableName}, ${slots}: PFN ${hex(pfn)}${entries === 1 ? '' : ' and up'} for MFN ${hex(meant)}`;
}

const REASONS: Readonly<Record<PfnSlip['reason'], string>> = {
  place: 'The builder put this very PFN at this address.',
  table: 'At that PFN there is a page table of the level that is due here.',
  neighbour: 'The entries beside it lead to the PFNs beside it.',
  number: 'It is no frame of the guest’s, and a PFN: another domain’s or a device’s frame may be that by chance.',
};

export function slipWhy({ reason, pfn, meant, m2p, namesTable }: PfnSlip): string {
  const what = namesTable ? 'The entry names a table by' : 'The entry holds';
  return `${what} ${hex(pfn)}, which is a PFN: P2M[${hex(pfn)}] is MFN ${hex(meant)}. ${REASONS[reason]} M2P[${hex(pfn)}]: ${m2p}.`;
}
