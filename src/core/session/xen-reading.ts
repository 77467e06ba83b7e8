import type { OpenedDump } from '#core/formats/format.ts';
import { FRAME_BYTES, machineAddress } from '#core/memory/address.ts';
import type { MemoryImage } from '#core/memory/memory-image.ts';
import { frameOfWide } from '#core/paging/entry.ts';
import type { ImageSummary, RootChoice } from './contract.ts';
import { considerRoot } from './root-choice.ts';

/** A root whose four PDPTEs all have RW and US is a guest's of a 64-bit Xen: then their rights count. */
export async function withXenReading(dump: OpenedDump, choices: readonly RootChoice[]): Promise<readonly RootChoice[]> {
  if (dump.rootsAreSure) return choices;
  return Promise.all(
    choices.map(async (choice) => {
      if (choice.mode !== 'pae') return choice;
      const looked = await considerRoot(dump.image, choice.address, undefined, choice.features);
      return looked.mode === 'pae-under-xen64' && choice.address % FRAME_BYTES === 0 ? { ...choice, mode: looked.mode } : choice;
    }),
  );
}

/** MFN where the dump is Xen's, or the first root is that of a Xen or its guest. */
export async function frameWordOf(dump: OpenedDump, roots: readonly RootChoice[]): Promise<ImageSummary['frameWord']> {
  const [root] = roots;
  if (dump.frameWord !== 'frame' || !root || dump.text) return dump.frameWord;
  if (root.mode === 'pae-under-xen64') return 'MFN';
  const isXens =
    root.mode === 'pae' ? await hasPaeWindow(dump.image, root.address) : root.mode === '4-level' && (await hasSlot258(dump.image, root.address));
  return isXens ? 'MFN' : dump.frameWord;
}

/** Slots of PD[3] where a 32-bit PAE Xen has its linear page table of PD[3], and the M2P twice (xen/include/asm-x86/config.h). */
const LINEAR = 495;
const M2P_READ_ONLY = 428;
const M2P_WRITABLE = 484;

async function hasPaeWindow(image: MemoryImage, root: number): Promise<boolean> {
  const pdpte = await entryAt(image, root + 3 * 8);
  if (!pdpte) return false;
  const at = (slot: number): number => pdpte.frame * FRAME_BYTES + slot * 8;
  const [linear, reading, writing] = await Promise.all([LINEAR, M2P_READ_ONLY, M2P_WRITABLE].map((slot) => entryAt(image, at(slot))));
  const isAlias = reading !== undefined && reading.frame === writing?.frame && (reading.flags & 0x82) === 0x80 && (writing.flags & 0x82) === 0x82;
  return linear?.frame === pdpte.frame || isAlias;
}

/** A 64-bit Xen's linear page table: slot 258 of the root names the root itself. */
async function hasSlot258(image: MemoryImage, root: number): Promise<boolean> {
  return (await entryAt(image, root + 258 * 8))?.frame === root / FRAME_BYTES;
}

/** A present 8-byte entry; undefined where it is not present or not in the dump. */
async function entryAt(image: MemoryImage, address: number): Promise<{ readonly frame: number; readonly flags: number } | undefined> {
  const [piece] = await image.read([{ start: machineAddress(address), length: 8 }]);
  if (!piece || piece.presence.some(({ presence }) => presence !== 'held')) return undefined;
  const view = new DataView(piece.bytes.buffer, piece.bytes.byteOffset, 8);
  const low = view.getUint32(0, true);
  return (low & 1) === 0 ? undefined : { frame: frameOfWide(low, view.getUint32(4, true)), flags: low & 0xfff };
}
