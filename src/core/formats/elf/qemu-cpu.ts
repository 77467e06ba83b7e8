import { hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import { Fields } from '#core/formats/fields.ts';
import type { RootHint } from '#core/formats/format.ts';
import { CR0_PG, CR4_PCIDE, featuresOfRegisters, has, modeOfRegisters } from '#core/paging/control-registers.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import { pagingMode, rootInStoredCr3 } from '#core/paging/modes.ts';
import { pagingOff } from './found-roots.ts';
import type { Note } from './notes.ts';

/** A CPU as QEMU's note gives it: QEMUCPUState of target/i386/arch_dump.c. EFER is not in it. */
export interface QemuCpu {
  readonly index: number;
  readonly cr0: number;
  readonly cr3: number;
  readonly cr4: number;
  /** Rounded where above 2^53. */
  readonly rip: number;
  /** Privilege level, by the selector in CS. */
  readonly ring: number;
  /** Ring 3 at an address of the upper half by Xen's FLAT_KERNEL_CS64: the kernel of a 64-bit PV guest (public/arch-x86/xen-x86_64.h). */
  readonly isXenGuestKernel: boolean;
  /** CS.L: the CPU ran 64-bit code, so it was in long mode. */
  readonly runs64: boolean;
  readonly at: number;
}

/** The registers up to CR4; newer QEMU appends fields. The note's own `size` is the only safe guide, not its version. */
const LEAST_BYTES = 432;
const RIP = 136;
const CS_SELECTOR = 152;
const CS_FLAGS = 160;
const CR0 = 392;
const CR3 = 416;
const CR4 = 424;

/** The descriptor's high word: bit 21 is L. */
const CS_L = 2 ** 21;

const FLAT_KERNEL_CS64 = 0xe033;

export const isQemuCpuNote = (note: Note): boolean => note.name === 'QEMU' && note.type === 0;

/** Undefined if the note is too short to hold CR4. */
export function parseQemuCpu(note: Note, index: number): QemuCpu | undefined {
  const fields = new Fields(note.body);
  const selector = fields.u32(CS_SELECTOR) % 0x1_0000;
  if (note.body.length < LEAST_BYTES || fields.u32(4) < LEAST_BYTES) return undefined;
  return {
    index,
    cr0: fields.u64(CR0),
    cr3: fields.u64(CR3),
    cr4: fields.u64(CR4),
    rip: fields.u64(RIP),
    ring: selector % 4,
    isXenGuestKernel: selector === FLAT_KERNEL_CS64 && fields.u64(RIP) >= 2 ** 63,
    runs64: has(fields.u32(CS_FLAGS), CS_L),
    at: note.at,
  };
}

/** Where the CPU's tables start; a problem of severity `note` where its paging is off. @param longMode The dump's CPU 0 was in long mode. */
export function rootOfCpu(cpu: QemuCpu, longMode: boolean): RootHint | Problem {
  if (!has(cpu.cr0, CR0_PG)) return pagingOff(cpu.index, cpu.cr0, cpu.at + CR0);
  const mode = modeOfRegisters(cpu.cr4, isLong(cpu, longMode));
  return {
    address: rootInStoredCr3(pagingMode(mode), cpu.cr3),
    mode,
    origin: `CPU ${cpu.index}`,
    reason: reasonOf(cpu, mode, longMode),
    features: featuresOfRegisters(cpu.cr0, cpu.cr4, mode !== '32-bit'),
    cpu: { index: cpu.index, cr0: cpu.cr0, cr3: cpu.cr3, cr4: cpu.cr4, inUserMode: cpu.ring === 3 && !cpu.isXenGuestKernel },
  };
}

/** Only in long mode is there 64-bit code, or a register above 4 GiB. */
export const runsLong = ({ runs64, rip, cr3 }: QemuCpu): boolean => runs64 || rip >= 2 ** 32 || cr3 >= 2 ** 32;

/** The ELF header speaks of CPU 0 alone. Of any CPU, 64-bit code and a register above 4 GiB tell long mode, a CR3 within a frame PAE. */
function isLong(cpu: QemuCpu, longMode: boolean): boolean {
  if (runsLong(cpu)) return true;
  return longMode && (cpu.index === 0 || !beginsInFrame(cpu));
}

/** CR3 bits 11:5: part of a PAE root's address, else unused (SDM 3A tables 4-7, 4-12) but for the PCID. */
const beginsInFrame = ({ cr3, cr4 }: QemuCpu): boolean => cr3 % 4096 >= 32 && !has(cr4, CR4_PCIDE);

function ringText({ ring, isXenGuestKernel }: QemuCpu): string {
  if (isXenGuestKernel) return 'ring 3, in the kernel of a 64-bit Xen guest (CS is e033)';
  return ring === 3 ? 'user mode' : `ring ${ring}`;
}

function reasonOf(cpu: QemuCpu, mode: PagingModeId, longMode: boolean): string {
  const cr3 = `CR3 is ${hex(cpu.cr3, 8)}, in ${ringText(cpu)}`;
  if (mode === '32-bit') return `${cr3}; CR4.PAE is clear, so 2 levels of 4-byte entries.`;
  const efer = 'EFER is not in the dump, so NX is assumed on';
  const sign = longMode ? 'CR3 begins within a frame' : 'CPU 0 was not in long mode';
  if (mode === 'pae') return `${cr3}; CR4.PAE is set and ${sign}, so PAE. ${efer}.`;
  return `${cr3}; long mode, CR4.LA57 is ${mode === '5-level' ? 'set' : 'clear'}, so ${mode === '5-level' ? 5 : 4} levels. ${efer}.`;
}
