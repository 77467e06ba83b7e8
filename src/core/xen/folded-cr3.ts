/** MFN in a CR3 of a 32-bit PAE guest: frame bits from 20 up are folded into the register's low 12 bits (public/arch-x86/xen-x86_32.h, xen_cr3_to_pfn). */
export const unfoldCr3 = (cr3: number): number => ((cr3 >>> 12) | (cr3 << 20)) >>> 0;
