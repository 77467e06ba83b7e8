import { FRAME_BYTES } from '#core/memory/address.ts';
import { addressField, type FieldRule, fieldNumber, type GuestAddress, readFields, type StructField, textAt } from './struct-field.ts';

export type { GuestAddress };

const SOURCE = 'Xen, public/xen.h, struct start_info';

/** Offsets compiled from the headers; the same from 3.0.0 to 4.17 as far as cmd_line. */
const RULES: readonly FieldRule[] = [
  { name: 'magic', meaning: 'interface and guest width', 4: [0, 32], 8: [0, 32] },
  { name: 'nr_pages', meaning: 'frames the domain owned at boot', 4: [32, 4], 8: [32, 8] },
  { name: 'shared_info', meaning: 'machine address of shared_info', 4: [36, 4], 8: [40, 8] },
  { name: 'flags', meaning: 'SIF bits: 0 privileged, 1 initial domain, 2 modules, 3 mod_start is a PFN, 4 P2M tools', 4: [40, 4], 8: [48, 4] },
  { name: 'store_mfn', meaning: 'MFN of the xenstore ring', 4: [44, 4], 8: [56, 8] },
  { name: 'store_evtchn', meaning: 'its event channel', 4: [48, 4], 8: [64, 4] },
  { name: 'console.domU.mfn', meaning: 'MFN of the console ring', 4: [52, 4], 8: [72, 8] },
  { name: 'console.domU.evtchn', meaning: 'its event channel', 4: [56, 4], 8: [80, 4] },
  { name: 'console.dom0.info_off', meaning: 'bytes from here to dom0_vga_console_info', 4: [52, 4], 8: [72, 4] },
  { name: 'console.dom0.info_size', meaning: 'its bytes', 4: [56, 4], 8: [76, 4] },
  { name: 'pt_base', meaning: 'virtual address of the root table at boot', 4: [60, 4], 8: [88, 8] },
  { name: 'nr_pt_frames', meaning: 'page tables the builder made, from pt_base on', 4: [64, 4], 8: [96, 8] },
  { name: 'mfn_list', meaning: 'virtual address of the P2M: MFN by PFN', 4: [68, 4], 8: [104, 8] },
  { name: 'mod_start', meaning: 'virtual address (or PFN) of the initial ramdisk', 4: [72, 4], 8: [112, 8] },
  { name: 'mod_len', meaning: 'its bytes', 4: [76, 4], 8: [120, 8] },
  { name: 'cmd_line', meaning: 'kernel command line', 4: [80, 1024], 8: [128, 1024] },
];

/** A start_info page, found and decoded. */
export interface StartInfo {
  readonly frame: number;
  readonly wordBytes: 4 | 8;
  readonly fields: readonly StructField[];
  readonly nrPages: number;
  /** MFN of shared_info. */
  readonly sharedInfoFrame: number;
  /** Virtual addresses, unsigned within 64 bits; rounded above 2^53, so pages are kept apart. */
  readonly ptBase: GuestAddress;
  readonly mfnList: GuestAddress;
}

/** "xen-3.0-x86_32p" and its like; 3.0.x prints its own version there. Xen writes "64p" for a dom0 whose ELF notes ask for PAE, as Linux's do. */
const MAGIC = /^xen-\d+\.\d+-x86_(32|64)p?$/;

/** Decodes a page that begins with the magic; undefined where it does not, or where the fields make no sense. */
export function parseStartInfo(frame: number, bytes: Uint8Array): StartInfo | undefined {
  const width = MAGIC.exec(textAt(bytes.subarray(0, 32)))?.[1];
  if (width === undefined || bytes.length < 1152) return undefined;
  const wordBytes = width === '64' ? 8 : 4;
  const fields = withOneConsole(readFields(bytes, wordBytes, RULES, SOURCE));
  const sharedInfo = fieldNumber(fields, 'shared_info');
  const ptBase = addressField(bytes, fields, 'pt_base');
  const mfnList = addressField(bytes, fields, 'mfn_list');
  // A kernel's own copy of the string has other bytes after it.
  if (sharedInfo % FRAME_BYTES !== 0 || fieldNumber(fields, 'nr_pages') === 0 || ptBase.low % FRAME_BYTES !== 0) return undefined;
  return { frame, wordBytes, fields, nrPages: fieldNumber(fields, 'nr_pages'), sharedInfoFrame: sharedInfo / FRAME_BYTES, ptBase, mfnList };
}

/** SIF_INITDOMAIN of `flags` (xen/include/public/xen.h). */
const INITIAL_DOMAIN = 2;

/** `console` is a union: of dom0's console in the initial domain, of the ring in any other. */
function withOneConsole(fields: readonly StructField[]): StructField[] {
  const other = (fieldNumber(fields, 'flags') & INITIAL_DOMAIN) === 0 ? 'console.dom0.' : 'console.domU.';
  return fields.filter(({ name }) => !name.startsWith(other));
}
