import { zipSync } from 'fflate';
import { avmlDump } from './avml-builder.ts';
import { elfDump, gzip, qemuNotes, rawDump, type SparseMemory, zstd } from './dump-builder.ts';
import { asIs, bySnappy, flattened, kdumpDump } from './kdump-builder.ts';
import { limeDump } from './lime-builder.ts';
import type { BuiltMode } from './table-builder.ts';
import { vmwareFiles } from './vmware-builder.ts';
import { windowsDump } from './windows-builder.ts';
import { oldXenCore, xenCore } from './xen-core-builder.ts';

/** A guest to be written: its memory, and the one CPU that ran. */
export interface WrittenGuest {
  readonly memory: SparseMemory;
  readonly mode: BuiltMode;
  readonly cr3: number;
}

/** One way to write a guest's memory. To put a format under the laws of containers is to add a line to `dumpWriters`. */
export interface DumpWriter {
  readonly name: string;
  write(guest: WrittenGuest): Written;
  /** Modes of which the format can tell; all by default. */
  readonly modes?: readonly BuiltMode[];
  /** The dump names the root itself. */
  readonly namesRoot?: boolean;
  /** What was not written is zeros in it. */
  readonly fillsHoles?: boolean;
  /** Compressed: takes longer to open, so it is opened less often. */
  readonly isPacked?: boolean;
}

export interface Written {
  readonly file: Uint8Array;
  /** A second file that belongs to it. */
  readonly beside?: Uint8Array;
}

const CR4: Readonly<Record<BuiltMode, number>> = { '32-bit': 0x10, pae: 0x20, '4-level': 0x20, '5-level': 0x1020 };
const isLong = (mode: BuiltMode): boolean => mode === '4-level' || mode === '5-level';
const cpusOf = ({ mode, cr3 }: WrittenGuest) => [{ cr3, cr4: CR4[mode], runs64: isLong(mode) }];
const machineOf = ({ mode }: WrittenGuest): number => (isLong(mode) ? 62 : 3);

const elf = (guest: WrittenGuest): Uint8Array<ArrayBuffer> => elfDump(guest.memory, { machine: machineOf(guest), cpus: cpusOf(guest) });
const kdump = (guest: WrittenGuest, shape: Parameters<typeof kdumpDump>[1] = {}): Uint8Array<ArrayBuffer> =>
  kdumpDump(guest.memory, { notes: qemuNotes(cpusOf(guest)), ...shape });

const NARROW: readonly BuiltMode[] = ['32-bit', 'pae'];

/** Windows says by its width and a flag how it pages. */
const windows = (pages: 'runs' | 'bitmap' | 'old-bitmap' | 'ranges', wordBytes: 4 | 8): DumpWriter => ({
  name: `Windows, ${pages}, ${wordBytes * 8}-bit`,
  modes: wordBytes === 8 ? ['4-level'] : NARROW,
  namesRoot: true,
  write: ({ memory, mode, cr3 }) => ({ file: windowsDump(memory, { root: cr3, pages, wordBytes, pae: mode === 'pae' ? 1 : 0 }) }),
});

export const dumpWriters: readonly DumpWriter[] = [
  { name: 'raw', fillsHoles: true, write: ({ memory }) => ({ file: rawDump(memory) }) },
  { name: 'ELF, 64-bit', namesRoot: true, write: (guest) => ({ file: elf(guest) }) },
  {
    name: 'ELF, 32-bit',
    modes: NARROW,
    namesRoot: true,
    write: (guest) => ({ file: elfDump(guest.memory, { wordBytes: 4, cpus: cpusOf(guest) }) }),
  },
  {
    name: 'ELF, segments counted in a section',
    namesRoot: true,
    write: (guest) => ({ file: elfDump(guest.memory, { machine: machineOf(guest), cpus: cpusOf(guest), countInSection: true }) }),
  },
  { name: 'LiME', write: ({ memory }) => ({ file: limeDump(memory) }) },
  { name: 'AVML', isPacked: true, write: ({ memory }) => ({ file: avmlDump(memory) }) },
  windows('runs', 4),
  windows('runs', 8),
  windows('bitmap', 8),
  windows('old-bitmap', 4),
  windows('ranges', 8),
  {
    name: 'VMware pair',
    namesRoot: true,
    write: (guest) => {
      const { vmem, vmss } = vmwareFiles(guest.memory, { cpus: vmwareCpus(guest) });
      return { file: vmem, beside: vmss };
    },
  },
  {
    name: 'VMware state with its memory',
    namesRoot: true,
    write: (guest) => ({ file: vmwareFiles(guest.memory, { embedded: true, cpus: vmwareCpus(guest) }).vmss }),
  },
  // A domain's dump names frames as Xen counts them, and only PV modes of it are told by the file.
  { name: 'Xen core', modes: ['pae'], write: ({ memory }) => ({ file: xenCore(memory, { cr3: [0] }) }) },
  { name: 'Xen core of old', modes: ['pae'], write: ({ memory }) => ({ file: oldXenCore(memory, { cr3: [0] }) }) },
  { name: 'kdump', namesRoot: true, isPacked: true, write: (guest) => ({ file: kdump(guest) }) },
  { name: 'kdump, as it is', namesRoot: true, write: (guest) => ({ file: kdump(guest, { pack: asIs }) }) },
  { name: 'kdump, snappy, flattened', namesRoot: true, isPacked: true, write: (guest) => ({ file: flattened(kdump(guest, { pack: bySnappy })) }) },
  { name: 'ELF in gzip', namesRoot: true, isPacked: true, write: (guest) => ({ file: gzip(elf(guest)) }) },
  { name: 'ELF in zip', namesRoot: true, isPacked: true, write: (guest) => ({ file: new Uint8Array(zipSync({ 'guest.elf': elf(guest) })) }) },
  { name: 'ELF in zstd', namesRoot: true, isPacked: true, write: (guest) => ({ file: zstd(elf(guest)) }) },
];

const vmwareCpus = ({ mode, cr3 }: WrittenGuest) => [{ cr3, cr4: CR4[mode], efer: isLong(mode) ? 0xd01 : 0 }];

/** Those that can say a mode. */
export const writersOf = (mode: BuiltMode): readonly DumpWriter[] => dumpWriters.filter(({ modes }) => modes?.includes(mode) ?? true);
