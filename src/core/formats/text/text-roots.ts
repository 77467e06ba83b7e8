import { hex } from '#core/base/hex.ts';
import { CR0_PG, CR0_WP, CR4_PSE, CR4_SMAP, CR4_SMEP, EFER_NXE, has } from '#core/paging/control-registers.ts';
import type { PagingFeatures, PagingMode } from '#core/paging/mode.ts';
import { pagingMode, rootInCr3, usualFeatures } from '#core/paging/modes.ts';
import type { TextRoot } from './placement/rule.ts';
import type { NamedRoot, PrintedRegisters, TextReading } from './reading.ts';
import { modeOfRegisters } from './text-mode.ts';

/** Roots that the text names, in text order, each once: what `-l3` was given, and CR3 where registers were printed. */
export function namedRoots(reading: TextReading): TextRoot[] {
  const roots = [...reading.namedRoots.map(rootOfTool), ...reading.registers.flatMap((set) => rootOfRegisters(set, reading))];
  const seen = new Set<string>();
  return roots.filter(({ address, mode }) => {
    const key = `${address} ${mode.id}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** `-l2`, `-l3`, `-l4`: the level of the tables' root. */
const MODE_OF_LEVEL = { '2': '32-bit', '3': 'pae', '4': '4-level' } as const;

function rootOfTool({ frame, line, origin }: NamedRoot): TextRoot {
  const level = /-l([234])/.exec(origin)?.[1];
  const mode = pagingMode(level === '2' || level === '4' ? MODE_OF_LEVEL[level] : 'pae');
  const reason = `Line ${line} gives frame ${hex(frame)} as the level-${level ?? '3'} table of the domain.`;
  return { address: frame * 4096, mode, features: usualFeatures, origin, reason, line };
}

function rootOfRegisters(set: PrintedRegisters, reading: TextReading): TextRoot[] {
  const { cr0, cr3, cr4, cpu, line } = set;
  if (cr3 === undefined || (cr0 !== undefined && !has(cr0, CR0_PG))) return [];
  const mode = modeOfRegisters(set, reading);
  const origin = cpu === undefined ? 'CR3' : `CPU ${cpu}`;
  const reason = `Line ${line} prints CR3 as ${hex(cr3, 8)}; ${modeReason(set, mode)}.`;
  const root = { address: rootInCr3(mode, cr3), mode, features: featuresOf(set), origin, reason, line };
  return [cr0 === undefined || cr4 === undefined ? root : { ...root, cpu: { index: cpu ?? 0, cr0, cr3, cr4 } }];
}

function modeReason({ cr4, efer }: PrintedRegisters, mode: PagingMode): string {
  if (cr4 === undefined) return `CR4 is not printed, so ${mode.label} is taken from the rows`;
  if (mode.id === '32-bit') return 'CR4.PAE is clear, so 2 levels';
  return efer === undefined
    ? `CR4.PAE is set and EFER is not printed, so ${mode.label} is taken from the rows`
    : `CR4.PAE is set and EFER.LMA is ${mode.id === 'pae' ? 'clear' : 'set'}, so ${mode.label}`;
}

function featuresOf({ cr0, cr4, efer }: PrintedRegisters): PagingFeatures {
  const bit = (register: number | undefined, mask: number, usual: boolean): boolean => (register === undefined ? usual : has(register, mask));
  return {
    pse: bit(cr4, CR4_PSE, usualFeatures.pse),
    nxe: bit(efer, EFER_NXE, usualFeatures.nxe),
    wp: bit(cr0, CR0_WP, usualFeatures.wp),
    smep: bit(cr4, CR4_SMEP, usualFeatures.smep),
    smap: bit(cr4, CR4_SMAP, usualFeatures.smap),
    physicalBits: usualFeatures.physicalBits,
    known: cr0 !== undefined && cr4 !== undefined && efer !== undefined,
  };
}
