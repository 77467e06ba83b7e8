import { hex } from '#core/base/hex.ts';
import { Fields } from '#core/formats/fields.ts';
import type { RootHint } from '#core/formats/format.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import { pagingMode, rootInCr3, usualFeatures } from '#core/paging/modes.ts';
import { unfoldCr3 } from '#core/xen/folded-cr3.ts';

/** A vcpu_guest_context (public/arch-x86/xen.h), as far as roots ask. */
export interface VcpuContext {
  readonly index: number;
  readonly wordBytes: 4 | 8;
  readonly flags: number;
  readonly ip: number;
  /** RDX, or EDX. */
  readonly dx: number;
  readonly cs: number;
  readonly cr0: number;
  /** 64-bit PV: root of the guest's user space. */
  readonly cr1: number;
  readonly cr3: number;
  readonly cr4: number;
}

/** Offsets compiled from the headers: 64-bit structure (5168 bytes), 32-bit (2800). */
const LAYOUT = {
  8: { bytes: 5168, dx: 616, ip: 648, cs: 656, cr: 4984 },
  4: { bytes: 2800, dx: 524, ip: 548, cs: 552, cr: 2716 },
} as const;

export const contextBytes = (wordBytes: 4 | 8): number => LAYOUT[wordBytes].bytes;

/** The context at a slot; undefined if it is cut. `bytes` begins with the slot. */
export function readContext(bytes: Uint8Array, index: number, wordBytes: 4 | 8): VcpuContext | undefined {
  const at = LAYOUT[wordBytes];
  if (bytes.length < at.cr + 5 * wordBytes) return undefined;
  const fields = new Fields(bytes);
  const control = (number: number): number => fields.word(at.cr + number * wordBytes, wordBytes);
  return {
    index,
    wordBytes,
    flags: fields.u32(512),
    ip: fields.word(at.ip, wordBytes),
    dx: fields.word(at.dx, wordBytes),
    cs: fields.u32(at.cs) % 0x1_0000,
    cr0: control(0),
    cr1: control(1),
    cr3: control(3),
    cr4: control(4),
  };
}

/** FLAT_RING1_CS of a 32-bit guest's kernel, FLAT_KERNEL_CS64. */
const RING1_CS32 = 0xe019;
const KERNEL_CS64 = 0xe033;

/** Width of a PV guest by the code segment its first VCPU runs in: Xen's selectors differ. Undefined where it is the guest's own. */
export function widthByCs(slot: Uint8Array): 4 | 8 | undefined {
  const fields = new Fields(slot);
  if (fields.u32(LAYOUT[4].cs) % 0x1_0000 === RING1_CS32) return 4;
  return fields.u32(LAYOUT[8].cs) % 0x1_0000 === KERNEL_CS64 ? 8 : undefined;
}

/** VGCF_in_kernel. */
const IN_KERNEL = 4;

/** `word`: what the registers' frame numbers are; a saved guest's are rewritten to PFNs. Roots of a PV guest's VCPU: one of a 32-bit guest; of a 64-bit one the kernel's and the user's. */
export function pvRoots(vcpu: VcpuContext, mode: PagingModeId, word: 'MFN' | 'PFN' = 'MFN'): readonly RootHint[] {
  return vcpu.wordBytes === 4 ? [narrowRoot(vcpu, mode, word)] : wideRoots(vcpu, word);
}

const plainMfn = (cr3: number): number => Math.floor(cr3 / 4096);

function narrowRoot(vcpu: VcpuContext, mode: PagingModeId, word: string): RootHint {
  const mfn = mode === '32-bit' ? plainMfn(vcpu.cr3) : unfoldCr3(vcpu.cr3);
  const folded = mfn === plainMfn(vcpu.cr3) ? '' : ' (frame bits 20 and up are folded into its low 12 bits)';
  return hint(vcpu, mfn * 4096, mode, '', `The CR3 field ${hex(vcpu.cr3)} names ${word} ${hex(mfn)}${folded}.`, vcpu.cs % 4 === 3);
}

function wideRoots(vcpu: VcpuContext, word: string): readonly RootHint[] {
  const inUser = vcpu.flags % (2 * IN_KERNEL) < IN_KERNEL;
  const kernel = plainMfn(vcpu.cr3);
  const user = plainMfn(vcpu.cr1);
  const roots = [hint(vcpu, kernel * 4096, '4-level', '', `The kernel’s root: ctrlreg[3] names ${word} ${hex(kernel)}.`, inUser)];
  if (user !== 0 && user !== kernel)
    roots.push(
      hint(vcpu, user * 4096, '4-level', ' user', `The user’s root: ctrlreg[1] names ${word} ${hex(user)} (a 64-bit PV guest has two).`, inUser),
    );
  return roots;
}

/** Root of an HVM guest's CPU, in the guest's own physical addresses. */
export const hvmRoot = (vcpu: VcpuContext, mode: PagingModeId): RootHint =>
  hint(
    vcpu,
    rootInCr3(pagingMode(mode), vcpu.cr3),
    mode,
    '',
    `An HVM guest: CR3 ${hex(vcpu.cr3)}, CR4 ${hex(vcpu.cr4)}; EFER is not in the file.`,
    vcpu.cs % 4 === 3,
  );

function hint(vcpu: VcpuContext, address: number, mode: PagingModeId, which: string, reason: string, inUserMode: boolean): RootHint {
  const { index, cr0, cr3, cr4 } = vcpu;
  return { address, mode, origin: `VCPU ${index}${which}`, reason, features: usualFeatures, cpu: { index, cr0, cr3, cr4, inUserMode } };
}
