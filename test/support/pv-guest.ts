/** A Linux guest whose memory Xen gave it in no order: structures written as the guest numbers its frames, then spread over the machine's. */
import { SparseMemory } from './dump-builder.ts';
import { AMD64_LAYOUT, LinuxTasks, PAE_LAYOUT } from './linux-tasks.ts';
import { TableBuilder } from './table-builder.ts';

/** Frames of a guest. */
export const PV_FRAMES = 128;
const FIRST_TASK = 0x2_0000;
/** Where a 64-bit Xen maps all memory for itself (xen/include/asm-x86/config.h, DIRECTMAP_VIRT_START). */
const XENS_MAP = 0xffff_8300_0000_0000n;

export interface PvGuest {
  readonly mode: '4-level' | 'pae';
  /** Machine frame of each of the guest's own, PV_FRAMES of them. */
  readonly frames: readonly number[];
  /** Frames for page tables, from here on. */
  readonly tables: number;
  readonly names: readonly string[];
}

export interface PvRoot {
  readonly address: number;
  readonly mode: '4-level' | 'pae';
  readonly verified: true;
  readonly ownPage: number;
  readonly name: string;
}

/** Writes the guest into the machine's memory; its roots, the first with tables. The guest's frames 1, 2, 3 … hold the roots. */
export function writePvGuest(machine: Uint8Array, { mode, frames, tables, names }: PvGuest): readonly PvRoot[] {
  const layout = mode === 'pae' ? PAE_LAYOUT : AMD64_LAYOUT;
  const tasks = new LinuxTasks(new Uint8Array(PV_FRAMES * 4096), layout, FIRST_TASK);
  for (const [i, name] of names.entries()) tasks.process((i + 1) * 4096, 100 + i, name);
  for (const [own, frame] of frames.entries()) machine.set(tasks.bytes.subarray(own * 4096, (own + 1) * 4096), frame * 4096);
  const memory = new SparseMemory();
  const [, root = 0] = frames;
  const builder = new TableBuilder(memory, mode, { root: root * 4096, firstFrame: tables });
  for (const [own, frame] of frames.entries()) builder.map(layout.directMap + BigInt(own * 4096), BigInt(frame * 4096));
  for (const [frame, bytes] of memory.frames) machine.set(bytes, frame * 4096);
  return names.map((name, i) => {
    const frame = frames[i + 1] ?? 0;
    const page = mode === 'pae' ? 0xc_0001 + i : Number((XENS_MAP >> 12n) & 0xf_ffff_ffffn) + frame;
    return { address: frame * 4096, mode, verified: true, ownPage: page, name };
  });
}
