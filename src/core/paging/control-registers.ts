import type { PagingFeatures, PagingModeId } from './mode.ts';

/** Bits of CR0, CR4 and EFER that paging asks (SDM 3A 2.5 and 2.2.1), each as its value. */
export const CR0_WP = 2 ** 16;
export const CR0_PG = 2 ** 31;
export const CR4_PSE = 2 ** 4;
export const CR4_PAE = 2 ** 5;
export const CR4_LA57 = 2 ** 12;
export const CR4_PCIDE = 2 ** 17;
export const CR4_SMEP = 2 ** 20;
export const CR4_SMAP = 2 ** 21;
export const EFER_LMA = 2 ** 10;
export const EFER_NXE = 2 ** 11;

/** Whether a register holds a bit. By division: `&` would keep 32 bits of it. @param bit The bit's value, such as CR4_PAE. */
export const has = (register: number, bit: number): boolean => Math.floor(register / bit) % 2 === 1;

/** Which tables a CPU with paging on walks (SDM 3A 4.1.1). @param isLong EFER.LMA, or what else tells long mode. */
export function modeOfRegisters(cr4: number, isLong: boolean): PagingModeId {
  if (!has(cr4, CR4_PAE)) return '32-bit';
  if (!isLong) return 'pae';
  return has(cr4, CR4_LA57) ? '5-level' : '4-level';
}

/** What two registers say of paging; EFER is in few dumps, so the caller tells whether bit 63 forbids fetch. */
export function featuresOfRegisters(cr0: number, cr4: number, nxe: boolean): PagingFeatures {
  return {
    pse: has(cr4, CR4_PSE),
    nxe,
    wp: has(cr0, CR0_WP),
    smep: has(cr4, CR4_SMEP),
    smap: has(cr4, CR4_SMAP),
    physicalBits: 52,
    known: true,
  };
}
