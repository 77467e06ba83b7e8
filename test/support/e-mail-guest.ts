/**
 * The machine behind the e-mail, built from facts: a 32-bit PAE Xen 3.0.3 with RAM up to FC000000 and, as domain 4, the 32 MB guest whose
 * page directory the e-mail prints. Every table entry and M2P word is as on a real Xen 3.0.3 that was arranged to give these numbers;
 * pages of which nothing is said here are not held. Numbers are hex, as the e-mail has them.
 */
import { elfDump, SparseMemory } from './dump-builder.ts';
import { startInfo } from './xen-core-builder.ts';

/** Entries of a table that follow one another: [first slot, how many, frame of the first, frames between, flags]. */
type Entries = readonly [slot: number, count: number, mfn: number, step: 1 | -1 | 0, flags: number];

/** The guest's L3, and Xen's copy of it in its own heap, which is the CPU's: a debug Xen copies an L3 that lies in an odd frame. */
export const GUEST_L3 = 0xfb153;
export const HARDWARE_PDPT = 0x22dca0;

/** Where the guest's pages lie: PFN 0–3f in d15e1–d1620, the others in f9502–fb4c1, both downwards. */
export const GUEST_PAGES = 0x2000;
export const mfnOf = (pfn: number): number => (pfn < 0x40 ? 0xd1620 - pfn : 0xfb4c1 - (pfn - 0x40));

const L3: readonly Entries[] = [[0, 4, 0xfb152, -1, 0x001]];

/** The page directories: the first three are empty, the fourth is the one that the e-mail prints. */
const L2S: ReadonlyMap<number, readonly Entries[]> = new Map([
  [0xfb152, []],
  [0xfb151, []],
  [0xfb150, []],
  [
    0xfb14f,
    [
      [0, 4, 0xfb14e, -1, 0x067],
      [428, 1, 0xfbc00, 0, 0x0e1],
      [429, 1, 0xfba00, 0, 0x0e1],
      // The frame table: twelve pages of 2 MB.
      ...Array.from({ length: 12 }, (_, i): Entries => [436 + i, 1, 0x1800 + i * 0x200, 0, 0x1e3]),
      [484, 1, 0xfbc00, 0, 0x1e3],
      [485, 1, 0xfba00, 0, 0x1e3],
      [492, 4, 0xfb152, -1, 0x063],
      [500, 4, 0x224, 1, 0x063],
      [504, 7, 0x211, 1, 0x063],
      [511, 1, 0xbfe, 0, 0x063],
    ],
  ],
]);

/** GDT page of each of 32 VCPUs, all the same: Xen's part. */
const gdts = Array.from({ length: 16 }, (_, vcpu): Entries => [14 + vcpu * 32, 1, 0x101, 0, 0x163]);

