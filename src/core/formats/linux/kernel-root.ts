import { hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import type { RootHint } from '#core/formats/format.ts';
import { FRAME_BYTES, MACHINE_END } from '#core/memory/address.ts';
import { usualFeatures } from '#core/paging/modes.ts';
import type { Vmcoreinfo } from './vmcoreinfo.ts';

/** __START_KERNEL_map, where a 64-bit kernel is linked (Linux arch/x86/include/asm/page_64_types.h): its high word, and its low one. */
const KERNEL_MAP_HIGH = 0xffff_ffff;
const KERNEL_MAP_LOW = 0x8000_0000;
/** PAGE_OFFSET of a 32-bit kernel by its split of the space, the usual one first (arch/x86/Kconfig, VMSPLIT): all kernels are a little above theirs. */
const PAGE_OFFSETS_32 = [0xc000_0000, 0xb000_0000, 0x8000_0000, 0x7800_0000, 0x4000_0000];
const pageOffsetOf = (digits: string): number => PAGE_OFFSETS_32.find((offset) => offset <= Number.parseInt(digits, 16)) ?? 2 ** 32;

export const KERNEL_ORIGIN = 'VMCOREINFO';

/** The kernel's own root by what it says of itself; a sentence where it cannot be told. No process's is among it. */
export function rootOfKernel(info: Vmcoreinfo): RootHint | string {
  const { rootSymbol, release } = info;
  if (!rootSymbol) return `VMCOREINFO of Linux ${release} names no root table.`;
  const address = machineAddressOf(rootSymbol.digits, info.physBase);
  if (address === undefined || address < 0 || address >= MACHINE_END || address % 32 !== 0)
    return `VMCOREINFO of Linux ${release} puts ${rootSymbol.name} at ${rootSymbol.digits}, which leads to no machine address.`;
  const mode = modeOf(info);
  if (mode !== 'pae' && address % FRAME_BYTES !== 0)
    return `VMCOREINFO of Linux ${release} puts ${rootSymbol.name} at ${rootSymbol.digits}, within a frame.`;
  return { address, mode, origin: KERNEL_ORIGIN, reason: reasonOf(info, rootSymbol), features: usualFeatures };
}

const isWide = (digits: string): boolean => digits.length > 8;

function modeOf({ rootSymbol, isPae, has5Levels }: Vmcoreinfo): RootHint['mode'] {
  if (isWide(rootSymbol?.digits ?? '')) return has5Levels ? '5-level' : '4-level';
  return isPae ? 'pae' : '32-bit';
}

function machineAddressOf(digits: string, physBase: number | undefined): number | undefined {
  if (!isWide(digits)) return Number.parseInt(digits, 16) - pageOffsetOf(digits);
  const [high, low] = [Number.parseInt(digits.slice(0, -8), 16), Number.parseInt(digits.slice(-8), 16)];
  return high === KERNEL_MAP_HIGH && physBase !== undefined ? low - KERNEL_MAP_LOW + physBase : undefined;
}

function reasonOf(info: Vmcoreinfo, { name, digits }: NonNullable<Vmcoreinfo['rootSymbol']>): string {
  const where = isWide(digits) ? `phys_base ${signedHex(info.physBase ?? 0)}` : `PAGE_OFFSET ${hex(pageOffsetOf(digits)).toUpperCase()}`;
  const moved = info.kernelOffset === undefined || /^0+$/.test(info.kernelOffset) ? '' : `, moved by ${info.kernelOffset} (KASLR)`;
  const kind = isWide(digits) ? (info.has5Levels ? '5 levels' : '4 levels') : info.isPae ? 'PAE' : '2 levels';
  return `Linux ${info.release}${moved}: ${name} is at ${digits.toUpperCase()}, with ${where}; ${kind}. The kernel’s own tables, no process’s.`;
}

const signedHex = (value: number): string => (value < 0 ? `−${hex(-value)}` : hex(value));

/** What keeps entries from being read as they are; none of x86's usual kernels. */
export function smeProblem({ smeMask }: Vmcoreinfo): Problem[] {
  if (smeMask === 0) return [];
  return [
    {
      kind: 'sme',
      text: `This kernel encrypts memory (sme_mask ${hex(smeMask)}): that bit is set in its entries and makes frames look higher than they are.`,
      severity: 'loss',
    },
  ];
}
