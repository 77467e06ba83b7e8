import { machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { CR4_LA57, CR4_PAE, has } from '#core/paging/control-registers.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import type { VcpuContext } from './vcpu-context.ts';

const RIGHTS = 6;

/** EFER is not in a core, so long mode is told by the instruction pointer, else by the root's entries: PDPTEs of PAE have no RW and US. */
export async function hvmMode(image: MemoryImage, { cr3, cr4, ip }: VcpuContext): Promise<PagingModeId> {
  if (!has(cr4, CR4_PAE)) return '32-bit';
  const wide = has(cr4, CR4_LA57) ? '5-level' : '4-level';
  if (ip >= 2 ** 32 || wide === '5-level') return wide;
  const [piece] = await image.read([{ start: machineAddress(cr3 - (cr3 % 32)), length: 32 }]);
  const words = new Uint32Array((piece?.bytes ?? new Uint8Array(32)).slice().buffer);
  const withRights = [0, 2, 4, 6].some((at) => ((words[at] ?? 0) & 1) === 1 && ((words[at] ?? 0) & RIGHTS) !== 0);
  const highHalf = cr3 % 4096 === 0 && (await hasHighHalf(image, cr3));
  return withRights || highHalf ? wide : 'pae';
}

/** A PML4's upper half holds the kernel: entries that are present and writable. */
async function hasHighHalf(image: MemoryImage, cr3: number): Promise<boolean> {
  const [piece] = await image.read([{ start: machineAddress(cr3 + 2048), length: 2048 }]);
  const words = new Uint32Array((piece?.bytes ?? new Uint8Array(0)).slice().buffer);
  return words.some((word, at) => at % 2 === 0 && (word & 3) === 3);
}
