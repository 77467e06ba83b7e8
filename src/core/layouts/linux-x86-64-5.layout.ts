import { CANONICAL_5 } from './canonical.ts';
import { linux64 } from './linux-64.ts';

/** PML5 slots that the direct map may begin under: ff11000000000000, and with KASLR as far as vmalloc’s place allows. */
const DIRECT_PML5 = [273, 274, 275, 276, 277, 278, 279, 280];

/** 57 bits: the top keeps its addresses, so it lies 2^45 − 2^36 pages higher (mm.rst, "Complete virtual memory map with 5-level page tables"). */
export default linux64('linux-x86-64-5', '5-level', CANONICAL_5, {
  virtualBits: 57,
  lowestDirect: 0x1110_0000_0000,
  ldt: 0x1100_0000_0000,
  ldtPages: 2 ** 36,
  above48: 2 ** 45 - 2 ** 36,
  topPml4: [511],
  directPml4s: DIRECT_PML5.map((slot) => [[slot], 0] as const),
});
