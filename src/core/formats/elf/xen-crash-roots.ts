import { hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import { Fields } from '#core/formats/fields.ts';
import type { RootHint } from '#core/formats/format.ts';
import { CR0_PG, CR4_PAE, featuresOfRegisters, has } from '#core/paging/control-registers.ts';
import type { PagingModeId } from '#core/paging/mode.ts';
import { pagingMode, rootInStoredCr3 } from '#core/paging/modes.ts';
import { type FoundRoots, rootsOfCpus } from './found-roots.ts';
import type { Note } from './notes.ts';

/** XEN_ELFNOTE_CRASH_REGS (Xen public/elfnote.h): of each CPU of a host whose Xen crashed. */
const CRASH_REGS = 0x1000002;

/** CR0, CR2, CR3 and CR4, as words of Xen's own width (crash_xen_core_t of Xen arch/x86/include/asm/elf.h). */
const WORDS = { cr0: 0, cr3: 2, cr4: 3, count: 4 };

/** A root for each CPU as Xen's crash notes give it: the tables that the CPU ran on, guest's and Xen's in one. */
export function rootsOfXenCrash(notes: readonly Note[]): FoundRoots {
  const cpus = notes.filter(({ name, type }) => name === 'Xen' && type === CRASH_REGS);
  return rootsOfCpus(cpus, rootOfCpu);
}

function rootOfCpu({ body, at }: Note, index: number): RootHint | Problem {
  const wordBytes = body.length >= 8 * WORDS.count ? 8 : 4;
  const fields = new Fields(body);
  const word = (place: number): number => fields.word(place * wordBytes, wordBytes);
  const [cr0, cr3, cr4] = [word(WORDS.cr0), word(WORDS.cr3), word(WORDS.cr4)];
  if (body.length < 4 * WORDS.count || !has(cr0, CR0_PG))
    return {
      kind: 'xen-crash-regs',
      text: `Xen’s note of CPU ${index} holds no registers of a CPU with paging on (CR0 is ${hex(cr0, 8)}).`,
      severity: 'note',
      fileOffset: at,
    };
  const mode = modeOf(wordBytes, cr4);
  return {
    address: rootInStoredCr3(pagingMode(mode), cr3),
    mode,
    origin: `CPU ${index}`,
    reason: `CR3 is ${hex(cr3, 8)} in the note of a crashed ${wordBytes * 8}-bit Xen: ${pagingMode(mode).levels.length} levels of ${pagingMode(mode).entryBytes}-byte entries. EFER is not in it, so NX is assumed on.`,
    features: featuresOfRegisters(cr0, cr4, mode !== '32-bit'),
    cpu: { index, cr0, cr3, cr4 },
  };
}

/** A 64-bit Xen runs its CPUs in 4 levels, whatever the guest; a 32-bit one in PAE or, at first, in 2 levels. */
function modeOf(wordBytes: 4 | 8, cr4: number): PagingModeId {
  if (wordBytes === 8) return '4-level';
  return has(cr4, CR4_PAE) ? 'pae' : '32-bit';
}
