import type { Branded } from '#core/base/brand.ts';

/** 4 KiB: the unit of frames and pages. */
export const FRAME_BYTES = 4096;

/** Number of a 4 KiB frame of the machine whose page tables these are (Xen: MFN; native: the guest's own). At most 2^40 - 1. */
export type MachineFrame = Branded<'MachineFrame'>;
/** Byte address in that machine's memory, at most 2^52 - 1, exact in a double. */
export type MachineAddress = Branded<'MachineAddress'>;
/** Number of a frame as a Xen PV guest counts its own memory (PFN). */
export type GuestFrame = Branded<'GuestFrame'>;
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

export const machineFrame = (value: number): MachineFrame => value as MachineFrame;
export const machineAddress = (value: number): MachineAddress => value as MachineAddress;
export const guestFrame = (value: number): GuestFrame => value as GuestFrame;
export const virtualPage = (value: number): VirtualPage => value as VirtualPage;

export const frameOf = (address: MachineAddress): MachineFrame => machineFrame(Math.floor(address / FRAME_BYTES));
export const addressOf = (frame: MachineFrame, offset = 0): MachineAddress => machineAddress(frame * FRAME_BYTES + offset);
export const offsetInFrame = (address: number): number => address % FRAME_BYTES;
