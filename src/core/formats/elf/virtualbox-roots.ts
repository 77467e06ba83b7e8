import { hex } from '#core/base/hex.ts';
import type { Problem } from '#core/base/problem.ts';
import { Fields } from '#core/formats/fields.ts';
import type { RootHint } from '#core/formats/format.ts';
import { CR0_PG, EFER_LMA, EFER_NXE, featuresOfRegisters, has, modeOfRegisters } from '#core/paging/control-registers.ts';
import { pagingMode, rootInStoredCr3 } from '#core/paging/modes.ts';
import { type FoundRoots, pagingOff, rootsOfCpus } from './found-roots.ts';
import type { Note } from './notes.ts';

/** Notes of VBoxManage debugvm dumpvmcore (VirtualBox dbgfcorefmt.h; dump-formats, section 3d). */
const CORE = 'VBCORE';
const CPU = 'VBCPU';
/** The first format version that lays a CPU's registers out so. Before, VirtualBox wrote its own structures. */
const LAID_OUT = 0x0001_0005;
const CORE_VERSION = 4;
/** DBGFCORECPU. */
const CR0 = 288;
const CR3 = 304;
const CR4 = 312;
const EFER = 488;
const CPU_BYTES = 496;

/** A root for each CPU of a VirtualBox guest. */
export function rootsOfVirtualBox(notes: readonly Note[]): FoundRoots {
  const core = notes.find(({ name }) => name === CORE);
  const cpus = notes.filter(({ name }) => name === CPU);
  if (!core && cpus.length === 0) return { roots: [], problems: [] };
  const version = new Fields(core?.body ?? new Uint8Array(0)).u32(CORE_VERSION);
  if (version < LAID_OUT) return { roots: [], problems: [olderFormat(version, core)] };
  return rootsOfCpus(cpus, rootOfCpu);
}

function rootOfCpu({ body, at }: Note, index: number): RootHint | Problem {
  const fields = new Fields(body);
  if (body.length < CPU_BYTES)
    return { kind: 'virtualbox-cpu', text: `The note of CPU ${index} is too short for its registers.`, severity: 'loss', fileOffset: at };
  const [cr0, cr3, cr4, efer] = [CR0, CR3, CR4, EFER].map((offset) => fields.u64(offset)) as [number, number, number, number];
  if (!has(cr0, CR0_PG)) return pagingOff(index, cr0, at + CR0);
  const mode = modeOfRegisters(cr4, has(efer, EFER_LMA));
  return {
    address: rootInStoredCr3(pagingMode(mode), cr3),
    mode,
    origin: `CPU ${index}`,
    reason: `CR3 is ${hex(cr3, 8)}, CR4 ${hex(cr4)}, EFER ${hex(efer)}: ${pagingMode(mode).levels.length} levels of ${pagingMode(mode).entryBytes}-byte entries.`,
    features: featuresOfRegisters(cr0, cr4, has(efer, EFER_NXE)),
    cpu: { index, cr0, cr3, cr4 },
  };
}

const olderFormat = (version: number, core: Note | undefined): Problem => ({
  kind: 'virtualbox-version',
  text: `This VirtualBox core has format ${hex(version, 8)}, from before its registers were laid out for others: look for roots in the image.`,
  severity: 'note',
  ...(core && { fileOffset: core.at }),
});
