import { elfDump, SparseMemory } from './dump-builder.ts';
import { TableBuilder } from './table-builder.ts';
import { startInfo } from './xen-core-builder.ts';

const ROOT = 0x2000;
const M2P = 0x6000;
const FIRST = 0x2100;
const [LIST, START, GONE] = [0, 1, 20];
const PFNS = 64;

/** What tests know of the guest below. */
export const XEN_GUEST = {
  /** Frame of the guest's PFN 0; the others follow. */
  firstMfn: FIRST,
  /** PFNs that entries hold in the place of MFNs, at the addresses where the builder put them. */
  slips: ['C0005000', 'C0006000'],
  /** A word that lies, one of a frame that was given back, one of another domain's. */
  lie: 0x2109,
  stale: 0x2114,
  foreign: 0x2300,
} as const;

/**
 * A QEMU ELF dump of a machine with a PAE Xen 3.0 and a guest of 64 pages, one page of the M2P there, with everything wrong that the
 * cross-check and the audit know. Some 300 KB, most of it zeros.
 */
export function xenDump(): Uint8Array<ArrayBuffer> {
  const memory = new SparseMemory();
  const tables = new TableBuilder(memory, 'pae', { root: ROOT * 4096, firstFrame: ROOT + 1 });
  const base = 0xc0000000n;
  for (let pfn = 0; pfn < PFNS; pfn++) {
    const frame = pfn === 5 || pfn === 6 ? pfn : FIRST + pfn;
    if (pfn !== GONE) tables.map(base + BigInt(pfn) * 4096n, BigInt(frame) * 4096n, { flags: 0x63n });
    memory.word((FIRST + LIST) * 4096 + pfn * 4, pfn === GONE ? 0xffff_ffff : FIRST + pfn, 4);
  }
  tables.map(base + BigInt(PFNS) * 4096n, BigInt(ROOT) * 4096n, { flags: 0x21n });
  // One 2 MB page of the M2P, twice, as Xen maps it; the dump has the pages of frames 2000 to 23ff only.
  tables.map(0xf5800000n, BigInt(M2P) * 4096n, { flags: 0x61n, up: 1 });
  tables.map(0xfc800000n, BigInt(M2P) * 4096n, { flags: 0x163n, up: 1 });
  linearTable(memory, tables);
  const built = [...memory.frames.keys()].filter((frame) => frame >= ROOT && frame < FIRST).sort((a, b) => a - b);
  built.forEach((frame, at) => {
    memory.word((FIRST + LIST) * 4096 + (PFNS + at) * 4, frame, 4);
  });
  const page = (frame: number) => M2P * 4096 + frame * 4;
  for (let frame = 0x2000; frame < 0x2400; frame++) memory.word(page(frame), 0x5555_5555, 4);
  for (let pfn = 0; pfn < PFNS; pfn++) memory.word(page(FIRST + pfn), pfn, 4);
  built.forEach((frame, at) => {
    memory.word(page(frame), PFNS + at, 4);
  });
  memory.word(page(XEN_GUEST.lie), 0xbadf, 4);
  memory.word(page(XEN_GUEST.foreign), 3, 4);
  const info = { pages: PFNS + built.length, sharedInfo: 0x7fff, ptBase: base + BigInt(PFNS) * 4096n, mfnList: base + BigInt(LIST) * 4096n };
  memory.write((FIRST + START) * 4096, startInfo(4, info));
  return elfDump(memory, { cpus: [{ cr3: ROOT * 4096, cr4: 0x20, cs: 0xe019 }] });
}

/** Slots 492 to 495 of PD[3] name the PDs, as Xen's linear page table does. */
function linearTable(memory: SparseMemory, tables: TableBuilder): void {
  const directory = Math.floor(tables.entryAddress(0xc0000000n, 1) / 4096);
  memory.word(directory * 4096 + 495 * 8, directory * 4096 + 0x63);
}
