import { elfDump, rawDump, SparseMemory } from './dump-builder.ts';
import { TableBuilder } from './table-builder.ts';

const ROOT = 0x100_0000;
const DIRECT = 0xffff_8880_0000_0000n;
const ESPFIX = 0xffff_ff00_0000_0000n;
const USER = 0x5555_0000_0000n;
const ALIASED = 0x1234_5000n;

export interface KernelDump {
  /** An ELF core that names the root. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same memory from machine address 0 on, its holes zeros. */
  readonly flat: Uint32Array<ArrayBuffer>;
  /** Machine address of the PML4. */
  readonly root: number;
  readonly tables: number;
  /** User pages, from this page on. */
  readonly firstUserPage: number;
  readonly userPages: number;
  /** A frame that every page of the shared page table maps. */
  readonly aliasedFrame: number;
}

/**
 * The tables of a 64-bit kernel: a direct map of 1 GB in 2 MB pages, `userPages` pages scattered over it, and one page table of 512 pages that
 * `aliases` PDEs of one PD name, as Linux's espfix area is. Nothing else of its memory is in the dump.
 */
export function kernelDump({ userPages, aliases }: { readonly userPages: number; readonly aliases: number }): KernelDump {
  const memory = new SparseMemory();
  const builder = new TableBuilder(memory, '4-level', { root: ROOT, firstFrame: 0x1001 });
  for (let large = 0; large < 512; large++) builder.map(DIRECT + BigInt(large) * 0x20_0000n, BigInt(large) * 0x20_0000n, { up: 1, flags: 0x163n });
  for (let page = 0; page < userPages; page++) builder.map(USER + BigInt(page) * 4096n, BigInt((page * 40_503) % 262_144) * 4096n);
  for (let page = 0; page < 512; page++) builder.map(ESPFIX + BigInt(page) * 4096n, ALIASED, { flags: 0x8000_0000_0000_0161n });
  const shared = memory.readWord(builder.entryAddress(ESPFIX, 2));
  for (let slot = 1; slot < aliases; slot++) memory.word(Number(builder.entryAddress(ESPFIX, 2)) + slot * 8, shared);
  return {
    bytes: elfDump(memory, { machine: 62, cpus: [{ cr3: ROOT, cr4: 0x20, runs64: true }] }),
    flat: new Uint32Array(rawDump(memory).buffer),
    root: ROOT,
    tables: memory.frames.size,
    firstUserPage: Number(USER / 4096n),
    userPages,
    aliasedFrame: Number(ALIASED / 4096n),
  };
}
