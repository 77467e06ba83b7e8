import { commas } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import { type FoundRoots, rootsOfCpus } from './found-roots.ts';
import type { Note } from './notes.ts';
import { isQemuCpuNote, parseQemuCpu, rootOfCpu, runsLong } from './qemu-cpu.ts';

/**
 * A root for each CPU of which QEMU wrote the registers.
 * @param longMode The dump's CPU 0 was in long mode; where the dump does not say, it is told by what the CPUs ran.
 */
export function rootsOfQemu(notes: readonly Note[], longMode?: boolean): FoundRoots {
  const cpus = notes.filter(isQemuCpuNote).map((note, index) => ({ note, cpu: parseQemuCpu(note, index) }));
  const isLong = longMode ?? cpus.some(({ cpu }) => cpu !== undefined && runsLong(cpu));
  return rootsOfCpus(cpus, ({ note, cpu }, index) => (cpu === undefined ? shortNote(note, index) : rootOfCpu(cpu, isLong)));
}

function shortNote(note: Note, index: number): Problem {
  return {
    kind: 'qemu-note-short',
    text: `The QEMU note of CPU ${index} has ${commas(note.body.length)} bytes, too few for its registers.`,
    severity: 'loss',
    fileOffset: note.at,
  };
}
