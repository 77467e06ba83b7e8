import type { Problem } from '#core/base/problem.ts';
import { rootOfKernel, smeProblem } from '#core/formats/linux/kernel-root.ts';
import { parseVmcoreinfo, VMCOREINFO } from '#core/formats/linux/vmcoreinfo.ts';
import { type FoundRoots, withTwin } from './found-roots.ts';
import type { Note } from './notes.ts';
import { rootsOfQemu } from './qemu-roots.ts';
import { rootsOfVirtualBox } from './virtualbox-roots.ts';

/** Roots that a dump's notes tell: of the CPUs whose registers QEMU wrote, and the kernel's own by VMCOREINFO. */
export function rootsOfNotes(notes: readonly Note[], longMode?: boolean): FoundRoots {
  const cpus = join(rootsOfQemu(notes, longMode), rootsOfVirtualBox(notes));
  const info = notes.find(({ name }) => name === VMCOREINFO);
  if (!info) return cpus;
  const kernel = rootOfInfo(info);
  return join(cpus, { roots: kernel.roots.map((root) => withTwin(root, cpus.roots)), problems: kernel.problems });
}

const join = (one: FoundRoots, other: FoundRoots): FoundRoots => ({
  roots: [...one.roots, ...other.roots],
  problems: [...one.problems, ...other.problems],
});

function rootOfInfo(note: Note): FoundRoots {
  const info = parseVmcoreinfo(note.body);
  if (!info) return { roots: [], problems: [] };
  const root = rootOfKernel(info);
  if (typeof root !== 'string') return { roots: [root], problems: smeProblem(info) };
  const untold: Problem = { kind: 'vmcoreinfo-root', text: `${root} Look for roots in the image instead.`, severity: 'note', fileOffset: note.at };
  return { roots: [], problems: [untold, ...smeProblem(info)] };
}
