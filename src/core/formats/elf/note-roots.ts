import type { Problem } from '#core/base/problem.ts';
import { rootOfKernel, smeProblem } from '#core/formats/linux/kernel-root.ts';
import { parseVmcoreinfo, VMCOREINFO } from '#core/formats/linux/vmcoreinfo.ts';
import { type FoundRoots, withTwin } from './found-roots.ts';
import type { Note } from './notes.ts';
import { rootsOfQemu } from './qemu-roots.ts';
import { rootsOfVirtualBox } from './virtualbox-roots.ts';
import { rootsOfXenCrash } from './xen-crash-roots.ts';

/** What a dump says besides its notes. */
export interface BesideNotes {
  /** CPU 0 was in long mode. */
  readonly longMode?: boolean;
  /** Where a 64-bit kernel was put, less where it is linked: of kernels whose VMCOREINFO does not say it (Linux before 4.11). */
  readonly physBase?: number | undefined;
}

/** Roots that a dump's notes tell: of the CPUs whose registers QEMU, VirtualBox or a crashed Xen wrote, and the kernel's own by VMCOREINFO. */
export function rootsOfNotes(notes: readonly Note[], { longMode, physBase }: BesideNotes): FoundRoots {
  const cpus = join(join(rootsOfQemu(notes, longMode), rootsOfVirtualBox(notes)), rootsOfXenCrash(notes));
  const info = notes.find(({ name }) => name === VMCOREINFO);
  if (!info) return cpus;
  const kernel = rootOfInfo(info, physBase);
  return join(cpus, { roots: kernel.roots.map((root) => withTwin(root, cpus.roots)), problems: kernel.problems });
}

const join = (one: FoundRoots, other: FoundRoots): FoundRoots => ({
  roots: [...one.roots, ...other.roots],
  problems: [...one.problems, ...other.problems],
});

function rootOfInfo(note: Note, physBase: number | undefined): FoundRoots {
  const info = parseVmcoreinfo(note.body);
  if (!info) return { roots: [], problems: [] };
  const root = rootOfKernel(info.physBase === undefined && physBase !== undefined ? { ...info, physBase } : info);
  if (typeof root !== 'string') return { roots: [root], problems: smeProblem(info) };
  const untold: Problem = { kind: 'vmcoreinfo-root', text: `${root} Look for roots in the image instead.`, severity: 'note', fileOffset: note.at };
  return { roots: [], problems: [untold, ...smeProblem(info)] };
}
