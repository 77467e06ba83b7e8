import { MADE_FACTS, MADE_NAME, MADE_P2M, type MadeFacts } from '#core/formats/elf/made-note.ts';
import type { DumpNote } from '#core/formats/format.ts';
import { CR0_PG, CR0_WP, CR4_LA57, CR4_PAE, CR4_PSE, CR4_SMAP, CR4_SMEP, has } from '#core/paging/control-registers.ts';
import { pagingMode, rootInStoredCr3 } from '#core/paging/modes.ts';
import type { P2m } from '#core/xen/frame-numbers.ts';

type MadeRoot = MadeFacts['roots'][number];

/** The dump's own notes, so that what reads the dump reads this too, else such as QEMU writes for its CPUs; then our own. */
export function elfNotes(facts: MadeFacts, kept: readonly DumpNote[], p2m: P2m | undefined): Uint8Array {
  return joined([
    ...(kept.length > 0 ? kept.map(({ name, type, body }) => note(name, type, body)) : cpuNotes(facts)),
    note(MADE_NAME, MADE_FACTS, asciiJson(facts)),
    ...(p2m ? [note(MADE_NAME, MADE_P2M, words(p2m.mfns))] : []),
  ]);
}

/**
 * As QEMU lays them out (target/i386/arch_dump.c): for each root NT_PRSTATUS with a thread's number and no registers, then for each
 * QEMU's CPU state with control registers. Where the dump knows its CPUs, what is no CPU's root has none.
 */
function cpuNotes({ roots }: MadeFacts): Uint8Array[] {
  const ofCpus = roots.filter(({ cpu }) => cpu !== undefined);
  const threads = ofCpus.length > 0 ? ofCpus : roots;
  const wide = isLong(roots[0]);
  return [
    ...threads.map((_, index) => note('CORE', NT_PRSTATUS, threadStatus(index, wide))),
    ...threads.map((root) => note('QEMU', 0, cpuState(root))),
  ];
}

/** Whether a root is of long mode: e_machine speaks of the first. */
export const isLong = (root: MadeRoot | undefined): boolean => root !== undefined && pagingMode(root.mode).virtualBits > 32;

const NT_PRSTATUS = 1;
/** elf_prstatus of 64 and of 32 bits: its size and where the thread's number is. */
const STATUS = { wide: [336, 32], narrow: [144, 24] } as const;

function threadStatus(index: number, wide: boolean): Uint8Array {
  const [size, at] = STATUS[wide ? 'wide' : 'narrow'];
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(at, index + 1, true);
  return bytes;
}

/** QEMUCPUState, version 1. */
const CPU_BYTES = 440;
const CS = 152;
const CR = 392;
/** Flags of a flat code segment, of 64 bits (L) and of 32 (D). */
const CODE_64 = 0x00af_9a00;
const CODE_32 = 0x00cf_9a00;

function cpuState(root: MadeRoot): Uint8Array {
  const bytes = new Uint8Array(CPU_BYTES);
  const view = new DataView(bytes.buffer);
  const long = isLong(root);
  const user = root.cpu?.inUserMode === true;
  view.setUint32(0, 1, true);
  view.setUint32(4, CPU_BYTES, true);
  view.setUint32(CS, user ? 0x33 : 0x10, true);
  view.setUint32(CS + 4, 0xffff_ffff, true);
  view.setUint32(CS + 8, long ? CODE_64 : CODE_32, true);
  const { cr0, cr3, cr4 } = registersOf(root);
  // CR0, CR1, CR2, CR3, CR4: 8 bytes each.
  for (const [index, value] of [cr0, 0, 0, cr3, cr4].entries()) setWord(view, CR + index * 8, value);
  return bytes;
}

/** The CPU's own where they lead to this root in this mode, else what a CPU must have had to use it. */
function registersOf({ address, mode, features, cpu }: MadeRoot): { readonly cr0: number; readonly cr3: number; readonly cr4: number } {
  const isPae = mode !== '32-bit';
  const fits = cpu !== undefined && has(cpu.cr0, CR0_PG) && has(cpu.cr4, CR4_PAE) === isPae && has(cpu.cr4, CR4_LA57) === (mode === '5-level');
  if (fits && rootInStoredCr3(pagingMode(mode), cpu.cr3) === address) return cpu;
  const { pse, wp, smep, smap } = features;
  const bits: readonly (readonly [boolean, number])[] = [
    [pse, CR4_PSE],
    [isPae, CR4_PAE],
    [mode === '5-level', CR4_LA57],
    [smep, CR4_SMEP],
    [smap, CR4_SMAP],
  ];
  // PE and ET with PG.
  return { cr0: CR0_PG + 0x11 + (wp ? CR0_WP : 0), cr3: address, cr4: bits.reduce((sum, [set, bit]) => sum + (set ? bit : 0), 0) };
}

export function setWord(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % 2 ** 32, true);
  view.setUint32(at + 4, Math.floor(value / 2 ** 32), true);
}

const align4 = (bytes: number): number => Math.ceil(bytes / 4) * 4;

function note(name: string, type: number, body: Uint8Array): Uint8Array {
  const nameBytes = name.length + 1;
  const bytes = new Uint8Array(12 + align4(nameBytes) + align4(body.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, nameBytes, true);
  view.setUint32(4, body.length, true);
  view.setUint32(8, type, true);
  bytes.set(ascii(name), 12);
  bytes.set(body, 12 + align4(nameBytes));
  return bytes;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** JSON with every letter above 7e escaped, as JSON allows: then bytes are letters. */
const asciiJson = (facts: MadeFacts): Uint8Array =>
  ascii(JSON.stringify(facts).replace(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`));

/** Little-endian. */
function words(column: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(column.length * 4);
  const view = new DataView(bytes.buffer);
  column.forEach((word, index) => {
    view.setUint32(index * 4, word, true);
  });
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
