import { elfDump, SparseMemory } from './dump-builder.ts';
import { OPEN, TableBuilder } from './table-builder.ts';

const EXECUTE_DISABLE = 1n << 63n;
const READ_ONLY_USER = 0x25n;
const KERNEL_DATA = 0x63n;

/** What tests know of the guest below. */
export const GUEST = {
  root: '127e260',
  /** A user page of code, read-only. */
  code: '08049000',
  codeFrame: 'fa6a',
  /** Its first bytes, as text. */
  codeText: 'Hello, page walk',
  /** Two user pages after it: data, at a frame above 4 GiB that the dump does not have. */
  data: '0804B000',
  dataFrame: '123456',
  /** The kernel's direct map: 2 MB leaves. */
  kernel: 'C0000000',
} as const;

/**
 * A QEMU ELF dump of a small PAE guest: one CPU, a process of two pages, a direct map of 16 MB in 2 MB leaves, a self-map in PD[3]
 * slot 511, and a 4 KB kernel stack. Some 50 KB.
 */
export function guestDump(): Uint8Array<ArrayBuffer> {
  const memory = new SparseMemory();
  const tables = new TableBuilder(memory, 'pae', { root: 0x127e260, firstFrame: 0x1f00 });
  tables.map(0x08049000n, 0xfa6a000n, { flags: READ_ONLY_USER });
  tables.map(0x0804b000n, 0x123456000n, { flags: OPEN | EXECUTE_DISABLE });
  for (let megabytes = 0n; megabytes < 16n; megabytes += 2n) {
    tables.map(0xc0000000n + (megabytes << 20n), megabytes << 20n, { flags: KERNEL_DATA, up: 1 });
  }
  tables.map(0xf5800000n, 0x2f0000n, { flags: KERNEL_DATA | EXECUTE_DISABLE, tableFlags: KERNEL_DATA });
  const directory = BigInt(Math.floor(tables.entryAddress(0xffffe000n, 1) / 4096)) << 12n;
  tables.setEntry(0xffffe000n, 1, directory | KERNEL_DATA);
  memory.write(0xfa6a000, new TextEncoder().encode(GUEST.codeText));
  memory.write(0x2f0000, new TextEncoder().encode('a stack'));
  return elfDump(memory, { wordBytes: 4, cpus: [{ cr3: 0x127e260, cr4: 0xb0 }] });
}