/** Page tables of the guest, of Xen's per-domain area, of its direct map (P clear where it guards its heap), of its fixmap. */
const L1S: ReadonlyMap<number, readonly Entries[]> = new Map<number, readonly Entries[]>([
  [
    0xfb14e,
    [
      [0, 1, 0xd1620, 0, 0x063],
      [1, 63, 0xd161f, -1, 0x023],
      [64, 200, 0xfb4c1, -1, 0x023],
      [264, 2, 0xfb3f9, -1, 0x063],
      [266, 1, 0xfb3f7, 0, 0x023],
      [267, 2, 0xfb3f6, -1, 0x063],
      [269, 1, 0x22e, 0, 0x063],
      [270, 3, 0xfb3f3, -1, 0x063],
      [273, 46, 0xfb3f0, -1, 0x023],
      [319, 1, 0xfb3c2, 0, 0x063],
      [320, 192, 0xfb3c1, -1, 0x023],
    ],
  ],
  [
    0xfb14d,
    [
      [0, 430, 0xfb301, -1, 0x023],
      [430, 9, 0xfb153, -1, 0x021],
      [439, 73, 0xfb14a, -1, 0x023],
    ],
  ],
  [0xfb14c, [[0, 512, 0xfb101, -1, 0x023]]],
  [0xfb14b, [[0, 512, 0xfaf01, -1, 0x023]]],
  [0x224, gdts],
  [0x225, gdts],
  [
    0x226,
    [
      [0, 1, 0x22d, 0, 0x063],
      [1, 1, 0xfb14f, 0, 0x063],
    ],
  ],
  [0x227, []],
  [
    0x211,
    [
      [0, 419, 0, 1, 0x063],
      [419, 33, 0x1a3, 1, 0x062],
      [452, 1, 0x1c4, 0, 0x063],
      [453, 1, 0x1c5, 0, 0x062],
      [454, 58, 0x1c6, 1, 0x063],
    ],
  ],
  [
    0x212,
    [
      [0, 32, 0x200, 1, 0x063],
      [32, 4, 0x220, 1, 0x062],
      [36, 8, 0x224, 1, 0x063],
      [44, 1, 0x22c, 0, 0x062],
      [45, 19, 0x22d, 1, 0x063],
      [64, 448, 0x240, 1, 0x062],
    ],
  ],
  [0x213, [[0, 512, 0x400, 1, 0x062]]],
  [0x214, [[0, 512, 0x600, 1, 0x062]]],
  [0x215, [[0, 512, 0x800, 1, 0x062]]],
  [
    0x216,
    [
      [0, 480, 0xa00, 1, 0x062],
      [480, 31, 0xbe0, 1, 0x063],
      [511, 1, 0xbff, 0, 0x062],
    ],
  ],
  [0x217, []],
  [
    0xbfe,
    [
      [410, 1, 0xfed00, 0, 0x173],
      [411, 1, 0xbfff0, 0, 0x163],
      [478, 1, 0xfec00, 0, 0x173],
      [479, 1, 0xfee00, 0, 0x173],
    ],
  ],
]);

const INVALID = 0xffff_ffff;
const FILL = 0x5555_5555;

/** Words of the M2P that are not the debug fill: [first MFN, how many, word of the first, step]. */
const M2P_WORDS: readonly (readonly [mfn: number, count: number, word: number, step: 1 | -1 | 0])[] = [
  [0, 0x100, INVALID, 0],
  [0x228, 4, INVALID, 0],
  [0x22e, 1, INVALID, 0],
  [0x238, 4, INVALID, 0],
  [0xbe4, 4, INVALID, 0],
  [0xbf0, 1, INVALID, 0],
  // Another domain's.
  [0x3000, 0x1000, 0, 1],
  [0xd15e1, 0x40, 0x3f, -1],
  [0xf9502, 0x1fc0, 0x1fff, -1],
  [0xfba00, 0x400, INVALID, 0],
];

/** Xen's two pieces of the table: words 0–7ffff and 80000–fffff. */
const M2P_PIECES = [0xfbc00, 0xfba00] as const;

export const m2pWordAt = (mfn: number): number => (M2P_PIECES[Math.floor(mfn / 0x80000)] ?? 0) * 4096 + (mfn % 0x80000) * 4;

/** GDT entries of Xen's part: selector without its ring, and value. The guest's end at F67FFFFF. */
const DESCRIPTORS: readonly (readonly [selector: number, value: bigint])[] = [
  [0xe008, 0x00cf9b000000ffffn],
  [0xe010, 0x00cf93000000ffffn],
  [0xe018, 0x00cfbb00000067ffn],
  [0xe020, 0x00cfb300000067ffn],
  [0xe028, 0x00cffa00000067ffn],
  [0xe030, 0x00cff200000067ffn],
];

const SHARED_INFO = 0x22e;
const START_INFO = 0xfb156;
const P2M_PAGES = Array.from({ length: 8 }, (_, page) => 0xfb15e - page);

