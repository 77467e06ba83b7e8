import { hex, virtualHex } from '#core/base/hex.ts';
import { ACCESSED, DIRTY, GLOBAL, PCD, PS, PWT, RW, US } from '#core/paging/entry.ts';
import type { PagingMode } from '#core/paging/mode.ts';
import { levelOf } from '#core/paging/modes.ts';
import type { Leaf } from '#core/session/leaves.ts';

/**
 * One line as QEMU's monitor prints it for `info tlb` (target/i386/monitor.c, print_pte): sign-extended VA, frame address, flags of the
 * leaf alone. Two differences, both QEMU's: it leaks bit 63 into a PAE frame address and ignores PSE-36; here the address is the CPU's.
 */
export function infoTlbLine(mode: PagingMode, leaf: Leaf): string {
  const va = virtualHex(leaf.page, 0, mode.virtualBits).padStart(16, '0').toLowerCase();
  return `${va}: ${hex(leaf.frame * 4096, 16)} ${flags(mode, leaf)}`;
}

function flags(mode: PagingMode, { low, high, level }: Leaf): string {
  // In a PTE bit 7 is PAT: QEMU clears it before it prints.
  const isPte = levelOf(mode, level).mapsMemory === 'always';
  const letter = (set: boolean, text: string): string => (set ? text : '-');
  return [
    letter(high >>> 31 === 1, 'X'),
    letter((low & GLOBAL) !== 0, 'G'),
    letter(!isPte && (low & PS) !== 0, 'P'),
    letter((low & DIRTY) !== 0, 'D'),
    letter((low & ACCESSED) !== 0, 'A'),
    letter((low & PCD) !== 0, 'C'),
    letter((low & PWT) !== 0, 'T'),
    letter((low & US) !== 0, 'U'),
    letter((low & RW) !== 0, 'W'),
  ].join('');
}
