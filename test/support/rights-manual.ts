import type { PagingFeatures } from '#core/paging/mode.ts';

/**
 * The rights of SDM 3A 4.6.1 and the error codes of 4.7, written a second time: whole entries as BigInts, one line for each bullet
 * of the manual's lists. Knows nothing of steps, gates, or where a right was lost.
 */
export interface ManualMachine {
  /** Entries from the root to the leaf, as the CPU reads them. */
  readonly entries: readonly { readonly word: bigint; readonly reserved: boolean; readonly hasRights: boolean }[];
  /** 8-byte entries: IA32_EFER.NXE has a meaning. */
  readonly longEntries: boolean;
  readonly features: PagingFeatures;
}

export interface ManualAccess {
  readonly kind: 'read' | 'write' | 'fetch';
  readonly cpl: number;
  readonly ac: boolean;
}

export const P = 1n;
export const RW = 2n;
export const US = 4n;
export const XD = 1n << 63n;

export function verdictByTheManual(machine: ManualMachine, access: ManualAccess): { allowed: boolean; fault?: string } {
  for (const { word, reserved, hasRights } of machine.entries) {
    if ((word & P) === 0n) return fault(machine, access, 0, 0);
    if (reserved && hasRights) return fault(machine, access, 1, 1);
  }
  const allowed = access.cpl < 3 ? SUPERVISOR[access.kind](machine, access) : USER[access.kind](machine);
  return allowed ? { allowed } : fault(machine, access, 1, 0);
}

/** 4.7: P, W/R, U/S, RSVD, I/D. */
function fault({ features, longEntries }: ManualMachine, { kind, cpl }: ManualAccess, p: number, rsvd: number): { allowed: boolean; fault: string } {
  const instruction = kind === 'fetch' && (features.smep || (longEntries && features.nxe));
  const code = p + (kind === 'write' ? 2 : 0) + (cpl === 3 ? 4 : 0) + rsvd * 8 + (instruction ? 16 : 0);
  return { allowed: false, fault: `#PF ${code.toString(16)}` };
}

const every = ({ entries }: ManualMachine, bit: bigint): boolean =>
  entries.filter((entry) => entry.hasRights).every((entry) => (entry.word & bit) === bit);

/** "The XD flag is 0 in every paging-structure entry", or it has no meaning. */
const xdClear = (machine: ManualMachine): boolean =>
  !(machine.longEntries && machine.features.nxe) || machine.entries.every((entry) => !entry.hasRights || (entry.word & XD) === 0n);

type Rule = (machine: ManualMachine, access: ManualAccess) => boolean;
const userAddress = (machine: ManualMachine): boolean => every(machine, US);

const SUPERVISOR: Readonly<Record<ManualAccess['kind'], Rule>> = {
  read: (machine, { ac }) => !userAddress(machine) || !machine.features.smap || ac,
  write: (machine, { ac }) => {
    const reachable = !userAddress(machine) || !machine.features.smap || ac;
    return reachable && (!machine.features.wp || every(machine, RW));
  },
  fetch: (machine) => (userAddress(machine) ? !machine.features.smep && xdClear(machine) : xdClear(machine)),
};

const USER: Readonly<Record<ManualAccess['kind'], (machine: ManualMachine) => boolean>> = {
  read: userAddress,
  write: (machine) => userAddress(machine) && every(machine, RW),
  fetch: (machine) => userAddress(machine) && xdClear(machine),
};
