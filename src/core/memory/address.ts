import type { Branded } from '#core/base/brand.ts';

/** 4 KiB: the unit of frames and pages. */
export const FRAME_BYTES = 4096;

/** Machine addresses end here: an entry has address bits 51:12 (SDM 3A 4.5). */
export const MACHINE_END = 2 ** 52;
/** Frames end here: 52 bits of address less the 12 within a frame. */
export const FRAME_END = 2 ** 40;

/** Byte address in the memory of the machine whose page tables these are (Xen: the host's; native: the guest's own), at most 2^52 - 1, exact in a double. */
export type MachineAddress = Branded<'MachineAddress'>;
/**
 * Number of a 4 KiB page of a virtual address space, unsigned and NOT sign-extended: 0 … 2^20-1 (32-bit modes), 2^36-1, 2^45-1.
 * Bytes do not fit: 57-bit addresses exceed 2^53. So virtual places are always (page, offset).
 */
export type VirtualPage = Branded<'VirtualPage'>;

/** A virtual address, exact in every mode. */
export interface VirtualAddress {
  readonly page: VirtualPage;
  /** Byte within the page, 0 … 4095. */
  readonly offset: number;
}

export const machineAddress = (value: number): MachineAddress => value as MachineAddress;
export const virtualPage = (value: number): VirtualPage => value as VirtualPage;
