import { hex } from '#core/base/hex.ts';
import type { RootHint } from '#core/formats/format.ts';
import { CR0_PG, CR0_WP, CR4_LA57, CR4_PAE, EFER_LMA, featuresOfRegisters, has } from '#core/paging/control-registers.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import { pagingMode, rootInStoredCr3 } from '#core/paging/modes.ts';
import type { StateCpu, VmwareState } from './state-file.ts';

/** One root for each CPU whose paging was on. */
export function rootsOfState({ cpus }: VmwareState): RootHint[] {
  const anyLong = [...cpus.values()].some(runsWide);
  return [...cpus].sort(([a], [b]) => a - b).flatMap(([index, cpu]) => rootOf(index, cpu, anyLong));
}

/** Registers above 4 GiB are only there in long mode. */
const runsWide = ({ cr, wide }: StateCpu): boolean => (cr.get(3) ?? 0) >= 2 ** 32 || [...wide.values()].some((value) => value >= 2 ** 32);

function rootOf(index: number, cpu: StateCpu, anyLong: boolean): RootHint[] {
  const [cr0, cr3, cr4] = [cpu.cr.get(0), cpu.cr.get(3), cpu.cr.get(4) ?? 0];
  if (cr3 === undefined || (cr0 !== undefined && !has(cr0, CR0_PG))) return [];
  const efer = cpu.wide.get('efer');
  const [mode, why] = modeOf(cr4, efer, anyLong);
  return [
    {
      address: rootInStoredCr3(pagingMode(mode), cr3),
      mode,
      origin: `CPU ${index}`,
      reason: `CR3 is ${hex(cr3, 8)} in the state file; ${why}.`,
      features: featuresOfRegisters(cr0 ?? CR0_WP, cr4, mode !== '32-bit'),
      cpu: { index, cr0: cr0 ?? 0, cr3, cr4 },
    },
  ];
}

/** CR4.PAE, LA57 (SDM 3A, 4.1.1); long mode by EFER.LMA, else by registers above 4 GiB on any CPU. */
function modeOf(cr4: number, efer: number | undefined, anyLong: boolean): readonly [PagingModeId, string] {
  if (!has(cr4, CR4_PAE)) return ['32-bit', 'CR4.PAE is clear, so 2 levels of 4-byte entries'];
  if (efer === undefined ? !anyLong : !has(efer, EFER_LMA))
    return ['pae', efer === undefined ? 'CR4.PAE is set and no register is above 4 GB, so PAE' : 'EFER.LMA is clear, so PAE'];
  const why = efer === undefined ? 'registers above 4 GB, so long mode' : 'EFER.LMA is set, so long mode';
  return has(cr4, CR4_LA57) ? ['5-level', `${why}, and CR4.LA57 is set: 5 levels`] : ['4-level', `${why}: 4 levels`];
}