/** The machine's memory, as far as it is known. */
export function eMailGuestMemory(): SparseMemory {
  const memory = new SparseMemory();
  writeTable(memory, GUEST_L3, L3);
  writeEntries(memory, HARDWARE_PDPT, L3);
  for (const [frame, entries] of [...L2S, ...L1S]) writeTable(memory, frame, entries);
  writeM2p(memory);
  writeP2m(memory);
  for (const [selector, value] of DESCRIPTORS) memory.word(0x101000 + (selector & 0xfff), value);
  memory.write(START_INFO * 4096, mailStartInfo());
  // arch.max_pfn and arch.pfn_to_mfn_frame_list_list (public/arch-x86_32.h).
  memory.word(SHARED_INFO * 4096 + 2316, GUEST_PAGES, 4).word(SHARED_INFO * 4096 + 2320, 0xfb3f2, 4);
  // What the e-mail's author did: bcopy(F5800000, C0000000, 1000).
  memory.write(mfnOf(0) * 4096, memory.frame(0xfbc00));
  return memory;
}

/** Frames of which only some bytes are known: the others are not in the dump. */
const PARTS: readonly { readonly start: number; readonly length: number }[] = [
  { start: 0x101008, length: 0x30 },
  { start: HARDWARE_PDPT, length: 32 },
];

/** As a QEMU ELF dump of the paused machine, its one CPU in the guest's kernel. */
export function eMailGuestDump(): Uint8Array<ArrayBuffer> {
  const memory = eMailGuestMemory();
  const parts = PARTS.map(({ start, length }) => ({
    start,
    bytes: memory.frame(Math.floor(start / 4096)).slice(start % 4096, (start % 4096) + length),
  }));
  for (const { start } of PARTS) memory.frames.delete(Math.floor(start / 4096));
  const segments = [...memory.stretches(), ...parts].sort((one, other) => one.start - other.start);
  return elfDump(memory, { segments, cpus: [{ cr0: 0x8005003b, cr3: HARDWARE_PDPT, cr4: 0x26f0, rip: 0xc0104322n, cs: 0xe019 }] });
}

function writeTable(memory: SparseMemory, frame: number, entries: readonly Entries[]): void {
  memory.frame(frame);
  writeEntries(memory, frame * 4096, entries);
}

function writeEntries(memory: SparseMemory, address: number, entries: readonly Entries[]): void {
  for (const [slot, count, mfn, step, flags] of entries)
    for (let i = 0; i < count; i++) memory.word(address + (slot + i) * 8, BigInt(mfn + step * i) * 4096n + BigInt(flags));
}

function writeM2p(memory: SparseMemory): void {
  for (const piece of M2P_PIECES) for (let page = 0; page < 512; page++) memory.frame(piece + page).fill(FILL & 0xff);
  for (const [mfn, count, word, step] of M2P_WORDS) for (let i = 0; i < count; i++) memory.word(m2pWordAt(mfn + i), word + step * i, 4);
}

/** The list at C03A3000, and the two levels above it that shared_info names. */
function writeP2m(memory: SparseMemory): void {
  for (let pfn = 0; pfn < GUEST_PAGES; pfn++) memory.word((P2M_PAGES[Math.floor(pfn / 1024)] ?? 0) * 4096 + (pfn % 1024) * 4, mfnOf(pfn), 4);
  P2M_PAGES.forEach((frame, page) => {
    memory.word(0xfb3f1000 + page * 4, frame, 4);
  });
  memory.word(0xfb3f2000, 0xfb3f1, 4);
}

function mailStartInfo(): Uint8Array {
  const of = { pages: GUEST_PAGES, sharedInfo: SHARED_INFO, ptBase: 0xc03ae000n, mfnList: 0xc03a3000n, store: 0xfb155, console: 0xfb154 };
  const page = startInfo(4, of);
  new DataView(page.buffer).setUint32(64, 9, true);
  page.set(new TextEncoder().encode('lab=1 mail'), 80);
  return page;
}
