/** A small guest of a 64-bit Linux kernel: page tables of four processes, and the structures that tell which process each is of. */
import { SparseMemory } from './dump-builder.ts';
import { AMD64_LAYOUT, LinuxTasks } from './linux-tasks.ts';
import { TableBuilder } from './table-builder.ts';

const FRAMES = 512;
const FIRST_ROOT = 0x18_0000;
const FIRST_TASK = 0x10_0000;
const NAMES = ['systemd', 'sshd', 'bash', 'cron'] as const;

/** In the order in which a search ranks them: alike, so by address. */
export const LINUX_GUEST = NAMES.map((name, i) => ({ root: FIRST_ROOT + i * 0x2000, name, pid: i === 0 ? 1 : 400 + i * 13 }));

export function linuxGuest(): SparseMemory {
  const memory = new SparseMemory();
  const kernel = new TableBuilder(memory, '4-level', { root: FIRST_ROOT, firstFrame: 0x20 });
  for (let frame = 0; frame < FRAMES; frame++)
    kernel.map(AMD64_LAYOUT.directMap + BigInt(frame * 4096), BigInt(frame * 4096), { flags: 0x63n, tableFlags: 0x63n });
  for (const [i, { root }] of LINUX_GUEST.entries()) {
    const tables = new TableBuilder(memory, '4-level', { root, firstFrame: 0x40 + i * 16 });
    for (let page = 0; page < 8; page++) tables.map(0x40_0000n + BigInt(page * 4096), BigInt((0xa0 + page) * 4096));
    for (let slot = 256; slot < 512; slot++) memory.word(root + slot * 8, memory.readWord(FIRST_ROOT + slot * 8));
  }
  writeTasks(memory);
  return memory;
}

function writeTasks(memory: SparseMemory): void {
  const tasks = new LinuxTasks(new Uint8Array(FRAMES * 4096), AMD64_LAYOUT, FIRST_TASK);
  for (const { root, name, pid } of LINUX_GUEST) tasks.process(root, pid, name);
  for (let at = FIRST_TASK; at < tasks.next; at += 4096) memory.write(at, tasks.bytes.subarray(at, at + 4096));
}
